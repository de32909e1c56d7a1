// The published numbers: the same bits whatever the order in which the pixels were computed.

import type { Statistics } from '../model/statistics.ts'
import type { Tally } from './ndvi.ts'
import { quantiles } from './quantiles.ts'

/** Pixels are summed in squares of this size on the result's own grid, then merged row by row. */
export const CELL = 512

/** Up to here percentiles are exact; beyond, they come from 65,536 bins (error at most 3.1e-5). */
export const EXACT_LIMIT = 2 ** 22
export const FINE_BINS = 65_536
const HISTOGRAM_BINS = 40
export const PERCENTILES = [2, 25, 50, 75, 98] as const

/** Moments of the valid pixels of one cell. */
export interface CellSummary {
  readonly count: number
  readonly mean: number
  /** Sum of squared deviations from the mean. */
  readonly m2: number
  readonly minimum: number
  readonly maximum: number
}

/**
 * Moments of a rectangle of rows that are `width` wide, taken in row order; NaN does not count.
 * The sum is compensated (Neumaier 1974), the deviations are taken in a second pass.
 */
export function summarizeCell(
  values: Float64Array,
  width: number,
  rows: number,
  from: number,
  to: number,
): CellSummary {
  let count = 0
  let sum = 0
  let lost = 0
  let minimum = Number.POSITIVE_INFINITY
  let maximum = Number.NEGATIVE_INFINITY
  for (let row = 0; row < rows; row++) {
    for (let i = row * width + from; i < row * width + to; i++) {
      const v = values[i]!
      if (v !== v) continue
      count++
      const next = sum + v
      lost += Math.abs(sum) >= Math.abs(v) ? sum - next + v : v - next + sum
      sum = next
      if (v < minimum) minimum = v
      if (v > maximum) maximum = v
    }
  }
  const mean = count === 0 ? 0 : (sum + lost) / count
  let m2 = 0
  for (let row = 0; row < rows; row++) {
    for (let i = row * width + from; i < row * width + to; i++) {
      const deviation = values[i]! - mean
      if (deviation === deviation) m2 += deviation * deviation
    }
  }
  return { count, mean, m2, minimum, maximum }
}

/** Chan, Golub & LeVeque (1979): the moments of two sets from the moments of each. */
export function mergeCells(one: CellSummary, other: CellSummary): CellSummary {
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

/** Gathers NDVI values and gives the statistics of docs/numbers.md#statistics at the end. */
export class StatisticsBuilder {
  readonly #cells = new Map<number, CellSummary>()
  readonly #fine = new Uint32Array(FINE_BINS)
  readonly #coarse = new Float64Array(HISTOGRAM_BINS)
  readonly #tally: Tally = { fill: 0, saturation: 0, mask: 0, denominator: 0, clipped: 0 }
  #values: Float64Array | null = new Float64Array(1024)
  #count = 0

  /**
   * @param order the cell's place in row-major order over the grid: moments are merged by it, not by arrival
   * @param values the cell's rows, `width` wide, NaN where invalid; columns `from` to `to` belong to the cell
   */
  addCell(
    order: number,
    values: Float64Array,
    width: number,
    rows: number,
    from: number,
    to: number,
  ): void {
    this.#cells.set(order, summarizeCell(values, width, rows, from, to))
    for (let row = 0; row < rows; row++) {
      for (let i = row * width + from; i < row * width + to; i++) {
        const v = values[i]!
        if (v === v) this.#add(v)
      }
    }
  }

  addTally(tally: Tally): void {
    for (const reason of ['fill', 'saturation', 'mask', 'denominator', 'clipped'] as const) {
      this.#tally[reason] += tally[reason]
    }
  }

  #add(v: number): void {
    const fine = fineBin(v)
    this.#fine[fine] = this.#fine[fine]! + 1
    const coarse = coarseBin(v)
    this.#coarse[coarse] = this.#coarse[coarse]! + 1
    if (this.#values !== null) this.#keep(v, this.#values)
    this.#count++
  }

  #keep(v: number, values: Float64Array): void {
    if (this.#count === EXACT_LIMIT) {
      this.#values = null
      return
    }
    if (this.#count === values.length) {
      this.#values = new Float64Array(Math.min(EXACT_LIMIT, values.length * 4))
      this.#values.set(values)
    }
    if (this.#values !== null) this.#values[this.#count] = v
  }

  finish(): Statistics {
    const { clipped, ...invalid } = this.#tally
    const total =
      this.#count + invalid.fill + invalid.saturation + invalid.mask + invalid.denominator
    const cells = [...this.#cells].toSorted(([one], [other]) => one - other).map(([, cell]) => cell)
    const none: CellSummary = { count: 0, mean: 0, m2: 0, minimum: 0, maximum: 0 }
    const all = cells.reduce(mergeCells, none)
    const empty = all.count === 0
    return {
      valid_count: this.#count,
      total_count: total,
      valid_percent: total === 0 ? 0 : (100 * this.#count) / total,
      invalid,
      clipped_count: clipped,
      mean: empty ? null : plain(all.mean),
      stddev: empty ? null : Math.sqrt(all.m2 / all.count),
      minimum: empty ? null : plain(all.minimum),
      maximum: empty ? null : plain(all.maximum),
      percentiles: this.#percentiles(),
      histogram: { edges: [...histogramEdges], counts: [...this.#coarse] },
    }
  }

  #percentiles(): Statistics['percentiles'] {
    const shares = PERCENTILES.map((percent) => percent / 100)
    const [p2 = null, p25 = null, p50 = null, p75 = null, p98 = null] = this.#quantiles(shares)
    return { '2': p2, '25': p25, '50': p50, '75': p75, '98': p98 }
  }

  #quantiles(shares: readonly number[]): number[] {
    if (this.#count === 0) return []
    if (this.#values === null)
      return shares.map((q) => plain(binnedQuantile(this.#fine, this.#count, q)))
    return quantiles(this.#values.subarray(0, this.#count), this.#fine, fineBin, shares).map(plain)
  }
}

/** Linear inside the fine bin that holds the rank. */
export function binnedQuantile(fine: Uint32Array, count: number, q: number): number {
  const rank = q * (count - 1)
  let below = 0
  for (let bin = 0; bin < FINE_BINS; bin++) {
    const inside = fine[bin]!
    if (below + inside > rank) return -1 + ((bin + (rank - below + 0.5) / inside) * 2) / FINE_BINS
    below += inside
  }
  return 1
}

/** Rises with the value. */
export function fineBin(v: number): number {
  return Math.min(FINE_BINS - 1, Math.floor((v + 1) * (FINE_BINS / 2)))
}

/** numpy.linspace(-1, 1, 41) */
export const histogramEdges: readonly number[] = Array.from(
  { length: HISTOGRAM_BINS + 1 },
  (_, i) => (i === HISTOGRAM_BINS ? 1 : i * (2 / HISTOGRAM_BINS) - 1),
)

/** numpy.histogram's bin: by division, then set right against the edges; the last bin holds its upper edge. */
export function coarseBin(v: number): number {
  const bin = Math.min(HISTOGRAM_BINS - 1, Math.floor((v + 1) * (HISTOGRAM_BINS / 2)))
  if (v < histogramEdges[bin]!) return bin - 1
  return bin < HISTOGRAM_BINS - 1 && v >= histogramEdges[bin + 1]! ? bin + 1 : bin
}

/** JSON has no -0. */
export function plain(v: number): number {
  return v === 0 ? 0 : v
}
