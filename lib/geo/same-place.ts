// Whether two CRSs give the coordinates of a grid the same places: what they mean there, whatever they are called.

import { type Grid, gridBounds } from '../model/grid.ts'
import type { Projection } from './projection.ts'

/** In pixels: below this, two grids are one. */
const TOLERANCE = 1e-3
const EARTH_RADIUS = 6371008.8

/**
 * How far apart two CRSs place the same coordinates of a grid, in metres: 0 where no pixel moves by a thousandth of
 * its size, infinite where one of them has no such place.
 */
export function distanceBetween(one: Projection, other: Projection, grid: Grid): number {
  const [left, bottom, right, top] = gridBounds(grid)
  const [a, , , , e] = grid.transform
  const places = [left, (left + right) / 2, right].flatMap((x) =>
    [top, (top + bottom) / 2, bottom].map((y) => [x, y] as const),
  )
  const distances = places.flatMap(([x, y]) => {
    const [lon, lat] = one.inverse(x, y)
    if (!(Number.isFinite(lon) && Number.isFinite(lat))) return []
    const [x2, y2] = other.forward(lon, lat)
    const isSame = Math.abs(x2 - x) <= TOLERANCE * a && Math.abs(y2 - y) <= TOLERANCE * -e
    return [isSame ? 0 : greatCircle([lon, lat], other.inverse(x, y))]
  })
  return distances.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...distances)
}

type Place = readonly [lon: number, lat: number]

function greatCircle([lon, lat]: Place, [lon2, lat2]: Place): number {
  if (!(Number.isFinite(lon2) && Number.isFinite(lat2))) return Number.POSITIVE_INFINITY
  const [phi, phi2, lambda] = [lat, lat2, lon2 - lon].map((degrees) => (degrees * Math.PI) / 180)
  const [a = 0, b = 0, c = 0] = [phi, phi2, lambda]
  const half = Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(c / 2) ** 2
  return 2 * EARTH_RADIUS * Math.asin(Math.min(1, Math.sqrt(half)))
}
