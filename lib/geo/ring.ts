// Rings of longitude and latitude, whichever way they write the antimeridian.

import type { Ring } from '../model/request.ts'
import { turnsDrawn } from './longitude.ts'

/** As GeoJSON writes one: a height may follow. */
export type Position = readonly [lon: number, lat: number, ...rest: number[]]

/**
 * A ring without a jump from one edge of the map to the other, open. A ring that comes back a turn farther on has gone
 * around a pole, and contains it.
 */
export function unwrapRing(ring: Ring): Ring {
  const closed = isClosed(ring) ? ring : [...ring, ...ring.slice(0, 1)]
  const turns = turnsDrawn(closed)
  const points = closed.map(([lon, lat], at) => [lon + turns[at]!, lat] as const)
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined) return []
  if (first[0] === last[0]) return points.slice(0, -1)
  const pole = points.reduce((sum, [, lat]) => sum + lat, 0) < 0 ? -90 : 90
  return [...points, [last[0], pole], [first[0], pole]]
}

function isClosed(ring: Ring): boolean {
  const [first, last] = [ring[0], ring.at(-1)]
  return first !== undefined && last !== undefined && isSamePosition(first, last)
}

/** Heights apart. */
export function isSamePosition([lon, lat]: Position, [otherLon, otherLat]: Position): boolean {
  return lon === otherLon && lat === otherLat
}
