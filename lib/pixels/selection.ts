// Marks of pixels that are excluded before their values are read: outside the polygon, or masked by the quality band.

import type { Samples } from '../cog/tile-decoder.ts'
import type { PixelPolygon } from '../geo/pixel-polygon.ts'
import { MASKED, markQa, OUTSIDE } from './qa.ts'
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

/**
 * Writes the marks of some rows of a window into `marks`.
 *
 * @param quality samples of the quality band for these rows, or null where none is read
 */
export function markRows(
  marks: Uint8Array,
  { firstRow, cols }: { readonly firstRow: number; readonly cols: number },
  quality: Samples | null,
  { polygon, qa }: Selection,
): void {
  marks.fill(0)
  if (qa !== null && quality !== null) {
    markQa(quality, qa.table, marks)
    markUnreached(marks, firstRow, cols, qa.placement)
  }
  if (polygon === null) return
  const inside = new Uint8Array(cols)
  for (let row = 0; row * cols < marks.length; row++) {
    polygon.markRow(firstRow + row, inside)
    for (let col = 0; col < cols; col++) if (inside[col] === 0) marks[row * cols + col] = OUTSIDE
  }
}

function markUnreached(
  marks: Uint8Array,
  firstRow: number,
  cols: number,
  { rowReached, colReached }: QaPlacement,
): void {
  for (let row = 0; row * cols < marks.length; row++) {
    const start = row * cols
    if (rowReached[firstRow + row] === 0) marks.fill(MASKED, start, start + cols)
    else for (let col = 0; col < cols; col++) if (colReached[col] === 0) marks[start + col] = MASKED
  }
}
