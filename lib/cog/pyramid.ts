// Overviews of a band while its rows stream in: each level from the one below, some rows of each held at a time.

import { TILE } from './cog-layout.ts'

/** Columns and rows. */
export interface LevelSize {
  readonly width: number
  readonly height: number
}

/** Full resolution, then halves, rounded up, until a level fits into one tile. */
function pyramidSizes(rows: number, cols: number): [LevelSize, ...LevelSize[]] {
  const sizes: [LevelSize, ...LevelSize[]] = [{ width: cols, height: rows }]
  for (let { width, height } = sizes[0]; Math.max(width, height) > TILE; ) {
    width = Math.ceil(width / 2)
    height = Math.ceil(height / 2)
    sizes.push({ width, height })
  }
  return sizes
}

/** One row of tiles of a level, whole rows of pixels. */
export interface Band {
  readonly level: number
  /** As many rows as a tile, or what is left of the level. The next rows take their place: they are not to be kept. */
  readonly pixels: Float32Array<ArrayBuffer>
}

/**
 * Each pixel of `into` from its children, at most 2 x 2, NaN where none has a value.
 *
 * @param width of the rows of `pixels`
 * @returns how many rows were written
 */
export type Halve = (pixels: Float32Array, width: number, into: Float32Array) => number

/** Holds at most the rows of one row of tiles per level. */
export class Pyramid {
  readonly sizes: readonly LevelSize[]
  readonly #levels: { pixels: Float32Array<ArrayBuffer>; filled: number; rowsLeft: number }[]

  readonly #halve: Halve

  constructor(rows: number, cols: number, halve: Halve = halveByMean) {
    this.#halve = halve
    this.sizes = pyramidSizes(rows, cols)
    this.#levels = this.sizes.map(({ width, height }) => ({
      pixels: new Float32Array(width * Math.min(TILE, height)),
      filled: 0,
      rowsLeft: height,
    }))
  }

  /**
   * Takes the next rows and gives the bands that they complete, of all levels; between them null, where a computation
   * may give way.
   *
   * @param values whole rows, NaN = invalid; not kept
   * @throws {RangeError} for anything but whole rows, or too many of them
   */
  *add(values: Float64Array): Generator<Band | null, void, undefined> {
    const width = this.sizes[0]?.width ?? 1
    if (!Number.isInteger(values.length / width)) {
      throw new RangeError(`${values.length} pixels are not whole rows of ${width}`)
    }
    for (let at = 0; at < values.length; ) {
      const room = this.#room(0)
      const part = values.subarray(at, at + room.length)
      room.set(part)
      at += part.length
      yield* this.#advance(0, part.length / width)
    }
  }

  /** Whether every row was added. */
  get done(): boolean {
    return this.#levels[0]?.rowsLeft === 0
  }

  /** What is still empty of a level's band. */
  #room(level: number): Float32Array<ArrayBuffer> {
    const { pixels, filled, rowsLeft } = this.#levels[level]!
    if (rowsLeft === 0) throw new RangeError('more rows were added than the grid has')
    return pixels.subarray(filled * this.sizes[level]!.width)
  }

  /** Some rows of a level were written: gives its band when it is complete, and passes it on, halved. */
  *#advance(level: number, rows: number): Generator<Band | null, void, undefined> {
    const state = this.#levels[level]!
    const { width } = this.sizes[level]!
    state.filled += rows
    state.rowsLeft -= rows
    const full = state.filled * width === state.pixels.length
    if (!full && state.rowsLeft > 0) return
    const pixels = state.pixels.subarray(0, state.filled * width)
    yield { level, pixels }
    const isLast = level + 1 === this.sizes.length
    const halved = isLast
      ? 0
      : yield* halveInSteps(this.#halve, pixels, width, this.#room(level + 1))
    state.pixels = state.pixels.subarray(0, width * Math.min(TILE, state.rowsLeft))
    state.filled = 0
    if (!isLast) yield* this.#advance(level + 1, halved)
  }
}

/** Pixels that are halved between two points where a computation may give way. */
const STEP = 256 * 1024

function* halveInSteps(
  halve: Halve,
  pixels: Float32Array,
  width: number,
  into: Float32Array,
): Generator<null, number, undefined> {
  const rowsAtOnce = 2 * Math.max(1, Math.floor(STEP / width / 2))
  let written = 0
  for (let from = 0; from < pixels.length; from += rowsAtOnce * width) {
    const part = pixels.subarray(from, from + rowsAtOnce * width)
    written += halve(part, width, into.subarray(written * Math.ceil(width / 2)))
    yield null
  }
  return written
}

/** The mean of the children in row-major order; the sum is taken in double and rounded once. */
export function halveByMean(pixels: Float32Array, width: number, into: Float32Array): number {
  const rows = pixels.length / width
  const halfRows = Math.ceil(rows / 2)
  const halfWidth = Math.ceil(width / 2)
  for (let row = 0; row < halfRows; row++) {
    const lastRow = Math.min(2 * row + 1, rows - 1)
    for (let col = 0; col < halfWidth; col++) {
      const lastCol = Math.min(2 * col + 1, width - 1)
      let sum = 0
      let count = 0
      for (let childRow = 2 * row; childRow <= lastRow; childRow++) {
        for (let at = childRow * width + 2 * col; at <= childRow * width + lastCol; at++) {
          const value = pixels[at]!
          if (value !== value) continue
          sum += value
          count++
        }
      }
      into[row * halfWidth + col] = count === 0 ? Number.NaN : sum / count
    }
  }
  return halfRows
}

/** The first child that has a value, in row-major order. */
export function halveByFirst(pixels: Float32Array, width: number, into: Float32Array): number {
  const rows = pixels.length / width
  const halfRows = Math.ceil(rows / 2)
  const halfWidth = Math.ceil(width / 2)
  for (let row = 0; row < halfRows; row++) {
    const below = 2 * row + 1 < rows ? width : 0
    for (let col = 0; col < halfWidth; col++) {
      const at = 2 * row * width + 2 * col
      const right = 2 * col + 1 < width ? 1 : 0
      let value = pixels[at]!
      for (const other of [at + right, at + below, at + below + right]) {
        if (value !== value) value = pixels[other]!
      }
      into[row * halfWidth + col] = value
    }
  }
  return halfRows
}
