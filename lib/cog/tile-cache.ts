// Tiles that are unpacked already: neighbouring tiles of a map lie on the same tile of a file.

import { allDone } from '../async/all-or-none.ts'
import { JointReads } from '../async/joint-reads.ts'
import type { Cog } from './cog.ts'
import type { Level } from './level.ts'
import type { Samples } from './samples.ts'

/** Holds the tiles that were used last, up to so many bytes. */
export class TileCache {
  readonly #tiles = new Map<string, Samples | null>()
  readonly #maxBytes: number
  #bytes = 0
  #levels = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Names a level for good: what it held is forgotten as newer tiles come. */
  nameLevel(): string {
    this.#levels++
    return String(this.#levels)
  }

  /** null for a tile that was never written; undefined where it is not known. */
  get(key: string): Samples | null | undefined {
    const tile = this.#tiles.get(key)
    if (tile === undefined) return undefined
    // A Map keeps insertion order: re-inserting makes this the newest.
    this.#tiles.delete(key)
    this.#tiles.set(key, tile)
    return tile
  }

  put(key: string, tile: Samples | null): void {
    if (this.#tiles.has(key)) return
    this.#tiles.set(key, tile)
    this.#bytes += bytesOf(tile)
    for (const [oldest, old] of this.#tiles) {
      if (this.#bytes <= this.#maxBytes) return
      this.#tiles.delete(oldest)
      this.#bytes -= bytesOf(old)
    }
  }
}

function bytesOf(tile: Samples | null): number {
  return tile === null ? 0 : tile.buffer.byteLength
}

/** The same band, whose tiles are unpacked once for all who want them at the time. */
export function withTileCache(cog: Cog, cache: TileCache): Cog {
  const [full, ...overviews] = cog.levels
  const cached = (level: Level): Level => ({
    ...level,
    masks: level.masks.map(cached),
    readTiles: readerOf(level, cache),
  })
  return { ...cog, levels: [cached(full), ...overviews.map(cached)] }
}

function readerOf(level: Level, cache: TileCache): Level['readTiles'] {
  const name = cache.nameLevel()
  const reads = new JointReads<Samples | null>()
  const startOf = (key: string, index: number) => async (signal: AbortSignal) => {
    let read: Samples | null = null
    await level.readTiles([index], (tile) => void (read = tile?.slice() ?? null), signal)
    cache.put(key, read)
    return read
  }

  return async (indices, use, signal) => {
    const tasksOf = indices.map((index) => async (stop: AbortSignal) => {
      const key = `${name} ${index}`
      const known = cache.get(key)
      const tile = known === undefined ? await reads.read(key, startOf(key, index), stop) : known
      await use(tile, index)
    })
    await allDone(tasksOf, signal)
  }
}
