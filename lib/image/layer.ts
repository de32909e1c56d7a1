// The bare picture of NDVI, pixel for pixel, for laying over a map: the ramp's colours, and nothing where there is no
// value.

import type { ColormapName } from '../model/colormap.ts'
import type { Spool } from '../store/disk/scratch.ts'
import type { FileContent } from '../store/file-content.ts'
import { indexPalette } from './indexed-palette.ts'
import { IndexedPngEncoder } from './indexed-png.ts'
import { rampIndex } from './picture.ts'
import { getRamp } from './ramps.ts'

export interface LayerOptions {
  /** rows, cols */
  readonly shape: readonly [number, number]
  /** The values of the ramp's two ends. */
  readonly rescale: readonly [number, number]
  readonly rampName: ColormapName
}

/** Palette entry of a pixel without a value. */
const NO_VALUE = 0

export class LayerBuilder {
  readonly #png: IndexedPngEncoder
  readonly #entries: Uint8Array
  readonly #rescale: readonly [number, number]
  readonly #spool: Spool

  /** @param spool gets the bytes of the PNG */
  constructor({ shape: [height, width], rescale, rampName }: LayerOptions, spool: Spool) {
    const { colours, entries } = indexPalette(getRamp(rampName))
    this.#png = new IndexedPngEncoder({ width, height, colours }, spool)
    this.#spool = spool
    this.#entries = entries
    this.#rescale = rescale
  }

  /** Takes the next rows, top to bottom; NaN = invalid. They may be reused when it returns. */
  async add(values: Float64Array, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const [lo, hi] = this.#rescale
    const entries = this.#entries
    const indices = new Uint8Array(values.length)
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!
      indices[i] = value === value ? entries[rampIndex(value, lo, hi)]! : NO_VALUE
    }
    await this.#png.addRows(indices)
  }

  /** The PNG, once every row was added. @throws {RangeError} when rows are missing */
  async finish(): Promise<FileContent> {
    await this.#png.finish()
    return this.#spool
  }
}

/** Rows that are encoded at a time. */
const PIECE_ROWS = 64

/** The same of pixels that come in any order. */
export class PlacedLayerBuilder {
  readonly #options: LayerOptions
  readonly #pixels: Uint8Array
  readonly #entries: Uint8Array
  readonly #colours: Uint8Array
  readonly #spool: Spool

  /** @param spool gets the bytes of the PNG */
  constructor(options: LayerOptions, spool: Spool) {
    const [height, width] = options.shape
    const { colours, entries } = indexPalette(getRamp(options.rampName))
    this.#options = options
    this.#pixels = new Uint8Array(height * width)
    this.#entries = entries
    this.#colours = colours
    this.#spool = spool
  }

  /** @param at the pixel, counted row by row */
  paint(at: number, value: number): void {
    const [lo, hi] = this.#options.rescale
    this.#pixels[at] = this.#entries[rampIndex(value, lo, hi)]!
  }

  /** The PNG; what was not painted is transparent. */
  async finish(signal: AbortSignal): Promise<FileContent> {
    const [height, width] = this.#options.shape
    const png = new IndexedPngEncoder({ width, height, colours: this.#colours }, this.#spool)
    for (let row = 0; row < height; row += PIECE_ROWS) {
      signal.throwIfAborted()
      const end = Math.min(height, row + PIECE_ROWS)
      await png.addRows(this.#pixels.subarray(row * width, end * width))
    }
    await png.finish()
    return this.#spool
  }
}
