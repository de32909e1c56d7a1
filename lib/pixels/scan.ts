// Reads all bands through a window, some rows at a time, and hands out their NDVI.
// Long: one rectangle and all of a window are read by the same few functions.

import { allOrNone } from '../async/all-or-none.ts'
import { MemoryPool } from '../async/memory-pool.ts'
import { readAhead } from '../async/read-ahead.ts'
import { nextTurn, turnIsOver } from '../async/turns.ts'
import type { Level } from '../cog/cog.ts'
import { readFill, readSamples } from '../cog/rows.ts'
import type { Samples } from '../cog/samples.ts'
import { addTally, emptyTally, type NdviRules, type Tally } from './ndvi.ts'
import type { NdviTask } from './pixel-tasks.ts'
import { type PixelComputer, pixelComputer } from './pixel-threads.ts'
import {
  BYTES_PER_PIXEL,
  batchesOf,
  mostHeld,
  partsOf,
  type ReadBox,
  type Scanned,
  type ScanParts,
  weightOf,
} from './scan-parts.ts'
import { isEverything, markRows, type Selection } from './selection.ts'
import { CELL } from './statistics.ts'
import type { Window } from './window.ts'

/** Some rows of the result, or a part of their columns. */
export interface NdviRows {
  readonly firstRow: number
  readonly firstCol: number
  readonly rows: number
  readonly cols: number
  /** rows * cols, row by row; NaN where invalid. Reused for the next rows: do not keep it. */
  readonly values: Float64Array
  /** 1 where a pixel is not fill, else 0. Reused too. */
  readonly observed: Uint8Array
  readonly tally: Tally
}

/** Pixels that are marked between two looks at the clock. */
const PIECE = 64 * 1024

/** Some rows, or a part of them. */
interface Batch extends ReadBox {
  readonly red: Samples
  readonly nir: Samples
  readonly qa: Samples | null
  /** 1 where a mask in the file of a band says that there is no observation; null without masks. */
  readonly redFill: Uint8Array | null
  readonly nirFill: Uint8Array | null
  /** Likewise of the quality band: nothing is known to be clear there. */
  readonly qaFill: Uint8Array | null
}

/** CELL rows of a window (the last ones may be fewer), or a part of their columns. */
interface Band {
  readonly box: ReadBox
  readonly values: Float64Array
  readonly observed: Uint8Array
  /** Of what is left out, see qa.ts; null where that is nothing. */
  readonly marks: Uint8Array | null
  readonly tally: Tally
}

/**
 * NDVI of a window in bands of CELL rows, part by part, and in each part from top to bottom. Each batch of rows is one
 * planned read of all files, and the next ones are read while one is computed.
 *
 * @param parts whole rows by default
 * @throws {GreenprintError} `raster_unusable`, `content_unavailable`
 */
export async function* scanNdvi(
  window: Window,
  rules: NdviRules,
  selection: Selection,
  signal: AbortSignal,
  parts: ScanParts = partsOf([{ window, selection }], true),
  computer: PixelComputer = pixelComputer,
): AsyncGenerator<NdviRows> {
  const [rows, cols] = window.grid.shape
  const memory = computer.memoryFor(rows * cols)
  using samples = new MemoryPool(memory)
  using results = new MemoryPool(memory)
  const reading = { window, selection, pool: samples }
  const isMarked = !isEverything(selection) || hasMasks(window, selection)
  let band: Band | null = null
  for await (const batch of readBatches(reading, parts, signal)) {
    for (let row = batch.row; row < batch.row + batch.rows; ) {
      band ??= openBand(batch, row, rows, isMarked, results)
      const { box, values, observed, tally } = band
      const piece = overlap(batch, box, row)
      const task = await takeRows(batch, band, piece, { rules, selection }, signal)
      // While others compute, this thread unpacks what comes next.
      addTally(tally, await computer.ndvi(task, signal))
      row += piece.rows
      if (row < box.row + box.rows) continue
      const place = { firstRow: box.row, firstCol: box.col, rows: box.rows, cols: box.cols }
      yield { ...place, values, observed, tally }
      results.give(values.buffer)
      band = null
    }
    for (const { buffer } of [batch.red, batch.nir]) samples.give(buffer)
  }
}

/** What pixels are read into, and read into again. */
export type PixelMemory = MemoryPool<ArrayBufferLike>

export function newMemory(): PixelMemory {
  return new MemoryPool((bytes) => new ArrayBuffer(bytes))
}

/** The pixels of one rectangle of a window's grid, row by row. */
export type BoxPixels = Pick<NdviRows, 'values' | 'observed'>

/**
 * NDVI of a rectangle of a window, by one planned read of all files; all of it is held at once.
 *
 * @param given where its memory comes from: who gives it back there when it is done makes less garbage
 * @throws {GreenprintError} `raster_unusable`, `content_unavailable`
 */
export async function readNdvi(
  window: Window,
  rules: NdviRules,
  selection: Selection,
  box: ReadBox,
  signal: AbortSignal,
  given?: PixelMemory,
): Promise<BoxPixels> {
  const pool = given ?? newMemory()
  const batch = await readBatch({ window, selection, pool }, box, signal)
  const size = box.rows * box.cols
  const isMarked = !isEverything(selection) || hasMasks(window, selection)
  const band = {
    box,
    values: new Float64Array(pool.take(size * Float64Array.BYTES_PER_ELEMENT), 0, size),
    observed: new Uint8Array(pool.take(size), 0, size),
    marks: isMarked ? new Uint8Array(size) : null,
    tally: emptyTally(),
  }
  const task = await takeRows(batch, band, box, { rules, selection }, signal)
  await pixelComputer.ndvi(task, signal)
  for (const { buffer } of [batch.red, batch.nir]) pool.give(buffer)
  if (given === undefined) pool[Symbol.dispose]()
  return { values: band.values, observed: band.observed }
}

/** The band that a row of a batch lies in, of a grid of so many rows. */
function openBand(
  { col, cols }: Batch,
  row: number,
  gridRows: number,
  isMarked: boolean,
  memory: PixelMemory,
): Band {
  const first = row - (row % CELL)
  return bandOf({ row: first, rows: Math.min(CELL, gridRows - first), col, cols }, isMarked, memory)
}

function bandOf(box: ReadBox, isMarked: boolean, pool: PixelMemory): Band {
  const size = box.rows * box.cols
  const memory = pool.take(size * BYTES_PER_PIXEL)
  return {
    box,
    values: new Float64Array(memory, 0, size),
    observed: new Uint8Array(memory, 8 * size, size),
    marks: isMarked ? new Uint8Array(memory, 9 * size, size) : null,
    tally: emptyTally(),
  }
}

/** From a row on, what a batch has of a band. */
function overlap(batch: Batch, { row, rows, col, cols }: ReadBox, from: number): ReadBox {
  return { row: from, rows: Math.min(batch.row + batch.rows, row + rows) - from, col, cols }
}

/** Marks rows of a batch, and makes of them what is to be computed into their place in a band. */
async function takeRows(
  batch: Batch,
  { box, values, observed, marks }: Band,
  { row, rows, col, cols }: ReadBox,
  { rules, selection }: { readonly rules: NdviRules; readonly selection: Selection },
  signal: AbortSignal,
): Promise<NdviTask> {
  const inBatch = rowsOf(batch.row, cols)
  const inBand = rowsOf(box.row, cols)
  const pieceRows = Math.max(1, Math.floor(PIECE / cols))
  for (let from = row; from < row + rows; from += pieceRows) {
    if (marks === null) break
    if (turnIsOver()) await nextTurn(signal)
    const count = Math.min(pieceRows, row + rows - from)
    const cut = (fill: Uint8Array | null) => fill && inBatch(fill, from, count)
    const read = {
      quality: batch.qa && inBatch(batch.qa, from, count),
      qualityFill: cut(batch.qaFill),
      fills: [cut(batch.redFill), cut(batch.nirFill)],
    }
    markRows(inBand(marks, from, count), { firstRow: from, firstCol: col, cols }, read, selection)
  }
  signal.throwIfAborted()
  return {
    kind: 'ndvi',
    red: inBatch(batch.red, row, rows),
    nir: inBatch(batch.nir, row, rows),
    marks: marks && inBand(marks, row, rows),
    rules,
    values: inBand(values, row, rows),
    observed: inBand(observed, row, rows),
  }
}

/** Cuts so many rows from one on out of an array of rows. */
function rowsOf(firstRow: number, cols: number) {
  return <Rows extends { subarray(from: number, end: number): unknown }>(
    all: Rows,
    from: number,
    count: number,
  ) => {
    const rows = all.subarray((from - firstRow) * cols, (from - firstRow + count) * cols)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a part of a typed array is of its type
    return rows as ReturnType<Rows['subarray']>
  }
}

interface Reading extends Scanned {
  /** Where red and NIR of a batch come from, and where whoever takes a batch gives them back. */
  readonly pool: PixelMemory
}

async function* readBatches(
  reading: Reading,
  parts: ScanParts,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const ahead = {
    weigh: (box: ReadBox) => weightOf(reading, box),
    most: mostHeld(reading, parts),
    run: (box: ReadBox, stop: AbortSignal) => readBatch(reading, box, stop),
  }
  for await (const [, batch] of readAhead(batchesOf(reading, parts), ahead, signal)) yield batch
}

async function readBatch(
  { window, selection: { qa }, pool }: Reading,
  box: ReadBox,
  signal: AbortSignal,
): Promise<Batch> {
  const { row, rows, col, cols } = box
  const [rowsAt, colsAt] = [
    window.rowsAt.slice(row, row + rows),
    window.colsAt.slice(col, col + cols),
  ]
  const qaRows = qa?.placement.rows.slice(row, row + rows).positions
  const qaCols = qa?.placement.cols.slice(col, col + cols).positions
  const ofQa = async <T>(
    read: (level: Level, rowsAt: Int32Array, colsAt: Int32Array, stop: AbortSignal) => Promise<T>,
    stop: AbortSignal,
  ): Promise<T | null> => {
    if (qa === null || qaRows === undefined || qaCols === undefined) return null
    return read(qa.placement.level, qaRows, qaCols, stop)
  }
  const readBand = (level: Level, stop: AbortSignal) => {
    const memory = pool.take(rows * cols * level.bytesPerSample)
    return readSamples(level, rowsAt, colsAt, stop, memory)
  }
  const samples = await allOrNone(
    {
      red: (stop) => readBand(window.red, stop),
      nir: (stop) => readBand(window.nir, stop),
      qa: (stop) => ofQa(readSamples, stop),
      redFill: (stop) => readFill(window.red, rowsAt, colsAt, stop),
      nirFill: (stop) => readFill(window.nir, rowsAt, colsAt, stop),
      qaFill: (stop) => ofQa(readFill, stop),
    },
    signal,
  )
  return { ...box, ...samples }
}

/** Whether the file of a band, or that of the quality band, tells which of its pixels are none. */
function hasMasks({ red, nir }: Window, { qa }: Selection): boolean {
  return [red, nir, qa?.placement.level].some((level) => (level?.masks.length ?? 0) > 0)
}
