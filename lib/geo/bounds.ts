// The box around points of a plane.

import type { Bbox } from '../model/grid.ts'

/** Of any number: Math.min(...values) overflows the stack at 200,000. Infinite the wrong way round for no point. */
export function boundsOfPoints(points: Iterable<readonly number[]>): Bbox {
  let [left, bottom, right, top] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [x = Number.NaN, y = Number.NaN] of points) {
    left = Math.min(left, x)
    bottom = Math.min(bottom, y)
    right = Math.max(right, x)
    top = Math.max(top, y)
  }
  return [left, bottom, right, top]
}
