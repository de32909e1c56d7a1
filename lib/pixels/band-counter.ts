// The statistics of one band of a grid, whatever its values reach to.

import { nextTurn, turnIsOver } from '../async/turns.ts'
import type { Statistics } from '../model/statistics.ts'
import type { Cell } from './cell-moments.ts'
import type { Tally } from './ndvi.ts'
import { type PixelComputer, pixelComputer } from './pixel-threads.ts'
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
  readonly #builder: StatisticsBuilder
  readonly #shape: readonly [rows: number, cols: number]
  readonly #spread: Spread
  readonly #computer: PixelComputer
  /** One cell, halved. */
  readonly #halves: Float64Array

  /** @param shape rows and columns of the grid */
  constructor(
    shape: readonly [rows: number, cols: number],
    spread: Spread,
    computer: PixelComputer = pixelComputer,
  ) {
    this.#computer = computer
    const [rows, cols] = shape
    this.#shape = shape
    this.#builder = new StatisticsBuilder(rows * cols)
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
    const builder = this.#builder
    // A cell's place in row-major order over the grid.
    const first = (firstRow / CELL) * Math.ceil(this.#shape[1] / CELL) + firstCol / CELL
    const cells = cellsOf(values, cols, rows)
    if (this.#spread === 1) {
      const moments = await this.#computer.cells(cells, builder.bins, signal)
      for (const [at, cell] of cells.entries()) builder.addMeasured(first + at, cell, moments[at]!)
    } else {
      for (const [at, cell] of cells.entries()) {
        const width = cell.to - cell.from
        halve(cell, this.#halves)
        builder.addCell(first + at, this.#halves, width, rows, 0, width)
        if (turnIsOver()) await nextTurn(signal)
      }
    }
    builder.addTally(tally)
  }

  finish(): Statistics {
    const counted = this.#builder.finish()
    return this.#spread === 1 ? counted : doubled(counted)
  }
}

/** From left to right. */
function cellsOf(values: Float64Array, width: number, rows: number): Cell[] {
  return Array.from({ length: Math.ceil(width / CELL) }, (_, at) => ({
    values,
    width,
    rows,
    from: at * CELL,
    to: Math.min(width, (at + 1) * CELL),
  }))
}

/** Counted in halves, for the bins end at 1: a power of two changes no bit of a number but its exponent. */
function halve({ values, width, rows, from, to }: Cell, into: Float64Array): void {
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
