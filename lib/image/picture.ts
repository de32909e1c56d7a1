// Turns NDVI into palette indices while its rows stream in, decimated to the size of a figure.

/** NDVI as a figure shows it: one palette index per drawn pixel, in row-major order. */
export interface Picture {
  readonly width: number
  readonly height: number
  /** Source pixels per drawn pixel, along each axis; null where the picture has pixels of its own. */
  readonly step: number | null
  /** 0 to 255; 0 where invalid. */
  readonly indices: Uint8Array
  /** 1 where the pixel has a value, else 0. */
  readonly valid: Uint8Array
  /** Whether a drawn value lies below, or above, what the palette covers. */
  readonly under: boolean
  readonly over: boolean
}

export interface PictureOptions {
  /** rows, cols of the grid that will be added. */
  readonly shape: readonly [number, number]
  /** The values of the palette's two ends. */
  readonly rescale: readonly [number, number]
  /** Most drawn pixels on the longest side. */
  readonly maxSize: number
}

export interface PictureBuilder {
  /** Takes rows, or a part of their columns (NaN = invalid); in any order, each pixel once. */
  add(firstRow: number, values: Float64Array, firstCol?: number, partCols?: number): void
  /** The picture, once every row was added. */
  finish(): Picture
}

/**
 * A builder that keeps only the drawn pixels, never the grid.
 *
 * Drawn pixel i takes source pixel `min(i*k + floor(k/2), n-1)` with `k = ceil(longest/maxSize)`; its
 * index is `rampIndex`.
 *
 * @throws {RangeError} for a shape, range or size that no grid has, rows outside of it, or pixels that are missing
 */
export function createPicture({ shape, rescale, maxSize }: PictureOptions): PictureBuilder {
  const [rows, cols] = shape
  const [lo, hi] = rescale
  requireSizes(rows, cols, maxSize)
  if (!(hi > lo)) throw new RangeError(`rescale must ascend, not ${lo} to ${hi}.`)

  const step = Math.ceil(Math.max(rows, cols) / maxSize)
  const width = Math.ceil(cols / step)
  const height = Math.ceil(rows / step)
  const indices = new Uint8Array(width * height)
  const valid = new Uint8Array(width * height)
  let [added, under, over] = [0, false, false]

  /** The drawn pixels of one row whose source lies in some columns. */
  function drawRow(drawnRow: number, values: Float64Array, start: number, columns: Columns): void {
    const { firstCol, endCol } = columns
    for (let i = firstDrawn(firstCol, step, cols); i < width; i++) {
      const source = sourceOf(i, step, cols)
      if (source >= endCol) break
      const value = values[start + source - firstCol] ?? Number.NaN
      if (Number.isNaN(value)) continue
      const at = drawnRow * width + i
      valid[at] = 1
      indices[at] = rampIndex(value, lo, hi)
      under ||= value < lo
      over ||= value > hi
    }
  }

  return {
    add(firstRow, values, firstCol = 0, partCols = cols) {
      const count = values.length / partCols
      if (!Number.isInteger(count) || firstRow + count > rows || firstCol + partCols > cols) {
        throw new RangeError(
          `${values.length} values are not whole rows of a ${rows}x${cols} grid.`,
        )
      }
      added += values.length
      const columns = { firstCol, endCol: firstCol + partCols }
      for (let drawnRow = firstDrawn(firstRow, step, rows); drawnRow < height; drawnRow++) {
        const source = sourceOf(drawnRow, step, rows)
        if (source >= firstRow + count) break
        drawRow(drawnRow, values, (source - firstRow) * partCols, columns)
      }
    },
    finish() {
      if (added !== rows * cols)
        throw new RangeError(`${added} of ${rows * cols} pixels were added.`)
      return { width, height, step, indices, valid, under, over }
    },
  }
}

/** The same of pixels that come in any order. */
export class PlacedPictureBuilder {
  readonly #shape: readonly [number, number]
  readonly #rescale: PictureOptions['rescale']
  readonly #indices: Uint8Array
  readonly #valid: Uint8Array
  #under = false
  #over = false

  /** @param shape rows, cols of the picture */
  constructor(shape: readonly [number, number], rescale: PictureOptions['rescale']) {
    const [height, width] = shape
    this.#shape = shape
    this.#rescale = rescale
    this.#indices = new Uint8Array(height * width)
    this.#valid = new Uint8Array(height * width)
  }

  /** @param at the pixel, counted row by row */
  paint(at: number, value: number): void {
    const [lo, hi] = this.#rescale
    this.#valid[at] = 1
    this.#indices[at] = rampIndex(value, lo, hi)
    this.#under ||= value < lo
    this.#over ||= value > hi
  }

  finish(): Picture {
    const [height, width] = this.#shape
    const [indices, valid] = [this.#indices, this.#valid]
    return { width, height, step: null, indices, valid, under: this.#under, over: this.#over }
  }
}

/** Which of a ramp's 256 colours a value has: `floor((v-lo)/(hi-lo)*256)` held in 0..255. */
export function rampIndex(value: number, lo: number, hi: number): number {
  const scaled = ((value - lo) / (hi - lo)) * 256
  // Twice as fast as Math.floor between Math.max and Math.min: a whole scene has sixty million.
  if (scaled >= 255) return 255
  return scaled > 0 ? scaled | 0 : 0
}

interface Columns {
  readonly firstCol: number
  readonly endCol: number
}

/** The first drawn pixel whose source is this one or a later one. */
function firstDrawn(source: number, step: number, length: number): number {
  let drawn = Math.max(0, Math.floor((source - Math.floor(step / 2)) / step))
  while (sourceOf(drawn, step, length) < source && drawn * step < length) drawn++
  return drawn
}

function sourceOf(drawn: number, step: number, length: number): number {
  return Math.min(drawn * step + Math.floor(step / 2), length - 1)
}

function requireSizes(...sizes: readonly number[]): void {
  if (sizes.every((size) => Number.isInteger(size) && size > 0)) return
  throw new RangeError(`Sizes must be positive integers, not ${sizes.join(', ')}.`)
}
