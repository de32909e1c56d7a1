// An inverse that answers only with places from which the coordinates come back.

import type { Projection } from './projection.ts'

const NOWHERE: [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]

/**
 * Some formulas answer with a place for coordinates that no place has, beyond the edge of a conic. Not for maps that go
 * around the globe more than once.
 *
 * @param tolerance in units of the CRS
 */
export function thereAndBack(projection: Projection, tolerance: number): Projection {
  return {
    forward: (lon, lat) => projection.forward(lon, lat),
    inverse(x, y) {
      const [lon, lat] = projection.inverse(x, y)
      const [x2, y2] = projection.forward(lon, lat)
      return Math.hypot(x2 - x, y2 - y) <= tolerance ? [lon, lat] : NOWHERE
    },
  }
}
