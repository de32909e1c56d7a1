// Samples of a raster at places between its pixels, as GDAL's warper takes them: nearest, and bilinear.

import type { Resampling } from '../model/resampling.ts'

/** A part of a level: its samples as doubles, NaN where they have no value. */
export interface RasterPatch {
  /** First column and row on the level. */
  readonly col: number
  readonly row: number
  readonly cols: number
  readonly rows: number
  readonly values: Float64Array
  /** Its columns and rows in one of the grid that places are told in; 1 where that is its own. */
  readonly scale: Density
}

/** How many pixels of the result one of the raster is, along its columns and its rows. */
export interface Density {
  readonly cols: number
  readonly rows: number
}

/** A hair over an edge is on it. */
const EDGE = 1e-10
/** GDAL widens the kernel of what is reduced by more than that (GWKSetup): else pixels would be left out. */
const NOT_REDUCED = 0.95

/**
 * @param colsAt columns in the grid that the patch's `scale` is of, for each pixel of the result; the first pixel's
 *   centre is at 0.5
 * @param rowsAt rows likewise
 * @returns a value for each place; NaN outside of the raster, and where the nearest sample has none: a pixel without a
 *   value stays one, and its neighbours are made of what else is around them
 */
export function resample(
  patch: RasterPatch,
  colsAt: Float64Array,
  rowsAt: Float64Array,
  how: Resampling,
  density: Density,
): Float64Array<ArrayBuffer> {
  const here = nearestAt(patch, colsAt, rowsAt)
  if (how === 'nearest') return takeAt(patch.values, here)
  const isReduced = density.cols < NOT_REDUCED || density.rows < NOT_REDUCED
  return isReduced
    ? widely(patch, colsAt, rowsAt, here, density)
    : bilinear(patch, colsAt, rowsAt, here)
}

/**
 * The sample of a patch that holds each place, counted row by row; -1 where that is none.
 *
 * @param at takes what is answered
 */
export function nearestAt(
  { col, row, cols, rows, scale }: Omit<RasterPatch, 'values'>,
  colsAt: Float64Array,
  rowsAt: Float64Array,
  at: Int32Array = new Int32Array(colsAt.length),
): Int32Array {
  for (let i = 0; i < at.length; i++) {
    const x = Math.floor(colsAt[i]! * scale.cols + EDGE) - col
    const y = Math.floor(rowsAt[i]! * scale.rows + EDGE) - row
    // NaN is in no range.
    at[i] = x >= 0 && x < cols && y >= 0 && y < rows ? y * cols + x : -1
  }
  return at
}

function takeAt(values: Float64Array, at: Int32Array): Float64Array<ArrayBuffer> {
  const out = new Float64Array(at.length)
  for (let i = 0; i < out.length; i++) {
    const from = at[i]!
    out[i] = from < 0 ? Number.NaN : values[from]!
  }
  return out
}

/** How far from a place the samples lie that it is made of, in pixels of the level. */
export function reachOf(how: Resampling, density: Density): Density {
  if (how === 'nearest') return { cols: 1, rows: 1 }
  const reach = (one: number) => (one < NOT_REDUCED ? Math.ceil(1 / one) + 1 : 2)
  return { cols: reach(density.cols), rows: reach(density.rows) }
}

/** The four around a place; weights of those that have a value are made to sum to one. */
function bilinear(
  patch: RasterPatch,
  colsAt: Float64Array,
  rowsAt: Float64Array,
  here: Int32Array,
): Float64Array<ArrayBuffer> {
  const { col, row, cols, rows, values, scale } = patch
  const out = new Float64Array(colsAt.length)
  for (let i = 0; i < out.length; i++) {
    const x = colsAt[i]! * scale.cols - col
    const y = rowsAt[i]! * scale.rows - row
    if (!hasValue(values, here[i]!) || !(x >= 0 && x <= cols && y >= 0 && y <= rows)) {
      out[i] = Number.NaN
      continue
    }
    const left = Math.floor(x - 0.5)
    const top = Math.floor(y - 0.5)
    const [u, v] = [x - 0.5 - left, y - 0.5 - top]
    if (left >= 0 && top >= 0 && left + 1 < cols && top + 1 < rows) {
      const at = top * cols + left
      const value =
        (1 - v) * ((1 - u) * values[at]! + u * values[at + 1]!) +
        v * ((1 - u) * values[at + cols]! + u * values[at + cols + 1]!)
      if (value === value) {
        out[i] = value
        continue
      }
    }
    out[i] = weighted(
      patch,
      left,
      top,
      2,
      (c) => (c === left ? 1 - u : u),
      2,
      (r) => (r === top ? 1 - v : v),
    )
  }
  return out
}

function hasValue(values: Float64Array, at: number): boolean {
  if (at < 0) return false
  const value = values[at]!
  return value === value
}

/** A tent as wide as a pixel of the result. */
function widely(
  patch: RasterPatch,
  colsAt: Float64Array,
  rowsAt: Float64Array,
  here: Int32Array,
  density: Density,
) {
  const { col, row, cols, rows, values, scale } = patch
  const [scaleX, scaleY] = [Math.min(1, density.cols), Math.min(1, density.rows)]
  const [reachX, reachY] = [Math.ceil(1 / scaleX), Math.ceil(1 / scaleY)]
  const out = new Float64Array(colsAt.length)
  for (let i = 0; i < out.length; i++) {
    const x = colsAt[i]! * scale.cols - col
    const y = rowsAt[i]! * scale.rows - row
    if (!hasValue(values, here[i]!) || !(x >= 0 && x <= cols && y >= 0 && y <= rows)) {
      out[i] = Number.NaN
      continue
    }
    out[i] = weighted(
      patch,
      Math.floor(x - 0.5) - reachX + 1,
      Math.floor(y - 0.5) - reachY + 1,
      2 * reachX,
      (c) => Math.max(0, 1 - Math.abs(c + 0.5 - x) * scaleX),
      2 * reachY,
      (r) => Math.max(0, 1 - Math.abs(r + 0.5 - y) * scaleY),
    )
  }
  return out
}

/** Below that a sum of weights is nothing. */
const LEAST_WEIGHT = 1e-6

function weighted(
  { cols, rows, values }: RasterPatch,
  left: number,
  top: number,
  across: number,
  weightX: (col: number) => number,
  down: number,
  weightY: (row: number) => number,
): number {
  let [sum, weights] = [0, 0]
  for (let r = Math.max(0, top); r < Math.min(rows, top + down); r++) {
    const wy = weightY(r)
    if (wy <= 0) continue
    for (let c = Math.max(0, left); c < Math.min(cols, left + across); c++) {
      const value = values[r * cols + c]!
      if (value !== value) continue
      const weight = wy * weightX(c)
      sum += weight * value
      weights += weight
    }
  }
  return weights < LEAST_WEIGHT ? Number.NaN : sum / weights
}
