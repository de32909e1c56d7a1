// What the values of a pixel come to: the largest, the first that there is, or the median.

import type { CompositeMethod } from '../model/composite.ts'
import { type ComposedRows, FIRST, SET_ASIDE, UNSEEN } from './composed-rows.ts'
import type { BoxPixels, PixelMemory } from './scan.ts'

/** Pixels between two points where a computation may give way. */
const PIECE = 64 * 1024
/** Places by which values are moved at most between two such points: n values by n * (n - 1) / 2, where each is less. */
const MOVES = 1024 * 1024

/** Where the pixels of a rectangle stand among rows. */
export interface FoldPlace {
  /** Of the rows. */
  readonly cols: number
  /** Of its first pixel. */
  readonly start: number
  readonly boxCols: number
}

/** Fills a large array; the first touch of its memory takes longer than the rest. */
export function* fill(
  array: Float64Array | Float32Array | Uint16Array | Uint8Array,
  value: number,
): Generator<undefined, void, undefined> {
  for (let from = 0; from < array.length; from += PIECE) {
    array.fill(value, from, from + PIECE)
    yield
  }
}

export interface ComposeFold {
  /** To be run before anything is added. */
  begin(): Generator<undefined, void, undefined>
  /** Whether every pixel has its value, whatever is still to come. */
  readonly isComplete: boolean
  /** @param order the number of the observation */
  add(pixels: BoxPixels, order: number): Generator<undefined, void, undefined>
  finish(
    into: Pick<ComposedRows, 'values' | 'marks'>,
    place: FoldPlace,
  ): Generator<undefined, void, undefined>
}

/**
 * @param size pixels
 * @param count observations that may come
 * @param memory what a fold is made of, given back when it has finished
 */
export function startFold(
  method: CompositeMethod,
  size: number,
  count: number,
  memory: PixelMemory,
): ComposeFold {
  if (method === 'median') return new MedianFold(size, count, memory)
  return new ChoiceFold(size, method === 'latest_valid', memory)
}

/** The largest value, of equal ones the first that came; or simply the first. */
class ChoiceFold implements ComposeFold {
  readonly #memory: PixelMemory
  readonly #values: Float64Array
  readonly #marks: Uint16Array
  readonly #takesFirst: boolean
  #missing: number

  constructor(size: number, takesFirst: boolean, memory: PixelMemory) {
    this.#memory = memory
    this.#values = new Float64Array(memory.take(8 * size), 0, size)
    this.#marks = new Uint16Array(memory.take(2 * size), 0, size)
    this.#takesFirst = takesFirst
    this.#missing = size
  }

  *begin(): Generator<undefined, void, undefined> {
    yield* fill(this.#values, Number.NaN)
    yield* fill(this.#marks, UNSEEN)
  }

  get isComplete(): boolean {
    return this.#takesFirst && this.#missing === 0
  }

  *add({ values, observed }: BoxPixels, order: number): Generator<undefined, void, undefined> {
    const [kept, marks, takesFirst] = [this.#values, this.#marks, this.#takesFirst]
    const mark = FIRST + order
    for (let from = 0; from < values.length; from += PIECE) {
      const end = Math.min(values.length, from + PIECE)
      for (let i = from; i < end; i++) {
        const value = values[i]!
        if (value !== value) {
          if (observed[i] === 1 && marks[i] === UNSEEN) marks[i] = SET_ASIDE
          continue
        }
        const best = kept[i]!
        const isNew = best !== best
        if (isNew) this.#missing--
        if (isNew || (!takesFirst && value > best)) {
          kept[i] = value
          marks[i] = mark
        }
      }
      yield
    }
  }

  *finish(
    into: Pick<ComposedRows, 'values' | 'marks'>,
    { cols, start, boxCols }: FoldPlace,
  ): Generator<undefined, void, undefined> {
    for (let at = 0, to = start; at < this.#values.length; at += boxCols, to += cols) {
      into.values.set(this.#values.subarray(at, at + boxCols), to)
      into.marks.set(this.#marks.subarray(at, at + boxCols), to)
      yield
    }
    for (const { buffer } of [this.#values, this.#marks]) this.#memory.give(buffer)
  }
}

/** numpy.nanmedian: of an even number of values the mean of the two in the middle. */
class MedianFold implements ComposeFold {
  readonly isComplete = false
  readonly #memory: PixelMemory
  readonly #size: number
  /** Those of each observation as they came: to put each at its place among a pixel's others would miss the cache. */
  readonly #values: Float64Array
  readonly #observed: Uint8Array
  /** Of one pixel. */
  readonly #sorted: Float64Array
  #count = 0

  constructor(size: number, most: number, memory: PixelMemory) {
    this.#memory = memory
    this.#size = size
    this.#values = new Float64Array(memory.take(8 * size * most), 0, size * most)
    this.#observed = new Uint8Array(memory.take(size), 0, size)
    this.#sorted = new Float64Array(most)
  }

  begin(): Generator<undefined, void, undefined> {
    return fill(this.#observed, 0)
  }

  *add({ values, observed }: BoxPixels): Generator<undefined, void, undefined> {
    const [kept, seen] = [this.#values, this.#observed]
    const start = this.#size * this.#count++
    for (let from = 0; from < values.length; from += PIECE) {
      const end = Math.min(values.length, from + PIECE)
      kept.set(values.subarray(from, end), start + from)
      for (let i = from; i < end; i++) seen[i] = seen[i]! | observed[i]!
      yield
    }
  }

  *finish(
    into: Pick<ComposedRows, 'values' | 'marks'>,
    { cols, start, boxCols }: FoldPlace,
  ): Generator<undefined, void, undefined> {
    const piece = Math.ceil((2 * MOVES) / Math.max(1, this.#count) ** 2)
    for (let at = 0, to = start; at < this.#size; at += boxCols, to += cols) {
      for (let from = 0; from < boxCols; from += piece) {
        this.#finishPiece(into, at + from, to + from, Math.min(piece, boxCols - from))
        yield
      }
    }
    for (const { buffer } of [this.#values, this.#observed]) this.#memory.give(buffer)
  }

  /** So many pixels, whose first is one of the rectangle and lies at a place among the rows. */
  #finishPiece(
    into: Pick<ComposedRows, 'values' | 'marks'>,
    first: number,
    to: number,
    size: number,
  ): void {
    const sorted = this.#sorted
    for (let i = 0; i < size; i++) {
      const count = this.#sort(first + i)
      if (count === 0) {
        into.marks[to + i] = this.#observed[first + i] === 1 ? SET_ASIDE : UNSEEN
        continue
      }
      const lower = (count - 1) >> 1
      const isOdd = count % 2 === 1
      into.values[to + i] = isOdd ? sorted[lower]! : (sorted[lower]! + sorted[lower + 1]!) / 2
      into.marks[to + i] = FIRST
    }
  }

  /** Puts the values of a pixel in order. @returns how many there are */
  #sort(pixel: number): number {
    const [values, sorted, size] = [this.#values, this.#sorted, this.#size]
    const end = pixel + size * this.#count
    let count = 0
    for (let at = pixel; at < end; at += size) {
      const value = values[at]!
      if (value !== value) continue
      let to = count++
      for (; to > 0 && sorted[to - 1]! > value; to--) sorted[to] = sorted[to - 1]!
      sorted[to] = value
    }
    return count
  }
}
