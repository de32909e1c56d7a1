// Reads both bands through a window, some rows at a time, and hands out their NDVI.

import { together } from '../net/together.ts'
import type { Level } from './cog.ts'
import { computeNdvi, emptyTally, type NdviRules, type Tally } from './ndvi.ts'
import { CELL } from './statistics.ts'
import type { Samples } from './tile-decoder.ts'
import type { Window } from './window.ts'

/** Some whole rows of the result. */
export interface NdviRows {
  readonly firstRow: number
  readonly rows: number
  readonly cols: number
  /** rows * cols, row by row; NaN where invalid. Reused for the next rows: do not keep it. */
  readonly values: Float64Array
  readonly tally: Tally
}

/** Raw samples of both bands that are held at once. */
const MAX_BATCH_BYTES = 64 * 1024 * 1024

/**
 * NDVI of a window in bands of CELL rows, top to bottom. Each batch of bands is one planned read of both files.
 *
 * @throws {GreenprintError} `raster_unusable`, `content_unavailable`
 */
export async function* scanNdvi(
  window: Window,
  rules: NdviRules,
  signal: AbortSignal,
): AsyncGenerator<NdviRows> {
  const [rows, cols] = window.grid.shape
  const bandRows = Math.min(CELL, rows)
  const batchRows = batchSize(window, bandRows)
  const values = new Float64Array(bandRows * cols)
  for (let batch = 0; batch < rows; batch += batchRows) {
    const end = Math.min(rows, batch + batchRows)
    const read = (level: Level) => (both: AbortSignal) => readRows(level, window, batch, end, both)
    const [red, nir] = await together([read(window.red), read(window.nir)], signal)
    if (red === undefined || nir === undefined) throw new RangeError('two bands were read')
    for (let firstRow = batch; firstRow < end; firstRow += bandRows) {
      signal.throwIfAborted()
      const count = Math.min(bandRows, end - firstRow)
      const from = (firstRow - batch) * cols
      const to = from + count * cols
      const out = values.subarray(0, count * cols)
      const tally = emptyTally()
      computeNdvi(red.subarray(from, to), nir.subarray(from, to), rules, out, tally)
      yield { firstRow, rows: count, cols, values: out, tally }
    }
  }
}

function batchSize({ grid, step }: Window, bandRows: number): number {
  const bytesPerBand = 2 * bandRows * grid.shape[1] * step * step * 4
  return bandRows * Math.max(1, Math.floor(MAX_BATCH_BYTES / bytesPerBand))
}

/** Rows `[from, to)` of the window's grid, of one band. */
async function readRows(
  level: Level,
  window: Window,
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<Samples> {
  const rowsAt = pick(from, to, window.row, window.rows, window.step)
  const colsAt = pick(0, window.grid.shape[1], window.col, window.cols, window.step)
  const across = tilesOf(colsAt, level.tileWidth)
  const down = tilesOf(rowsAt, level.tileHeight)
  const indices = down.flatMap((tileRow) =>
    across.map((tileCol) => tileRow * level.tilesAcross + tileCol),
  )
  const tiles = await level.readTiles(indices, signal)
  const out = level.allocate(rowsAt.length * colsAt.length)
  indices.forEach((index, at) => {
    const tile = tiles[at]
    if (tile !== undefined && tile !== null) place(tile, index, level, rowsAt, colsAt, out)
  })
  return out
}

/** Source rows (or columns) of grid rows `[from, to)`: the middle one of every `step`. */
function pick(from: number, to: number, first: number, size: number, step: number): Int32Array {
  const middle = Math.floor(step / 2)
  return Int32Array.from(
    { length: to - from },
    (_, i) => first + Math.min((from + i) * step + middle, size - 1),
  )
}

function tilesOf(positions: Int32Array, tileSize: number): number[] {
  return [...new Set(positions.map((position) => Math.floor(position / tileSize)))]
}

/** Copies the part of a tile that the window wants. */
function place(
  tile: Samples,
  index: number,
  { tileWidth, tileHeight, tilesAcross }: Level,
  rowsAt: Int32Array,
  colsAt: Int32Array,
  out: Samples,
): void {
  const top = Math.floor(index / tilesAcross) * tileHeight
  const left = (index % tilesAcross) * tileWidth
  const rows = within(rowsAt, top, top + tileHeight)
  const cols = within(colsAt, left, left + tileWidth)
  const contiguous = cols.to - cols.from === colsAt[cols.to - 1]! - colsAt[cols.from]! + 1
  for (let i = rows.from; i < rows.to; i++) {
    const source = (rowsAt[i]! - top) * tileWidth - left
    const target = i * colsAt.length
    if (contiguous) {
      const start = source + colsAt[cols.from]!
      out.set(tile.subarray(start, start + cols.to - cols.from), target + cols.from)
    } else {
      for (let j = cols.from; j < cols.to; j++) out[target + j] = tile[source + colsAt[j]!]!
    }
  }
}

/** Where a sorted list lies in `[low, high)`. */
function within(sorted: Int32Array, low: number, high: number): { from: number; to: number } {
  const from = sorted.findIndex((position) => position >= low)
  const to = sorted.findLastIndex((position) => position < high) + 1
  return { from, to }
}
