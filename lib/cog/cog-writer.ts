// Writes NDVI as a Cloud Optimized GeoTIFF while its rows stream in: https://docs.ogc.org/is/21-026/21-026.html
// Not a library: geotiff.js writes neither tiles, compression nor overviews, sharp (libvips) no GeoKeys and no COG
// layout, and GDAL's bytes change with its version; these must be the same on every machine, for their CID is
// published.

import { nextTurn, turnIsOver } from '../async/turns.ts'
import { GreenprintError } from '../errors.ts'
import type { Grid } from '../model/grid.ts'
import type { Scratch, Spool } from '../store/disk/scratch.ts'
import { type FileContent, joinContents, memoryContent } from '../store/file-content.ts'
import { encodeFront, LEADER, TILE, TRAILER } from './cog-layout.ts'
import { packTile, predictTile } from './float-tile.ts'
import { geoKeysFor } from './geokeys.ts'
import { type BandStatistics, ndviMetadata } from './ndvi-metadata.ts'
import { type Band, Pyramid } from './pyramid.ts'
import type { GeoTags } from './tiff.ts'

export interface CogWriterOptions {
  readonly grid: Grid
  /** Of the file that the grid was read from. */
  readonly geo: Pick<GeoTags, 'keys' | 'raw'>
  /** How a tile is deflated; it may take any time. */
  readonly pack?: (plain: Uint8Array) => Promise<Uint8Array>
  /** Files of this size and more are BigTIFF: 4 GiB. */
  readonly classicLimit?: number
}

/** Tiles that are being packed at once, a megabyte each: what keeps the threads of node's pool at work. */
const PACKING = 8

/** The packed tiles of one level, in their order. */
interface LevelTiles {
  readonly spool: Spool
  readonly counts: number[]
}

/**
 * Float32, NaN where invalid, in tiles of 512 x 512 with overviews. The bytes do not depend on which tile was packed
 * first. Packed tiles wait in scratch, level by level, until the sizes of all are known.
 */
export class CogWriter {
  readonly #options: CogWriterOptions
  readonly #pyramid: Pyramid
  readonly #levels: readonly LevelTiles[]
  /** Tiles on their way, in order. */
  readonly #packing: (() => Promise<void>)[] = []

  /** @throws {GreenprintError} `too_large` for a grid so narrow that its tiles would be mostly empty */
  constructor(options: CogWriterOptions, scratch: Scratch) {
    requireFilledTiles(options.grid.shape)
    this.#options = options
    this.#pyramid = new Pyramid(...options.grid.shape)
    this.#levels = this.#pyramid.sizes.map(() => ({ spool: scratch.openSpool(), counts: [] }))
  }

  /** Takes the next whole rows, top to bottom; NaN = invalid. They may be reused when it returns. */
  async add(values: Float64Array, signal: AbortSignal): Promise<void> {
    for (const band of this.#pyramid.add(values)) {
      if (turnIsOver()) await nextTurn(signal)
      if (band !== null) await this.#addBand(band, signal)
    }
  }

  /**
   * The whole file, once every row was added.
   *
   * @param statistics of its pixels; null where none has a value
   * @throws {RangeError} when rows are missing
   */
  async finish(statistics: BandStatistics | null, signal: AbortSignal): Promise<FileContent> {
    if (!this.#pyramid.done) throw new RangeError('rows are missing')
    while (this.#packing.length > 0) {
      signal.throwIfAborted()
      await this.#settleOne()
    }
    const { grid, geo, classicLimit } = this.#options
    const levels = this.#pyramid.sizes.map((size, at) => ({
      ...size,
      counts: this.#levels[at]?.counts ?? [],
    }))
    const place = {
      transform: grid.transform,
      geoKeys: geoKeysFor(grid.crs, geo),
      metadata: ndviMetadata(statistics),
    }
    const front = encodeFront(levels, place, classicLimit)
    const tiles = this.#levels.map(({ spool }) => spool).toReversed()
    return joinContents([memoryContent(front), ...tiles])
  }

  async #addBand({ level, pixels }: Band, signal: AbortSignal): Promise<void> {
    const { width } = this.#pyramid.sizes[level]!
    const tiles = this.#levels[level]!
    const { pack = packTile } = this.#options
    for (let left = 0; left < width; left += TILE) {
      signal.throwIfAborted()
      if (this.#packing.length >= PACKING) await this.#settleOne()
      if (turnIsOver()) await nextTurn(signal)
      const packed = pack(predictTile(pixels, width, left))
      // A failure is reported when the queue reaches this tile.
      packed.catch(() => undefined)
      this.#packing.push(async () => keepTile(await packed, tiles))
    }
  }

  async #settleOne(): Promise<void> {
    await this.#packing.shift()?.()
  }
}

/** Pixels of whole tiles, of each pixel of the grid, that are written; some tiles may be as empty as they like. */
const MOST_PADDING = 16
const FREE_TILES = 256

function requireFilledTiles([rows, cols]: Grid['shape']): void {
  const tiles = Math.ceil(rows / TILE) * Math.ceil(cols / TILE)
  if (tiles <= FREE_TILES || tiles * TILE ** 2 <= MOST_PADDING * rows * cols) return
  throw new GreenprintError(
    'too_large',
    `A grid of ${rows} x ${cols} px needs ${tiles} tiles of ${TILE} x ${TILE} px as a COG, nearly all of them empty. Ask for other outputs, or for an area that is less narrow.`,
  )
}

async function keepTile(packed: Uint8Array, { spool, counts }: LevelTiles): Promise<void> {
  const { length } = packed
  const bytes = new Uint8Array(LEADER + length + TRAILER)
  new DataView(bytes.buffer).setUint32(0, length, true)
  bytes.set(packed, LEADER)
  bytes.set(packed.subarray(-TRAILER), LEADER + length)
  counts.push(length)
  await spool.append(bytes)
}
