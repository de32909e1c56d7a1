// Who computes pixels: threads beside this one where the machine has more processors than one and there is much to do,
// else this thread, in turns. The numbers are the same to the last bit.

import { availableParallelism } from 'node:os'
import { allOrNone } from '../async/all-or-none.ts'
import { Threads } from '../async/threads.ts'
import { inTurns } from '../async/turns.ts'
import type { Cell, CellMoments } from './cell-moments.ts'
import { addTally, emptyTally, type Tally } from './ndvi.ts'
import {
  cellSteps,
  type MeasuredCells,
  type NdviTask,
  ndviSteps,
  type PixelResult,
  type PixelTask,
} from './pixel-tasks.ts'
import { addBins, type ValueBins } from './value-bins.ts'

/** This thread reads, and zlib's unpack: more than these have nothing to do on a machine of any size. */
const MOST_THREADS = 3

/** From here on the threads save more than it takes to start them, which is a twentieth of a second. */
const WORTH_PIXELS = 2 ** 22

/** Computes pixels here, or on threads of its own. */
export class PixelComputer implements AsyncDisposable {
  readonly #threads: Threads<PixelTask, PixelResult>

  readonly #worthPixels: number

  /**
   * @param most threads beside this one
   * @param worthPixels from so many on they are worth while
   */
  constructor(most: number, worthPixels = WORTH_PIXELS) {
    const load = () => import('./pixel-thread.ts')
    this.#threads = new Threads({ load, most })
    this.#worthPixels = worthPixels
  }

  /** Threads that are there by now. */
  get threads(): number {
    return this.#threads.count
  }

  /** Makes memory for a computation of so many pixels: such as threads share where they are worth while. */
  memoryFor(pixels: number): (bytes: number) => ArrayBufferLike {
    const isWorth = this.#threads.most > 0 && pixels >= this.#worthPixels
    if (!isWorth) return (bytes) => new ArrayBuffer(bytes)
    void this.start()
    return (bytes) => new SharedArrayBuffer(bytes)
  }

  /** Resolves when the threads are there. */
  start(): Promise<void> {
    return this.#threads.start()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#threads.end()
  }

  /** NDVI of rows, by as many threads as there are where all of it lies in shared memory. */
  async ndvi(task: NdviTask, signal: AbortSignal): Promise<Tally> {
    const isShared = [task.red, task.nir, task.values, task.observed].every(liesShared)
    if (!isShared || this.threads === 0) return inTurns(ndviSteps(task), signal)
    const parts = split(task.values.length, this.threads).map(
      ([from, end]): NdviTask => ({
        ...task,
        red: task.red.subarray(from, end),
        nir: task.nir.subarray(from, end),
        marks: task.marks?.subarray(from, end) ?? null,
        values: task.values.subarray(from, end),
        observed: task.observed.subarray(from, end),
      }),
    )
    const tally = emptyTally()
    for (const part of await this.#runAll<Tally>(parts, signal)) addTally(tally, part)
    return tally
  }

  /**
   * Moments of cells, likewise.
   *
   * @param bins are counted further
   */
  async cells(
    cells: readonly Cell[],
    bins: ValueBins,
    signal: AbortSignal,
  ): Promise<readonly CellMoments[]> {
    const isShared = cells.every(({ values }) => liesShared(values))
    if (!isShared || this.threads === 0) {
      const { moments } = await inTurns(cellSteps({ kind: 'cells', cells }, bins), signal)
      return moments
    }
    const parts = split(cells.length, this.threads).map(
      ([from, end]) => ({ kind: 'cells', cells: cells.slice(from, end) }) as const,
    )
    const measured = await this.#runAll<MeasuredCells>(parts, signal)
    for (const part of measured) addBins(bins, part.bins)
    return measured.flatMap(({ moments }) => moments)
  }

  /** @template Result what tasks of this kind have */
  #runAll<Result extends PixelResult>(
    tasks: readonly PixelTask[],
    signal: AbortSignal,
  ): Promise<Result[]> {
    const runs = tasks.map((task) => async (stop: AbortSignal): Promise<Result> => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- computeTask answers each kind with its own
      return (await this.#threads.run(task, stop)) as Result
    })
    return allOrNone(runs, signal)
  }
}

/** Of this process. */
export const pixelComputer = new PixelComputer(Math.min(MOST_THREADS, availableParallelism() - 1))

function liesShared({ buffer }: ArrayBufferView): boolean {
  return buffer instanceof SharedArrayBuffer
}

/** So many stretches of about the same length, none of them empty. */
function split(length: number, parts: number): (readonly [from: number, end: number])[] {
  const size = Math.max(1, Math.ceil(length / parts))
  return Array.from({ length: Math.ceil(length / size) }, (_, part) => [
    part * size,
    Math.min(length, (part + 1) * size),
  ])
}
