// Reads all bands through a window, some rows at a time, and hands out their NDVI.

import { allOrNone } from '../async/all-or-none.ts'
import { anySignal } from '../async/deadline.ts'
import { readFill, readSamples } from '../cog/rows.ts'
import type { Samples } from '../cog/samples.ts'
import { emptyTally, type NdviRules, ndviOfRows, type Tally } from './ndvi.ts'
import { isEverything, markRows, type Selection } from './selection.ts'
import { CELL } from './statistics.ts'
import type { Window } from './window.ts'

/** Some whole rows of the result. */
export interface NdviRows {
  readonly firstRow: number
  readonly rows: number
  readonly cols: number
  /** rows * cols, row by row; NaN where invalid. Reused for the next rows: do not keep it. */
  readonly values: Float64Array
  /** 1 where a pixel is not fill, else 0. Reused too. */
  readonly observed: Uint8Array
  readonly tally: Tally
}

/** Raw samples of the bands that are held at once; as much again is on its way. */
const MAX_BATCH_BYTES = 32 * 1024 * 1024

interface Batch {
  readonly from: number
  readonly to: number
  readonly red: Samples
  readonly nir: Samples
  readonly qa: Samples | null
  /** 1 where a mask in the file of a band says that there is no observation; null without masks. */
  readonly redFill: Uint8Array | null
  readonly nirFill: Uint8Array | null
  /** Likewise of the quality band: nothing is known to be clear there. */
  readonly qaFill: Uint8Array | null
}

/**
 * NDVI of a window in bands of CELL rows, top to bottom. Each batch of bands is one planned read of all files, and
 * the next batch is read while one is computed.
 *
 * @throws {GreenprintError} `raster_unusable`, `content_unavailable`
 */
export async function* scanNdvi(
  window: Window,
  rules: NdviRules,
  selection: Selection,
  signal: AbortSignal,
): AsyncGenerator<NdviRows> {
  const [rows, cols] = window.grid.shape
  const bandRows = Math.min(CELL, rows)
  const values = new Float64Array(bandRows * cols)
  const hasMarks = !isEverything(selection) || hasMasks(window, selection)
  const marks = hasMarks ? new Uint8Array(values.length) : null
  const observations = new Uint8Array(values.length)
  for await (const batch of readBatches(window, selection, bandRows, signal)) {
    for (let firstRow = batch.from; firstRow < batch.to; firstRow += bandRows) {
      signal.throwIfAborted()
      const count = Math.min(bandRows, batch.to - firstRow)
      const from = (firstRow - batch.from) * cols
      const cut = (samples: Samples) => samples.subarray(from, from + count * cols)
      const known = marks?.subarray(0, count * cols) ?? null
      const cutFill = (fill: Uint8Array | null) => fill?.subarray(from, from + count * cols) ?? null
      if (known !== null) {
        const bands = [cutFill(batch.redFill), cutFill(batch.nirFill)]
        const quality = batch.qa === null ? null : cut(batch.qa)
        const read = { quality, qualityFill: cutFill(batch.qaFill), fills: bands }
        markRows(known, { firstRow, cols }, read, selection)
      }
      const out = values.subarray(0, count * cols)
      const observed = observations.subarray(0, count * cols)
      const tally = emptyTally()
      ndviOfRows(cut(batch.red), cut(batch.nir), known, rules, out, tally, observed)
      yield { firstRow, rows: count, cols, values: out, observed, tally }
    }
  }
}

async function* readBatches(
  window: Window,
  { qa }: Selection,
  bandRows: number,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const [rows, cols] = window.grid.shape
  const bytesPerBand = bandRows * cols * window.step ** 2 * 2 * 2
  const batchRows = bandRows * Math.max(1, Math.floor(MAX_BATCH_BYTES / bytesPerBand))
  const over = new AbortController()
  const both = anySignal([signal, over.signal])

  async function readQa(from: number, to: number, stop: AbortSignal): Promise<Samples | null> {
    if (qa === null) return null
    const { level, rowsAt, colsAt } = qa.placement
    return readSamples(level, rowsAt.subarray(from, to), colsAt, stop)
  }

  async function readQaFill(from: number, to: number, stop: AbortSignal) {
    if (qa === null) return null
    const { level, rowsAt, colsAt } = qa.placement
    return readFill(level, rowsAt.subarray(from, to), colsAt, stop)
  }

  async function read(from: number): Promise<Batch> {
    const to = Math.min(rows, from + batchRows)
    const rowsAt = window.rowsAt.subarray(from, to)
    const samples = await allOrNone(
      {
        red: (stop) => readSamples(window.red, rowsAt, window.colsAt, stop),
        nir: (stop) => readSamples(window.nir, rowsAt, window.colsAt, stop),
        qa: (stop) => readQa(from, to, stop),
        redFill: (stop) => readFill(window.red, rowsAt, window.colsAt, stop),
        nirFill: (stop) => readFill(window.nir, rowsAt, window.colsAt, stop),
        qaFill: (stop) => readQaFill(from, to, stop),
      },
      both,
    )
    return { from, to, ...samples }
  }

  let next: Promise<Batch> | null = read(0)
  try {
    while (next !== null) {
      const batch: Batch = await next
      next = batch.to < rows ? read(batch.to) : null
      // A caller that stops early does not wait for this one; its failure is reported when it is next.
      next?.catch(() => undefined)
      yield batch
    }
  } finally {
    over.abort(new Error('no more rows are wanted'))
    await next?.catch(() => undefined)
  }
}

function hasMasks({ red, nir }: Window, { qa }: Selection): boolean {
  return [red, nir, qa?.placement.level].some((level) => (level?.masks.length ?? 0) > 0)
}
