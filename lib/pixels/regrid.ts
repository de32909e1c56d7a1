// Values of one grid on the pixels of another, while their rows stream in: what is held is a few rows, never the grid.

import { inTurns, nextTurn, turnIsOver } from '../async/turns.ts'
import type { PixelBox, WarpPlaces } from '../geo/warp-places.ts'
import type { Resampling } from '../model/resampling.ts'
import { type Density, reachOf, resample } from './resample.ts'
import { stepsOf } from './targets.ts'

export interface RegridPlan {
  /** Rows and columns of the values. */
  readonly from: readonly [number, number]
  /** Rows and columns of the result. */
  readonly to: readonly [number, number]
  /** Where pixels of the result lie on the grid of the values, in its columns and rows. */
  readonly places: (box: PixelBox) => WarpPlaces
  readonly resampling: Resampling
}

/** Pixels along a side of what is drawn at a time. */
const BLOCK = 128
/** Values that are gathered before something is drawn of them, and rows at least. */
const BATCH = 1024 * 1024
const LEAST_ROWS = 32
/** Between two pixels of a block's outline its edge may bulge that far, in rows of the values. */
const BULGE = 2

interface Block extends PixelBox {
  /** The first and the last row of the values that one of its pixels waits for. */
  readonly first: number
  readonly last: number
}

export class Regrid {
  readonly #plan: RegridPlan
  readonly #paint: (at: number, value: number) => void
  readonly #density: Density
  readonly #reach: number
  /** Placed with the first rows: that takes its time. */
  #blocks: readonly Block[] | null = null
  readonly #held: Float64Array
  /** Rows of the values: the first that is held, the first that nothing was drawn of, the first that is missing. */
  #first = 0
  #drawn = 0
  #end = 0

  /** @param paint gets the value of a pixel of the result, counted row by row; those without one are left out */
  constructor(plan: RegridPlan, paint: (at: number, value: number) => void) {
    this.#plan = plan
    this.#paint = paint
    this.#density = densityOf(plan)
    this.#reach = reachOf(plan.resampling, this.#density).rows
    this.#held = new Float64Array(heldRows(plan, this.#reach) * plan.from[1])
  }

  /** What is held at a time, in bytes. */
  static bytesOf(plan: RegridPlan): number {
    return 8 * plan.from[1] * heldRows(plan, reachOf(plan.resampling, densityOf(plan)).rows)
  }

  /** Takes the next whole rows, top to bottom; NaN = no value. They may be reused when it resolves. */
  async add(values: Float64Array, signal: AbortSignal): Promise<void> {
    const [rows, cols] = this.#plan.from
    const count = values.length / cols
    if (!Number.isInteger(count) || this.#end + count > rows)
      throw new RangeError(`${values.length} values are not whole rows of the rest of the grid`)
    for (let row = 0; row < count; ) {
      const at = this.#end - this.#first
      const fits = Math.min(count - row, this.#held.length / cols - at)
      this.#held.set(values.subarray(row * cols, (row + fits) * cols), at * cols)
      row += fits
      this.#end += fits
      const isFull = (this.#end - this.#first) * cols === this.#held.length
      if (isFull || this.#end === rows) await this.#draw(signal)
    }
  }

  /** @throws {RangeError} when rows are missing */
  finish(): void {
    const [rows] = this.#plan.from
    if (this.#end !== rows) throw new RangeError(`Only ${this.#end} of ${rows} rows were added.`)
  }

  /** All pixels for which the last rows were missing. */
  async #draw(signal: AbortSignal): Promise<void> {
    this.#blocks ??= await inTurns(placeBlocks(this.#plan, this.#reach), signal)
    for (const block of this.#blocks) {
      if (block.last < this.#drawn || block.first >= this.#end) continue
      this.#drawBlock(block)
      if (turnIsOver()) await nextTurn(signal)
    }
    this.#drawn = this.#end
    const kept = Math.max(this.#first, this.#end - 2 * this.#reach)
    const [, cols] = this.#plan.from
    this.#held.copyWithin(0, (kept - this.#first) * cols, (this.#end - this.#first) * cols)
    this.#first = kept
  }

  #drawBlock(block: Block): void {
    const { from, to, places, resampling } = this.#plan
    const [rows, cols] = from
    const all = places(block)
    const size = block.cols * block.rows
    const at = new Uint32Array(size)
    const [x, y] = [new Float64Array(size), new Float64Array(size)]
    let count = 0
    for (let i = 0; i < size; i++) {
      const row = all.rows[i]!
      // NaN is in no range.
      if (!(row >= -1 && row <= rows + 1)) continue
      const due = dueAt(row, this.#reach, rows)
      if (due < this.#drawn || due >= this.#end) continue
      at[count] = (block.row + Math.floor(i / block.cols)) * to[1] + block.col + (i % block.cols)
      x[count] = all.cols[i]!
      y[count] = row
      count++
    }
    const patch = {
      col: 0,
      row: this.#first,
      cols,
      rows: this.#end - this.#first,
      values: this.#held,
      scale: { cols: 1, rows: 1 },
    }
    const placed = [x.subarray(0, count), y.subarray(0, count)] as const
    const values = resample(patch, ...placed, resampling, this.#density)
    for (let i = 0; i < count; i++) {
      const value = values[i]!
      if (value === value) this.#paint(at[i]!, value)
    }
  }
}

/** The last row of the values that a place is made of. */
function dueAt(row: number, reach: number, rows: number): number {
  return Math.min(rows - 1, Math.max(0, Math.floor(row) + reach))
}

function heldRows({ from: [rows, cols] }: RegridPlan, reach: number): number {
  return Math.min(rows, 2 * reach + Math.max(LEAST_ROWS, Math.ceil(BATCH / cols)))
}

/** In the middle of the result. */
function densityOf({ to: [rows, cols], places }: RegridPlan): Density {
  const span = (size: number) => [Math.floor(size / 2), Math.min(size, 2)] as const
  const [[row, height], [col, width]] = [span(rows), span(cols)]
  const box = { row: row - height + 1, col: col - width + 1, rows: height, cols: width }
  const inside = { ...box, row: Math.max(0, box.row), col: Math.max(0, box.col) }
  const steps = stepsOf({ width, ...places(inside) })
  return steps === null ? { cols: 1, rows: 1 } : { cols: 1 / steps.cols, rows: 1 / steps.rows }
}

function* placeBlocks(plan: RegridPlan, reach: number): Generator<undefined, Block[], undefined> {
  const [rows, cols] = plan.to
  const blocks: Block[] = []
  for (let row = 0; row < rows; row += BLOCK) {
    for (let col = 0; col < cols; col += BLOCK) {
      const box = {
        row,
        col,
        rows: Math.min(BLOCK, rows - row),
        cols: Math.min(BLOCK, cols - col),
      }
      const [least, most] = rowsAround(box, plan)
      const due = (at: number) => dueAt(at, reach, plan.from[0])
      if (most >= -1 && least <= plan.from[0] + 1)
        blocks.push({ ...box, first: due(least), last: due(most) })
      yield
    }
  }
  return blocks
}

/** Between which rows of the values the pixels of a box lie: the farthest are on its outline. */
function rowsAround(box: PixelBox, { places }: RegridPlan): [number, number] {
  const [bottom, right] = [box.row + box.rows - 1, box.col + box.cols - 1]
  const sides = [
    { ...box, rows: 1 },
    { ...box, row: bottom, rows: 1 },
    { ...box, cols: 1 },
    { ...box, col: right, cols: 1 },
  ].flatMap((side) => [...places(side).rows])
  if (!sides.every(Number.isFinite)) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  return [Math.min(...sides) - BULGE, Math.max(...sides) + BULGE]
}
