// The statistics of one band of a grid, whatever its values reach to.

import { nextTurn, turnIsOver } from '../async/turns.ts'
import type { Statistics } from '../model/statistics.ts'
import type { Tally } from './ndvi.ts'
import { CELL, StatisticsBuilder } from './statistics.ts'

/** What values lie within, on both sides of 0: NDVI reaches to 1, a difference of two to 2. */
export type Spread = 1 | 2

/** Some rows of the band, whole or not. */
interface Part {
  readonly firstRow: number
  readonly firstCol: number
  readonly rows: number
  readonly cols: number
}

export class BandCounter {
  readonly #builder = new StatisticsBuilder()
  readonly #shape: readonly [rows: number, cols: number]
  readonly #spread: Spread
  /** One cell, halved. */
  readonly #halves: Float64Array

  /** @param shape rows and columns of the grid */
  constructor(shape: readonly [rows: number, cols: number], spread: Spread) {
    const [rows, cols] = shape
    this.#shape = shape
    this.#spread = spread
    const isHalved = spread !== 1
    this.#halves = new Float64Array(isHalved ? Math.min(CELL, rows) * Math.min(CELL, cols) : 0)
  }

  /**
   * Takes CELL rows (the last ones may be fewer), from a multiple of CELL on.
   *
   * @param values row by row; NaN where invalid
   */
  async add(
    values: Float64Array,
    { firstRow, firstCol, rows, cols }: Part,
    tally: Tally,
    signal: AbortSignal,
  ): Promise<void> {
    const across = Math.ceil(this.#shape[1] / CELL)
    for (let from = 0; from < cols; from += CELL) {
      const to = Math.min(cols, from + CELL)
      // A cell's place in row-major order over the grid.
      const order = (firstRow / CELL) * across + (firstCol + from) / CELL
      if (this.#spread === 1) this.#builder.addCell(order, values, cols, rows, from, to)
      else {
        const width = to - from
        halve(values, { width: cols, rows, from, to }, this.#halves)
        this.#builder.addCell(order, this.#halves, width, rows, 0, width)
      }
      if (turnIsOver()) await nextTurn(signal)
    }
    this.#builder.addTally(tally)
  }

  finish(): Statistics {
    const counted = this.#builder.finish()
    return this.#spread === 1 ? counted : doubled(counted)
  }
}

/** Counted in halves, for the bins end at 1: a power of two changes no bit of a number but its exponent. */
function halve(
  values: Float64Array,
  { width, rows, from, to }: { width: number; rows: number; from: number; to: number },
  into: Float64Array,
): void {
  let at = 0
  for (let row = 0; row < rows; row++) {
    for (let i = row * width + from; i < row * width + to; i++) into[at++] = values[i]! / 2
  }
}

function doubled(halves: Statistics): Statistics {
  const twice = (value: number | null) => (value === null ? null : value * 2)
  const { mean, stddev, minimum, maximum, percentiles: p, histogram } = halves
  return {
    ...halves,
    mean: twice(mean),
    stddev: twice(stddev),
    minimum: twice(minimum),
    maximum: twice(maximum),
    percentiles: {
      '2': twice(p['2']),
      '25': twice(p['25']),
      '50': twice(p['50']),
      '75': twice(p['75']),
      '98': twice(p['98']),
    },
    histogram: { ...histogram, edges: histogram.edges.map((edge) => edge * 2) },
  }
}
