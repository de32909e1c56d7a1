// How a window is cut for one pass over it: into parts that are computed, and batches of samples that are read.

import type { Level } from '../cog/level.ts'
import type { Selection } from './selection.ts'
import { CELL } from './statistics.ts'
import type { Window } from './window.ts'

/** A rectangle of a grid. */
export interface ReadBox {
  readonly row: number
  readonly rows: number
  readonly col: number
  readonly cols: number
}

/**
 * Both are multiples of CELL, or all of the grid: so many rows are gone through strip by strip, from left to right,
 * each strip of so many columns. One strip of all columns is gone through from top to bottom.
 */
export interface ScanParts {
  readonly rows: number
  readonly cols: number
}

/** What is read of one scene. */
export interface Scanned {
  readonly window: Window
  readonly selection: Selection
}

/** Raw samples of the bands that are read together. */
const BATCH_BYTES = 8 * 1024 * 1024
/** The same where a row of tiles has more: to cut it would unpack each of them again and again. */
const MOST_BATCH_BYTES = 64 * 1024 * 1024
/** Raw samples that are held at once: of the batch that is computed, and of those on their way meanwhile. */
const HELD_BYTES = 64 * 1024 * 1024
/** Rows of a batch, however narrow: with fewer columns than that a list of rows is longer than the rows. */
const MAX_BATCH_ROWS = 256 * 1024
/** Columns of a strip, where nobody needs whole rows: what is held grows with them, not with the scene. */
const STRIP_COLS = 4 * 1024
/** The same where tiles are wider, as those that are whole rows of a file. */
const MAX_STRIP_COLS = 16 * 1024
/** Of what is computed: a double, and two marks. */
export const BYTES_PER_PIXEL = 10

/**
 * @param scans of scenes on one grid, which are gone through in step
 * @param wholeRows whether whoever takes the values needs whole rows
 */
export function partsOf(scans: readonly Scanned[], wholeRows: boolean): ScanParts {
  const [rows, cols] = scans[0]?.window.grid.shape ?? [0, 0]
  if (wholeRows) return { rows: CELL, cols }
  const tiles = scans.flatMap(({ window }) => tilesOf(window))
  const widest = Math.max(STRIP_COLS, ...tiles.map((tile) => inCells(tile.cols)))
  const strip = Math.min(cols, widest, MAX_STRIP_COLS)
  const tallest = Math.min(rows, Math.max(CELL, ...tiles.map((tile) => inCells(tile.rows))))
  const fits = scans.every((scan) => tallest * strip * sampleBytes(scan) <= MOST_BATCH_BYTES)
  return { rows: fits ? tallest : CELL, cols: strip }
}

function inCells(pixels: number): number {
  return Math.ceil(pixels / CELL) * CELL
}

/** How many pixels of the grid a tile of each band covers. */
function tilesOf({ red, nir, step }: Window): Pick<ReadBox, 'rows' | 'cols'>[] {
  return [red, nir].map(({ tileWidth, tileHeight }) => ({
    cols: Math.ceil(tileWidth / step),
    rows: Math.ceil(tileHeight / step),
  }))
}

/** What a scan holds at a time, beside tiles. */
export function scanBytes(scan: Scanned, parts: ScanParts): number {
  const [rows, cols] = scan.window.grid.shape
  const values = BYTES_PER_PIXEL * Math.min(CELL, rows) * parts.cols
  return values + Math.min(mostHeld(scan, parts), rows * cols * sampleBytes(scan))
}

/** The most samples that are held at a time, in bytes: of a batch, and at least of the next one. */
export function mostHeld(scan: Scanned, parts: ScanParts): number {
  return Math.max(HELD_BYTES, 2 * batchRows(scan, parts) * parts.cols * sampleBytes(scan))
}

/**
 * What a batch counts for among those that are held. A small one, too, unpacks whole tiles and has lists of its rows
 * and columns: by its own bytes hundreds of a grid of one row would be on their way at once.
 */
export function weightOf(scan: Scanned, { rows, cols }: ReadBox): number {
  return Math.max(BATCH_BYTES, rows * cols * sampleBytes(scan))
}

/** Of a pixel, in bytes. */
function sampleBytes({ window: { red, nir }, selection: { qa } }: Scanned): number {
  const bytes = (level: Level) => level.bytesPerSample + level.masks.length
  return bytes(red) + bytes(nir) + (qa === null ? 0 : bytes(qa.placement.level))
}

/** What is read, in the order in which it is computed. */
export function batchesOf(scan: Scanned, parts: ScanParts): ReadBox[] {
  const [rows, cols] = scan.window.grid.shape
  const most = batchRows(scan, parts)
  const atOnce = parts.cols >= cols ? rows : parts.rows
  const batches: ReadBox[] = []
  for (let top = 0; top < rows; top += atOnce) {
    const bottom = Math.min(rows, top + atOnce)
    for (let col = 0; col < cols; col += parts.cols) {
      const across = { col, cols: Math.min(parts.cols, cols - col) }
      for (let row = top; row < bottom; ) {
        const end = batchEnd(scan.window, row, Math.min(bottom, row + most), bottom)
        batches.push({ row, rows: end - row, ...across })
        row = end
      }
    }
  }
  return batches
}

/** A row of tiles at least, unless that is too much. */
function batchRows(scan: Scanned, parts: ScanParts): number {
  const ofRow = parts.cols * sampleBytes(scan)
  const tile = Math.max(...tilesOf(scan.window).map(({ rows }) => rows))
  const fits = Math.max(1, Math.floor(BATCH_BYTES / ofRow))
  return Math.min(MAX_BATCH_ROWS, tile * ofRow <= MOST_BATCH_BYTES ? Math.max(tile, fits) : fits)
}

/** Where a batch ends: between two rows of tiles where it can. */
function batchEnd(
  { red, nir, row: first, step }: Window,
  row: number,
  end: number,
  bottom: number,
) {
  if (end === bottom) return end
  const { tileHeight, height, southUp } = red.tileHeight < nir.tileHeight ? nir : red
  const [middle, south] = [Math.floor(step / 2), southUp ? height % tileHeight : 0]
  // The tile that the row at the end lies in, and the first row of the grid in that tile: see axisOf.
  const tile = Math.floor((first + end * step + middle - south) / tileHeight)
  const edge = Math.ceil((tile * tileHeight + south - first - middle) / step)
  return edge > row ? edge : end
}
