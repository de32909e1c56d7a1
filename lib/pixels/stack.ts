// Several windows on one common grid, read as one: per pixel the value of one of them, or what they come to.

import { allOrNone } from '../async/all-or-none.ts'
import { inTurns } from '../async/turns.ts'
import type { NdviRules } from './ndvi.ts'
import { type BoxPixels, type PixelMemory, readNdvi } from './scan.ts'
import type { ReadBox } from './scan-parts.ts'
import type { Selection } from './selection.ts'
import type { Window } from './window.ts'

/** A window with its place on the common grid. */
export interface Layer {
  readonly window: Window
  readonly rules: NdviRules
  readonly selection: Selection
  /** Row and column of the common grid that its first pixel is; may be negative. */
  readonly row: number
  readonly col: number
}

/** Layers that count as one: of those that have a value at a pixel, the first gives it. */
export type Joined = readonly Layer[]

/** What the values of a pixel come to: the first in order, or that of all. */
const reductions = ['first', 'mean', 'median', 'max'] as const
export type Reduction = (typeof reductions)[number]

/** Pixels between two points where a computation may give way. */
const PIECE = 64 * 1024

/**
 * A rectangle of the common grid.
 *
 * @param stack in the order that `first`, and equal values, go by
 * @throws {GreenprintError} `raster_unusable`, `content_unavailable`
 */
export async function readStack(
  stack: readonly Joined[],
  box: ReadBox,
  reduction: Reduction,
  signal: AbortSignal,
): Promise<BoxPixels> {
  const size = box.rows * box.cols
  const [only, ...others] = stack
  // Whatever the values of one come to, it is they.
  if (only !== undefined && others.length === 0) {
    return (await readJoined(only, box, signal)) ?? nothing(size)
  }
  const fold = folds[reduction](size)
  for (const layers of stack) {
    const pixels = await readJoined(layers, box, signal)
    if (pixels !== null) await inTurns(fold.add(pixels), signal)
  }
  return inTurns(fold.finish(), signal)
}

/** Bytes that readStack holds of a pixel at its most. */
export function bytesPerPixel(stack: readonly Joined[], reduction: Reduction): number {
  const layers = Math.max(1, ...stack.map((joined) => joined.length))
  // Doubles, marks and raw samples of what is read, and what is made of it.
  return 16 * layers + 24 + (reduction === 'median' ? 10 * stack.length : 9)
}

/** The layers of one place, the first with a value giving it; null where none reaches the box. */
export async function readJoined(
  layers: Joined,
  box: ReadBox,
  signal: AbortSignal,
  pool?: PixelMemory,
): Promise<BoxPixels | null> {
  const parts = layers.flatMap((layer) => {
    const part = partOf(layer, box)
    return part === null ? [] : [{ layer, part }]
  })
  const reads = parts.map(({ layer, part }) => (stop: AbortSignal) => {
    const own = { ...part, row: part.row - layer.row, col: part.col - layer.col }
    return readNdvi(layer.window, layer.rules, layer.selection, own, stop, pool)
  })
  const pixels = await allOrNone(reads, signal)
  const [only] = parts
  if (only === undefined) return null
  const first = pixels[0]
  const isWhole = only.part.rows === box.rows && only.part.cols === box.cols
  if (parts.length === 1 && isWhole && first !== undefined) return first
  const size = box.rows * box.cols
  const joined = { values: new Float64Array(size).fill(Number.NaN), observed: new Uint8Array(size) }
  for (const [at, { part }] of parts.entries()) {
    await inTurns(place(pixels[at]!, part, box, joined), signal)
  }
  return joined
}

/** What a layer has of a box of the common grid. */
function partOf({ window, row, col }: Layer, box: ReadBox): ReadBox | null {
  const [height, width] = window.grid.shape
  const [top, left] = [Math.max(box.row, row), Math.max(box.col, col)]
  const rows = Math.min(box.row + box.rows, row + height) - top
  const cols = Math.min(box.col + box.cols, col + width) - left
  return rows > 0 && cols > 0 ? { row: top, rows, col: left, cols } : null
}

/** Where nothing is yet. */
function* place(
  { values, observed }: BoxPixels,
  part: ReadBox,
  box: ReadBox,
  out: BoxPixels,
): Generator<undefined, void, undefined> {
  const rowsAtOnce = Math.max(1, Math.floor(PIECE / part.cols))
  for (let row = 0; row < part.rows; row++) {
    if (row % rowsAtOnce === rowsAtOnce - 1) yield
    const from = row * part.cols
    const to = (part.row - box.row + row) * box.cols + part.col - box.col
    for (let col = 0; col < part.cols; col++) {
      if (observed[from + col] === 1) out.observed[to + col] = 1
      const there = out.values[to + col]!
      if (there !== there) out.values[to + col] = values[from + col]!
    }
  }
}

interface Fold {
  add(pixels: BoxPixels): Generator<undefined, void, undefined>
  finish(): Generator<undefined, BoxPixels, undefined>
}

const folds: Readonly<Record<Reduction, (size: number) => Fold>> = {
  first: (size) => startChoice(size, () => false),
  max: (size) => startChoice(size, (value, best) => value > best),
  mean: startMean,
  median: startMedian,
}

/** Nothing yet. */
function nothing(size: number): BoxPixels {
  return {
    values: new Float64Array(size).fill(Number.NaN),
    observed: new Uint8Array(size),
  }
}

/** @param isBetter whether a value takes the place of one that is there */
function startChoice(size: number, isBetter: (value: number, best: number) => boolean): Fold {
  const kept = nothing(size)
  return {
    *add({ values, observed }) {
      for (let i = 0; i < size; i++) {
        if (i % PIECE === PIECE - 1) yield
        if (observed[i] === 1) kept.observed[i] = 1
        const value = values[i]!
        if (value !== value) continue
        const best = kept.values[i]!
        if (best !== best || isBetter(value, best)) {
          kept.values[i] = value
        }
      }
    },
    // oxlint-disable-next-line require-yield -- nothing is left to be done
    *finish() {
      return kept
    },
  }
}

/** Summed in the order of the stack, as numpy.nanmean does along the first axis. */
function startMean(size: number): Fold {
  const kept = nothing(size)
  const counts = new Uint16Array(size)
  return {
    *add({ values, observed }) {
      for (let i = 0; i < size; i++) {
        if (i % PIECE === PIECE - 1) yield
        if (observed[i] === 1) kept.observed[i] = 1
        const value = values[i]!
        if (value !== value) continue
        kept.values[i] = counts[i] === 0 ? value : kept.values[i]! + value
        counts[i] = counts[i]! + 1
      }
    },
    *finish() {
      for (let i = 0; i < size; i++) {
        if (i % PIECE === PIECE - 1) yield
        if (counts[i]! > 1) kept.values[i] = kept.values[i]! / counts[i]!
      }
      return kept
    },
  }
}

/** numpy.nanmedian: of an even number of values the mean of the two in the middle. */
function startMedian(size: number): Fold {
  const kept = nothing(size)
  const layers: Float64Array[] = []
  return {
    // oxlint-disable-next-line require-yield -- marks are merged at the end
    *add({ values, observed }) {
      layers.push(values)
      for (let i = 0; i < size; i++) if (observed[i] === 1) kept.observed[i] = 1
    },
    *finish() {
      const sorted = new Float64Array(layers.length)
      const often = Math.max(1, Math.floor(PIECE / Math.max(1, layers.length)))
      for (let i = 0; i < size; i++) {
        if (i % often === often - 1) yield
        const count = sortValues(layers, i, sorted)
        if (count === 0) continue
        const lower = (count - 1) >> 1
        const isOdd = count % 2 === 1
        kept.values[i] = isOdd ? sorted[lower]! : (sorted[lower]! + sorted[lower + 1]!) / 2
      }
      return kept
    },
  }
}

/** The values of a pixel by insertion. @returns how many there are */
function sortValues(layers: readonly Float64Array[], pixel: number, sorted: Float64Array): number {
  let count = 0
  for (const values of layers) {
    const value = values[pixel]!
    if (value !== value) continue
    let to = count
    for (; to > 0 && sorted[to - 1]! > value; to--) sorted[to] = sorted[to - 1]!
    sorted[to] = value
    count++
  }
  return count
}
