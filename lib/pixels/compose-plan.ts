// How a composite is cut: into blocks of rows that are composed together, and these into rectangles of which all
// observations are held at a time.

import type { PixelPolygon } from '../geo/pixel-polygon.ts'
import type { CompositeMethod } from '../model/composite.ts'
import type { ReadBox } from './scan-parts.ts'
import type { Joined } from './stack.ts'
import { type PlannedGrid, rowsOfTiles } from './zone-plan.ts'

export interface Composition {
  readonly method: CompositeMethod
  /** By time, the oldest first: of equal values the first is the largest. */
  readonly stack: readonly Joined[]
  readonly grid: PlannedGrid
  /** Beyond it nothing is read; null for all of the grid. */
  readonly polygon: PixelPolygon | null
  /** Bytes that are read ahead of what is composed. */
  readonly ahead?: number
}

/** Bytes of rows that are composed together, and what the values of all observations of a rectangle hold. */
const MOST_BLOCK_BYTES = 80 * 1024 * 1024
const MOST_FOLD_BYTES = 64 * 1024 * 1024
/** Of half of a large tile, which is not unpacked three times to save memory. */
const MOST_HALF_TILE_BYTES = 104 * 1024 * 1024
/** Of a rectangle: few enough that several are read at a time, and that of the latest values many are soon complete. */
const MOST_BOX_PIXELS = 1024 * 1024
/** What is read ahead of what is composed. */
export const MOST_READ_BYTES = 32 * 1024 * 1024
/** Of a pixel: doubles and marks of a layer, its raw samples and those of its quality. */
export const READ_BYTES = 16
/** A float32 and a mark. */
const COMPOSED_BYTES = 6

/** Bytes that composing holds at its most, beside tiles. */
export function composingBytes({ stack, grid, method }: Composition): number {
  const [rows, cols] = grid.shape
  const pixels = rows * cols
  const block = Math.min(pixels * COMPOSED_BYTES, MOST_BLOCK_BYTES)
  const most = method === 'latest_valid' ? 2 * MOST_BLOCK_BYTES : MOST_HALF_TILE_BYTES
  const fold = Math.min(pixels * foldBytes(method, stack.length), most)
  return block + fold + Math.min(stack.length * pixels * READ_BYTES, 2 * MOST_READ_BYTES)
}

function foldBytes(method: CompositeMethod, count: number): number {
  return method === 'median' ? 8 * count + 1 : 10
}

/** Pixels of a rectangle at most. */
function mostPixels({ method, stack, grid: { tile } }: Composition): number {
  const bytes = foldBytes(method, stack.length)
  const fit = Math.max(1, Math.min(MOST_BOX_PIXELS, Math.floor(MOST_FOLD_BYTES / bytes)))
  const half = tile.rows * Math.ceil(tile.cols / 2)
  return half > fit && half * bytes <= MOST_HALF_TILE_BYTES ? half : fit
}

export interface RowBlock {
  readonly row: number
  readonly rows: number
}

/** Rows that are composed, and kept, together: whole rows of tiles, where they are not too long. */
export function rowBlocks({ shape: [height, cols], tile }: PlannedGrid): RowBlock[] {
  const most = Math.max(1, Math.floor(MOST_BLOCK_BYTES / (cols * COMPOSED_BYTES)))
  const tiles = rowsOfTiles({ tile })
  const rows = Math.min(tiles, most)
  const blocks: RowBlock[] = []
  // The first ends where a row of tiles does.
  let end = rows === tiles ? (((tile.row % rows) + rows - 1) % rows) + 1 : rows
  for (let row = 0; row < height; row = end, end += rows) {
    blocks.push({ row, rows: Math.min(end, height) - row })
  }
  return blocks
}

/** Rectangles of a block of which all observations are held at a time: whole tiles where they fit. */
export function boxesOf({ row, rows }: RowBlock, composition: Composition): ReadBox[] {
  const { grid, polygon } = composition
  const [, width] = grid.shape
  const { tile } = grid
  const most = mostPixels(composition)
  // Of strips all columns come at once, so that they are cut in their length last.
  const isStrips = tile.cols >= width
  const boxRows = isStrips ? Math.min(rows, Math.max(1, Math.floor(most / width))) : rows
  const fit = Math.min(width, Math.max(1, Math.floor(most / boxRows)))
  const isWhole = fit >= tile.cols
  const boxCols = isWhole ? fit - (fit % tile.cols) : partOfTile(tile.cols, fit)
  const unit = Math.min(boxCols, tile.cols)
  const lead = ((tile.col % unit) + unit) % unit
  const boxes: ReadBox[] = []
  for (let top = row; top < row + rows; top += boxRows) {
    let right = lead === 0 ? boxCols : lead + boxCols - unit
    for (let col = 0; col < width; col = right, right += boxCols) {
      const box = {
        row: top,
        rows: Math.min(boxRows, row + rows - top),
        col,
        cols: Math.min(right, width) - col,
      }
      if (polygon === null || touches(polygon, box)) boxes.push(box)
    }
  }
  return boxes
}

/** Columns of equal parts of a tile that fit. */
function partOfTile(cols: number, fit: number): number {
  return Math.ceil(cols / Math.ceil(cols / fit))
}

function touches(polygon: PixelPolygon, { row, rows, col, cols }: ReadBox): boolean {
  const [first, end] = polygon.rows
  for (let at = Math.max(row, first); at < Math.min(row + rows, end); at++) {
    const spans = polygon.spansOf(at)
    for (let i = 0; i < spans.length; i += 2) {
      if (spans[i]! < col + cols && spans[i + 1]! > col) return true
    }
  }
  return false
}
