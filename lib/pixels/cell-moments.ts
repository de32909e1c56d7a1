// Moments and bins of one cell of pixels, row by row: the loops that every pixel of a scene goes through.

import { ACROSS, coarseBin, coarseOfFine, FINE_PER_UNIT, type ValueBins } from './value-bins.ts'

/** Moments of the valid pixels of one cell. */
export interface CellMoments {
  readonly count: number
  readonly mean: number
  /** Sum of squared deviations from the mean. */
  readonly m2: number
  readonly minimum: number
  readonly maximum: number
}

/** Where the values of a cell lie: rows that are `width` wide, of which columns `from` to `to` belong to it. */
export interface Cell {
  /** NaN where invalid. */
  readonly values: Float64Array
  readonly width: number
  readonly rows: number
  readonly from: number
  readonly to: number
}

/**
 * Moments of a cell, taken in row order; NaN does not count. The sum is compensated (Neumaier 1974), the deviations
 * are taken in a second pass.
 *
 * @param bins count its values too; null where nobody wants that
 */
export function measureCell(
  { values, width, rows, from, to }: Cell,
  bins: ValueBins | null,
): CellMoments {
  const sums = Float64Array.of(0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)
  let count = 0
  for (let row = 0; row < rows; row++) {
    count += sumRow(values, row * width + from, row * width + to, sums)
  }
  const [sum = 0, lost = 0, minimum = Number.NaN, maximum = Number.NaN] = sums
  const mean = count === 0 ? 0 : (sum + lost) / count
  // Of one row, those on an edge of the histogram.
  const across = new Float64Array(bins === null ? 0 : to - from)
  const spread = Float64Array.of(mean, 0)
  for (let row = 0; row < rows; row++) {
    const [start, end] = [row * width + from, row * width + to]
    if (bins === null) deviateRow(values, start, end, spread)
    else spreadRow(values, start, end, spread, bins, across)
  }
  const [, m2 = 0] = spread
  return { count, mean, m2, minimum, maximum }
}

// Each row is a call of its own: V8 then compiles these loops with what they need in registers, and early. In one
// loop over a cell they take twice as long. What goes from row to row does so in an array of doubles: of an argument V8
// does not know that it is one, and a sum that began as it is boxed at every pixel.

/**
 * @param sums of the rows before, and then of this one too: sum, its lost part, minimum, maximum
 * @returns how many values the row has
 */
function sumRow(values: Float64Array, from: number, to: number, sums: Float64Array): number {
  let sum = sums[0]!
  let lost = sums[1]!
  let minimum = sums[2]!
  let maximum = sums[3]!
  let count = 0
  for (let i = from; i < to; i++) {
    const v = values[i]!
    if (v !== v) continue
    count++
    const next = sum + v
    lost += Math.abs(sum) >= Math.abs(v) ? sum - next + v : v - next + sum
    sum = next
    if (v < minimum) minimum = v
    if (v > maximum) maximum = v
  }
  sums[0] = sum
  sums[1] = lost
  sums[2] = minimum
  sums[3] = maximum
  return count
}

/** @param spread mean, and the sum of squared deviations of the rows before, then of this one too */
function deviateRow(values: Float64Array, from: number, to: number, spread: Float64Array): void {
  const mean = spread[0]!
  let m2 = spread[1]!
  for (let i = from; i < to; i++) {
    const deviation = values[i]! - mean
    if (deviation === deviation) m2 += deviation * deviation
  }
  spread[1] = m2
}

/**
 * Likewise, and counts the values.
 *
 * @param across room for all of them: those whose fine bin does not tell that of the histogram are looked at behind the
 *   loop
 */
function spreadRow(
  values: Float64Array,
  from: number,
  to: number,
  spread: Float64Array,
  { fine, coarse }: ValueBins,
  across: Float64Array,
): void {
  // No calls, and nothing but locals: V8 checks what a module holds, and calls, at every pixel.
  const coarseOf = coarseOfFine
  const perUnit = FINE_PER_UNIT
  const mixed = ACROSS
  const mean = spread[0]!
  let m2 = spread[1]!
  let count = 0
  for (let i = from; i < to; i++) {
    const v = values[i]!
    if (v !== v) continue
    const deviation = v - mean
    m2 += deviation * deviation
    const bin = ((v + 1) * perUnit) | 0
    fine[bin] = fine[bin]! + 1
    if (coarseOf[bin] === mixed) across[count++] = v
  }
  for (let i = 0; i < count; i++) {
    const bin = coarseBin(across[i]!)
    coarse[bin] = coarse[bin]! + 1
  }
  spread[1] = m2
}

/** Chan, Golub & LeVeque (1979): the moments of two sets from the moments of each. */
export function mergeCells(one: CellMoments, other: CellMoments): CellMoments {
  if (one.count === 0) return other
  if (other.count === 0) return one
  const count = one.count + other.count
  const delta = other.mean - one.mean
  return {
    count,
    mean: one.mean + (delta * other.count) / count,
    m2: one.m2 + other.m2 + (delta * delta * one.count * other.count) / count,
    minimum: Math.min(one.minimum, other.minimum),
    maximum: Math.max(one.maximum, other.maximum),
  }
}
