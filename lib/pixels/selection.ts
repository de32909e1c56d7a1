// Marks of pixels that are excluded before their values are read: outside the polygon, or masked by the quality band.

import type { Samples } from '../cog/samples.ts'
import type { PixelPolygon } from '../geo/pixel-polygon.ts'
import { CLEAR, FILL, MASKED, markQa, OUTSIDE } from './qa.ts'
import type { QaPlacement } from './qa-placement.ts'

/** Which pixels of a window count, whatever the values of its bands. */
export interface Selection {
  /** Where the polygon of the request lies on the window's grid; null for the whole window. */
  readonly polygon: PixelPolygon | null
  readonly qa: { readonly placement: QaPlacement; readonly table: Uint8Array } | null
}

export const everything: Selection = { polygon: null, qa: null }

export function isEverything({ polygon, qa }: Selection): boolean {
  return polygon === null && qa === null
}

/** What was read of some rows besides the bands, each as many numbers as pixels; null where there is none. */
export interface ReadMarks {
  /** Samples of the quality band. */
  readonly quality: Samples | null
  /** 1 where the quality band's own mask says that it has no observation. */
  readonly qualityFill: Uint8Array | null
  /** 1 where the mask of a band says so. */
  readonly fills: readonly (Uint8Array | null)[]
}

/** Rows, or a part of each, of a window. */
export interface MarkedRows {
  readonly firstRow: number
  readonly firstCol?: number
  readonly cols: number
}

/**
 * Writes the marks of some rows of a window into `marks`: outside wins over fill, and fill over quality.
 */
export function markRows(
  marks: Uint8Array,
  { firstRow, firstCol = 0, cols }: MarkedRows,
  { quality, qualityFill, fills }: ReadMarks,
  { polygon, qa }: Selection,
): void {
  marks.fill(CLEAR)
  if (qa !== null && quality !== null) {
    markQa(quality, qa.table, marks)
    markUnreached(marks, { firstRow, firstCol, cols }, qa.placement)
    markWhere(marks, qualityFill, MASKED)
  }
  for (const fill of fills) markWhere(marks, fill, FILL)
  if (polygon === null) return
  const inside = new Uint8Array(cols)
  for (let row = 0; row * cols < marks.length; row++) {
    polygon.markRow(firstRow + row, inside, firstCol)
    for (let col = 0; col < cols; col++) if (inside[col] === 0) marks[row * cols + col] = OUTSIDE
  }
}

function markWhere(marks: Uint8Array, where: Uint8Array | null, mark: number): void {
  if (where === null) return
  for (let i = 0; i < marks.length; i++) if (where[i] === 1) marks[i] = mark
}

function markUnreached(
  marks: Uint8Array,
  { firstRow, firstCol, cols }: Required<MarkedRows>,
  placement: QaPlacement,
): void {
  const count = marks.length / cols
  const { reached: rowReached } = placement.rows.slice(firstRow, firstRow + count)
  const { reached: colReached } = placement.cols.slice(firstCol, firstCol + cols)
  for (let row = 0; row < count; row++) {
    const start = row * cols
    if (rowReached[row] === 0) marks.fill(MASKED, start, start + cols)
    else for (let col = 0; col < cols; col++) if (colReached[col] === 0) marks[start + col] = MASKED
  }
}
