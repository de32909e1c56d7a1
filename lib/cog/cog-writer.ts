// Writes NDVI, and what is made of it, as a COG while its rows stream in: https://docs.ogc.org/is/21-026/21-026.html
// Not a library: geotiff.js writes neither tiles, compression nor overviews, sharp (libvips) no GeoKeys and no COG
// layout, and GDAL's bytes change with its version; these must be the same on every machine, for their CID is
// published.

import { freeMemory } from '../async/free-memory.ts'
import { nextTurn, turnIsOver } from '../async/turns.ts'
import { GreenprintError } from '../errors.ts'
import type { Grid } from '../model/grid.ts'
import type { Scratch, Spool } from '../store/disk/scratch.ts'
import { type FileContent, joinContents, memoryContent } from '../store/file-content.ts'
import { type BandStatistics, bandsMetadata } from './band-metadata.ts'
import { encodeFront, LEADER, TILE, TRAILER } from './cog-layout.ts'
import { packTile } from './float-tile.ts'
import { geoKeysFor } from './geokeys.ts'
import { type Band, Pyramid } from './pyramid.ts'
import type { GeoTags } from './tiff.ts'
import { float32, type WrittenSamples } from './written-samples.ts'

export interface CogWriterOptions {
  readonly grid: Grid
  /** Of the file that the grid was read from. */
  readonly geo: Pick<GeoTags, 'keys' | 'raw'>
  /** What each band is; NDVI alone where it is absent. */
  readonly bands?: readonly string[]
  /** Float32 where absent. */
  readonly samples?: WrittenSamples
  /** Of every band; 1 where absent. */
  readonly unit?: string
  /** How a tile is deflated; it may take any time. */
  readonly pack?: (plain: Uint8Array) => Promise<Uint8Array>
  /** Files of this size and more are BigTIFF: 4 GiB. */
  readonly classicLimit?: number
}

/** Tiles that are being packed at once, a megabyte each: what keeps the threads of node's pool at work. */
const PACKING = 8

/** The packed tiles of one level of a band, in their order. */
interface LevelTiles {
  readonly spool: Spool
  readonly counts: number[]
}

/** One band of the file. */
interface Plane {
  readonly description: string
  readonly pyramid: Pyramid
  readonly levels: readonly LevelTiles[]
}

/**
 * Numbers of 32 bits, NaN where invalid (of int32, NO_NUMBER), in tiles of 512 x 512 with overviews; several bands one
 * after the other in each level, so that who wants one of them reads no other. The bytes do not depend on which tile
 * was packed first. Packed tiles wait in scratch, level by level, until the sizes of all are known.
 */
export class CogWriter {
  readonly #options: CogWriterOptions
  readonly #planes: readonly Plane[]
  /** Tiles on their way, in order. */
  readonly #packing: (() => Promise<void>)[] = []

  /** @throws {GreenprintError} `too_large` for a grid so narrow that its tiles would be mostly empty */
  constructor(options: CogWriterOptions, scratch: Scratch) {
    requireFilledTiles(options.grid.shape)
    const { bands = ['NDVI'], samples = float32 } = options
    this.#options = options
    this.#planes = bands.map((description) => {
      const pyramid = new Pyramid(...options.grid.shape, samples.halve)
      const levels = pyramid.sizes.map(() => ({ spool: scratch.openSpool(), counts: [] }))
      return { description, pyramid, levels }
    })
  }

  /** Takes the next whole rows of each band, top to bottom; NaN = invalid. They may be reused when it returns. */
  async add(bands: readonly Float64Array[], signal: AbortSignal): Promise<void> {
    for (const [at, { pyramid, levels }] of this.#planes.entries()) {
      for (const rows of pyramid.add(bands[at]!)) {
        if (turnIsOver()) await nextTurn(signal)
        if (rows !== null) await this.#addRows(rows, pyramid, levels, signal)
      }
    }
  }

  /**
   * The whole file, once every row was added.
   *
   * @param statistics of the pixels of each band; null where none has a value
   * @throws {RangeError} when rows are missing
   */
  async finish(
    statistics: readonly (BandStatistics | null)[],
    signal: AbortSignal,
  ): Promise<FileContent> {
    if (!this.#planes.every(({ pyramid }) => pyramid.done)) throw new RangeError('rows are missing')
    while (this.#packing.length > 0) {
      signal.throwIfAborted()
      await this.#settleOne()
    }
    const { grid, geo, unit, samples = float32, classicLimit } = this.#options
    const sizes = this.#planes[0]?.pyramid.sizes ?? []
    const levels = sizes.map((size, at) => ({
      ...size,
      bands: this.#planes.map((plane) => plane.levels[at]?.counts ?? []),
    }))
    const told = this.#planes.map(({ description }, at) => ({
      description,
      statistics: statistics[at] ?? null,
    }))
    const place = {
      transform: grid.transform,
      geoKeys: geoKeysFor(grid.crs, geo),
      metadata: bandsMetadata(told, unit),
      samples,
    }
    const front = encodeFront(levels, place, classicLimit)
    const tiles = sizes
      .map((_, at) => this.#planes.map((plane) => plane.levels[at]!.spool))
      .toReversed()
    return joinContents([memoryContent(front), ...tiles.flat()])
  }

  async #addRows(
    { level, pixels }: Band,
    { sizes }: Pyramid,
    levels: readonly LevelTiles[],
    signal: AbortSignal,
  ): Promise<void> {
    const { width } = sizes[level]!
    const tiles = levels[level]!
    const { pack = packTile, samples = float32 } = this.#options
    for (let left = 0; left < width; left += TILE) {
      signal.throwIfAborted()
      if (this.#packing.length >= PACKING) await this.#settleOne()
      if (turnIsOver()) await nextTurn(signal)
      const plain = samples.predict(pixels, width, left)
      const packed = pack(plain)
      // A failure is reported when the queue reaches this tile.
      packed.catch(() => undefined)
      this.#packing.push(async () => {
        await keepTile(await packed, tiles)
        freeMemory(plain.buffer)
      })
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
