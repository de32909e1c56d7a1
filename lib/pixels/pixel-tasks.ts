// The loops that every pixel of a scene goes through, as tasks: for this thread in turns, or for one beside it.

import type { TaskSteps } from '../async/threads.ts'
import type { Samples } from '../cog/samples.ts'
import { type Cell, type CellMoments, measureCell } from './cell-moments.ts'
import { emptyTally, type NdviRules, ndviOfRows, type Tally } from './ndvi.ts'
import { emptyBins, type ValueBins } from './value-bins.ts'

/** Raw numbers of which NDVI is made: see ndviOfRows. */
export interface NdviTask {
  readonly kind: 'ndvi'
  readonly red: Samples
  readonly nir: Samples
  readonly marks: Uint8Array | null
  readonly rules: NdviRules
  /** Take the result. */
  readonly values: Float64Array
  readonly observed: Uint8Array
}

/** Cells of values of which moments are taken, and bins counted. */
export interface CellsTask {
  readonly kind: 'cells'
  readonly cells: readonly Cell[]
}

export type PixelTask = NdviTask | CellsTask

export interface MeasuredCells {
  /** Of each cell. */
  readonly moments: readonly CellMoments[]
  /** Of all of them. */
  readonly bins: ValueBins
}

export type PixelResult = Tally | MeasuredCells

/** Pixels between two steps: they take about a millisecond. */
const STEP = 64 * 1024

export function* ndviSteps(task: NdviTask): TaskSteps<Tally> {
  const { red, nir, marks, rules, values, observed } = task
  const tally = emptyTally()
  for (let from = 0; from < values.length; from += STEP) {
    const end = Math.min(values.length, from + STEP)
    ndviOfRows(
      red.subarray(from, end),
      nir.subarray(from, end),
      marks?.subarray(from, end) ?? null,
      rules,
      values.subarray(from, end),
      tally,
      observed.subarray(from, end),
    )
    yield
  }
  return tally
}

/** @param bins are counted further */
export function* cellSteps(
  { cells }: CellsTask,
  bins: ValueBins = emptyBins(),
): TaskSteps<MeasuredCells> {
  const moments: CellMoments[] = []
  for (const cell of cells) {
    moments.push(measureCell(cell, bins))
    yield
  }
  return { moments, bins }
}

export function* computeTask(task: PixelTask): TaskSteps<PixelResult> {
  return task.kind === 'ndvi' ? yield* ndviSteps(task) : yield* cellSteps(task)
}
