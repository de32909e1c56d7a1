// Which rectangles of a grid are read for its zones: each tile once, and no tile that none of them touches.

import type { PixelPolygon } from '../geo/pixel-polygon.ts'
import type { ReadBox } from './scan-parts.ts'
import { placeAround } from './window.ts'

/** A grid as zones are laid over it. */
export interface PlannedGrid {
  /** rows, cols */
  readonly shape: readonly [number, number]
  /** Rows and columns of the tiles that are read, and the row and column of the grid with which one of them begins. */
  readonly tile: {
    readonly rows: number
    readonly cols: number
    readonly row: number
    readonly col: number
  }
}

export interface PlannedBox extends ReadBox {
  /** Numbers of the zones that have pixels in it. */
  readonly zones: readonly number[]
}

export interface ZonePlan {
  /** Of a zone, all of its pixels on the grid as it goes on beyond its ends. */
  readonly totals: readonly number[]
  /** Of a zone, its pixels on the grid. */
  readonly covered: readonly number[]
  /** From the top down, those of a row of tiles from left to right. A zone lies in one of them for each row. */
  readonly boxes: readonly PlannedBox[]
}

/** Rows that are read together: whole tiles, about as many. */
const ROWS = 512

/** Pixels of a zone in one row of tiles. */
interface Piece {
  readonly zone: number
  readonly band: number
  readonly row: number
  rows: number
  col: number
  cols: number
}

/** Rows that are read together: whole rows of tiles. */
export function rowsOfTiles({ tile: { rows } }: Pick<PlannedGrid, 'tile'>): number {
  return rows >= ROWS ? rows : rows * Math.floor(ROWS / rows)
}

export function planZones(zones: readonly PixelPolygon[], grid: PlannedGrid): ZonePlan {
  const bandRows = rowsOfTiles(grid)
  const placed = zones.map((polygon, zone) => placeZone(polygon, zone, grid, bandRows))
  const bands = Map.groupBy(
    placed.flatMap(({ pieces }) => pieces),
    ({ band }) => band,
  )
  const sorted = [...bands].toSorted(([one], [other]) => one - other)
  return {
    totals: placed.map(({ total }) => total),
    covered: placed.map(({ covered }) => covered),
    boxes: sorted.flatMap(([, pieces]) => boxesOf(pieces, grid)),
  }
}

function placeZone(
  polygon: PixelPolygon,
  zone: number,
  { shape: [rows, cols], tile }: PlannedGrid,
  bandRows: number,
): { readonly total: number; readonly covered: number; readonly pieces: readonly Piece[] } {
  const [first, end] = polygon.rows
  const pieces: Piece[] = []
  let total = 0
  let covered = 0
  for (let row = first; row < end; row++) {
    const spans = polygon.spansOf(row)
    for (let at = 0; at < spans.length; at += 2) {
      const [from, to] = [Math.max(0, spans[at]!), Math.min(cols, spans[at + 1]!)]
      total += spans[at + 1]! - spans[at]!
      if (row < 0 || row >= rows || from >= to) continue
      covered += to - from
      const band = Math.floor((row - tile.row) / bandRows)
      const open = pieces.at(-1)
      if (open?.band === band) widen(open, row, from, to)
      else pieces.push({ zone, band, row, rows: 1, col: from, cols: to - from })
    }
  }
  return { total, covered, pieces }
}

function widen(piece: Piece, row: number, from: number, to: number): void {
  const end = Math.max(piece.col + piece.cols, to)
  piece.col = Math.min(piece.col, from)
  piece.cols = end - piece.col
  piece.rows = row + 1 - piece.row
}

/** Pieces that share a column of tiles are read together. */
function boxesOf(pieces: readonly Piece[], { tile }: PlannedGrid): PlannedBox[] {
  const columnOf = (col: number) => Math.floor((col - tile.col) / tile.cols)
  const sorted = pieces.toSorted((one, other) => one.col - other.col)
  const groups: { last: number; readonly members: Piece[] }[] = []
  for (const piece of sorted) {
    const last = columnOf(piece.col + piece.cols - 1)
    const group = groups.at(-1)
    if (group !== undefined && columnOf(piece.col) <= group.last) {
      group.members.push(piece)
      group.last = Math.max(group.last, last)
    } else groups.push({ last, members: [piece] })
  }
  return groups.map(({ members }) => ({
    ...placeAround(members),
    zones: members.map(({ zone }) => zone),
  }))
}
