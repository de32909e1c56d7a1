// The published numbers: the same bits whatever the order in which the pixels were computed.

import { freeMemory } from '../async/free-memory.ts'
import type { Statistics } from '../model/statistics.ts'
import { type Cell, type CellMoments, measureCell, mergeCells } from './cell-moments.ts'
import { addTally, emptyTally, type Tally } from './ndvi.ts'
import { quantiles } from './quantiles.ts'
import { binnedQuantile, emptyBins, evenBins, histogramEdges, histogramOf } from './value-bins.ts'

/** Pixels are summed in squares of this size on the result's own grid, then merged row by row. */
export const CELL = 512

/** Up to here percentiles are exact; beyond, they come from 65,536 bins (error at most 3.1e-5). */
export const EXACT_LIMIT = 2 ** 22
export const PERCENTILES = [2, 25, 50, 75, 98] as const

/** Gathers NDVI values and gives the statistics of docs/numbers.md#statistics at the end. */
export class StatisticsBuilder {
  readonly #cells = new Map<number, CellMoments>()
  readonly bins = emptyBins()
  readonly #tally = emptyTally()
  readonly #most: number
  #values: Float64Array | null = new Float64Array(1024)
  #count = 0

  /** @param pixels that will come at most */
  constructor(pixels = Infinity) {
    this.#most = Math.min(EXACT_LIMIT, pixels)
  }

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
    const cell = { values, width, rows, from, to }
    this.addMeasured(order, cell, measureCell(cell, this.bins))
  }

  /** Takes a cell that was measured elsewhere, its values counted in `bins`. */
  addMeasured(order: number, cell: Cell, moments: CellMoments): void {
    this.#cells.set(order, moments)
    this.#keep(cell, moments.count)
  }

  addTally(tally: Tally): void {
    addTally(this.#tally, tally)
  }

  /** The values themselves, as long as percentiles are taken from them. */
  #keep({ values, width, rows, from, to }: Cell, count: number): void {
    let at = this.#count
    this.#count += count
    if (this.#values === null) return
    if (this.#count > EXACT_LIMIT) {
      freeMemory(this.#values.buffer)
      this.#values = null
      return
    }
    if (this.#count > this.#values.length) {
      const grown = new Float64Array(Math.min(this.#most, Math.max(this.#count, at * 4)))
      grown.set(this.#values.subarray(0, at))
      freeMemory(this.#values.buffer)
      this.#values = grown
    }
    const kept = this.#values
    for (let row = 0; row < rows; row++) {
      for (let i = row * width + from; i < row * width + to; i++) {
        const v = values[i]!
        if (v === v) kept[at++] = v
      }
    }
  }

  /** To be called once: the values are gone then. */
  finish(): Statistics {
    const { clipped, ...invalid } = this.#tally
    const total =
      this.#count + invalid.fill + invalid.saturation + invalid.mask + invalid.denominator
    const cells = [...this.#cells].toSorted(([one], [other]) => one - other).map(([, cell]) => cell)
    const none: CellMoments = { count: 0, mean: 0, m2: 0, minimum: 0, maximum: 0 }
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
      histogram: { edges: [...histogramEdges], counts: histogramOf(this.bins) },
    }
  }

  #percentiles(): Statistics['percentiles'] {
    const shares = PERCENTILES.map((percent) => percent / 100)
    const [p2 = null, p25 = null, p50 = null, p75 = null, p98 = null] = this.#quantiles(shares)
    return { '2': p2, '25': p25, '50': p50, '75': p75, '98': p98 }
  }

  #quantiles(shares: readonly number[]): number[] {
    if (this.#count === 0) return []
    if (this.#values === null) {
      return shares.map((q) => plain(binnedQuantile(this.bins.fine, this.#count, q)))
    }
    const values = this.#values.subarray(0, this.#count)
    const found = quantiles(values, evenBins(this.bins.fine), shares).map(plain)
    freeMemory(values.buffer)
    return found
  }
}

/** JSON has no -0. */
export function plain(v: number): number {
  return v === 0 ? 0 : v
}
