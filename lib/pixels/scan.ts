// Reads all bands through a window, some rows at a time, and hands out their NDVI.
// Long: one rectangle and all of a window are read by the same few functions.

import { allOrNone } from '../async/all-or-none.ts'
import { anySignal } from '../async/deadline.ts'
import { MemoryPool } from '../async/memory-pool.ts'
import { nextTurn, turnIsOver } from '../async/turns.ts'
import type { Level } from '../cog/cog.ts'
import { readFill, readSamples } from '../cog/rows.ts'
import type { Samples } from '../cog/samples.ts'
import { emptyTally, type NdviRules, ndviOfRows, type Tally } from './ndvi.ts'
import { isEverything, markRows, type Selection } from './selection.ts'
import { CELL } from './statistics.ts'
import type { Window } from './window.ts'

/** Some rows of the result, whole unless the window is wider than `maxCols`. */
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

/** Raw samples of the bands that are computed together. */
const MAX_BATCH_BYTES = 16 * 1024 * 1024
/** Batches that are on their way while one is computed: while the last tiles of one come, the next are asked for. */
const BATCHES_AHEAD = 3
/** Raw samples that are held at once. */
export const MOST_SAMPLE_BYTES = (1 + BATCHES_AHEAD) * MAX_BATCH_BYTES
/** Rows of a batch, however narrow: with fewer columns than that a list of rows is longer than the rows. */
const MAX_BATCH_ROWS = 256 * 1024
/** Columns of a window that are computed together, where nobody needs whole rows. A multiple of CELL. */
export const MAX_COLS = 16 * 1024
/** Pixels that are computed between two looks at the clock. */
const PIECE = 64 * 1024

/** A rectangle of a grid. */
export interface ReadBox {
  readonly row: number
  readonly rows: number
  readonly col: number
  readonly cols: number
}

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

/**
 * NDVI of a window in bands of CELL rows, top to bottom, and in windows wider than `maxCols` from left to right. Each
 * batch of rows is one planned read of all files, and the next ones are read while one is computed.
 *
 * @param maxCols a multiple of CELL
 * @throws {GreenprintError} `raster_unusable`, `content_unavailable`
 */
export async function* scanNdvi(
  window: Window,
  rules: NdviRules,
  selection: Selection,
  signal: AbortSignal,
  maxCols = MAX_COLS,
): AsyncGenerator<NdviRows> {
  const [rows, cols] = window.grid.shape
  const most = Math.min(CELL, rows) * Math.min(maxCols, cols)
  const values = new Float64Array(most)
  const observed = new Uint8Array(most)
  const isMarked = !isEverything(selection) || hasMasks(window, selection)
  const marks = isMarked ? new Uint8Array(most) : null
  let tally = emptyTally()
  const pool = newMemory()
  for await (const batch of readBatches({ window, selection, maxCols, pool }, signal)) {
    const pieceRows = Math.max(1, Math.floor(PIECE / batch.cols))
    for (let row = batch.row; row < batch.row + batch.rows; ) {
      if (turnIsOver()) await nextTurn(signal)
      signal.throwIfAborted()
      const bandRow = row - (row % CELL)
      const bandRows = Math.min(CELL, rows - bandRow)
      const count = Math.min(pieceRows, batch.row + batch.rows - row, bandRow + bandRows - row)
      const piece = { row, rows: count, col: batch.col, cols: batch.cols }
      const start = (row - bandRow) * batch.cols
      const end = start + count * batch.cols
      const known = marks?.subarray(start, end) ?? null
      const out = {
        values: values.subarray(start, end),
        observed: observed.subarray(start, end),
        tally,
      }
      computePiece(batch, piece, selection, rules, known, out)
      row += count
      if (row < bandRow + bandRows) continue
      const size = bandRows * batch.cols
      yield {
        firstRow: bandRow,
        firstCol: batch.col,
        rows: bandRows,
        cols: batch.cols,
        values: values.subarray(0, size),
        observed: observed.subarray(0, size),
        tally,
      }
      tally = emptyTally()
    }
    for (const { buffer } of [batch.red, batch.nir]) pool.give(buffer)
  }
}

export function newMemory(): MemoryPool<ArrayBufferLike> {
  return new MemoryPool((bytes) => new ArrayBuffer(bytes))
}

/** The pixels of one rectangle of a window's grid, row by row. */
export type BoxPixels = Pick<NdviRows, 'values' | 'observed'>

/**
 * NDVI of a rectangle of a window, by one planned read of all files; all of it is held at once.
 *
 * @param pool where its memory comes from: who gives it back there when it is done makes less garbage
 * @throws {GreenprintError} `raster_unusable`, `content_unavailable`
 */
export async function readNdvi(
  window: Window,
  rules: NdviRules,
  selection: Selection,
  box: ReadBox,
  signal: AbortSignal,
  pool: MemoryPool<ArrayBufferLike> = newMemory(),
): Promise<BoxPixels> {
  const batch = await readBatch({ window, selection, pool }, box, signal)
  const size = box.rows * box.cols
  const values = new Float64Array(pool.take(size * Float64Array.BYTES_PER_ELEMENT), 0, size)
  const observed = new Uint8Array(pool.take(size), 0, size)
  const isMarked = !isEverything(selection) || hasMasks(window, selection)
  const marks = isMarked ? new Uint8Array(size) : null
  const pieceRows = Math.max(1, Math.floor(PIECE / box.cols))
  const tally = emptyTally()
  for (let row = 0; row < box.rows; row += pieceRows) {
    if (turnIsOver()) await nextTurn(signal)
    const rows = Math.min(pieceRows, box.rows - row)
    const [start, end] = [row * box.cols, (row + rows) * box.cols]
    const out = { values: values.subarray(start, end), observed: observed.subarray(start, end) }
    const piece = { ...box, row: box.row + row, rows }
    const known = marks?.subarray(start, end) ?? null
    computePiece(batch, piece, selection, rules, known, { ...out, tally })
  }
  for (const { buffer } of [batch.red, batch.nir]) pool.give(buffer)
  return { values, observed }
}

/** Some rows of a batch into the places of a band. */
function computePiece(
  batch: Batch,
  { row, rows, col, cols }: ReadBox,
  selection: Selection,
  rules: NdviRules,
  marks: Uint8Array | null,
  out: { readonly values: Float64Array; readonly observed: Uint8Array; readonly tally: Tally },
): void {
  const from = (row - batch.row) * cols
  const end = from + rows * cols
  if (marks !== null) {
    const cut = (fill: Uint8Array | null) => fill?.subarray(from, end) ?? null
    const read = {
      quality: batch.qa?.subarray(from, end) ?? null,
      qualityFill: cut(batch.qaFill),
      fills: [cut(batch.redFill), cut(batch.nirFill)],
    }
    markRows(marks, { firstRow: row, firstCol: col, cols }, read, selection)
  }
  const [red, nir] = [batch.red.subarray(from, end), batch.nir.subarray(from, end)]
  ndviOfRows(red, nir, marks, rules, out.values, out.tally, out.observed)
}

/** Batches one below the other, for each band of CELL rows from left to right where it is cut into columns. */
function* batchesOf(window: Window, selection: Selection, maxCols: number): Generator<ReadBox> {
  const [rows, cols] = window.grid.shape
  const width = Math.min(maxCols, cols)
  const fits = Math.floor(MAX_BATCH_BYTES / (width * bytesPerPixel(window, selection)))
  const batchRows = Math.min(MAX_BATCH_ROWS, wholeTiles(Math.max(1, fits), window))
  if (width === cols) {
    for (let row = 0; row < rows; row += batchRows) {
      yield { row, rows: Math.min(batchRows, rows - row), col: 0, cols }
    }
    return
  }
  for (let band = 0; band < rows; band += CELL) {
    const end = Math.min(band + CELL, rows)
    for (let col = 0; col < cols; col += width) {
      for (let row = band; row < end; row += batchRows) {
        const box = {
          row,
          rows: Math.min(batchRows, end - row),
          col,
          cols: Math.min(width, cols - col),
        }
        yield box
      }
    }
  }
}

/** So many rows, or as many less as end with a row of tiles, so that few tiles are read twice. */
function wholeTiles(rows: number, { red, step }: Window): number {
  const unit = Math.max(CELL, Math.ceil(red.tileHeight / step))
  return rows > unit ? rows - (rows % unit) : rows
}

function bytesPerPixel({ red, nir }: Window, { qa }: Selection): number {
  const bytes = (level: Level) => level.bytesPerSample + level.masks.length
  return bytes(red) + bytes(nir) + (qa === null ? 0 : bytes(qa.placement.level))
}

interface Reading {
  readonly window: Window
  readonly selection: Selection
  /** Where red and NIR of a batch come from, and where whoever takes a batch gives them back. */
  readonly pool: MemoryPool<ArrayBufferLike>
}

async function* readBatches(
  reading: Reading & { readonly maxCols: number },
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const { window, selection, maxCols } = reading
  const over = new AbortController()
  const both = anySignal([signal, over.signal])
  const boxes = batchesOf(window, selection, maxCols)
  const pending: Promise<Batch>[] = []
  const askAhead = (most: number): void => {
    while (pending.length < most) {
      const { done, value } = boxes.next()
      if (done === true) return
      const read = readBatch(reading, value, both)
      // A caller that stops early does not wait for it; its failure is reported when it is next.
      read.catch(() => undefined)
      pending.push(read)
    }
  }
  try {
    askAhead(BATCHES_AHEAD)
    for (let next = pending[0]; next !== undefined; next = pending[0]) {
      const batch = await next
      void pending.shift()
      askAhead(BATCHES_AHEAD)
      yield batch
    }
  } finally {
    over.abort(new Error('no more rows are wanted'))
    await Promise.allSettled(pending)
  }
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

function hasMasks({ red, nir }: Window, { qa }: Selection): boolean {
  return [red, nir, qa?.placement.level].some((level) => (level?.masks.length ?? 0) > 0)
}
