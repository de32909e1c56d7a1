// How much of an asked area lies on some ground.

import type { JsonObject } from '../model/json.ts'
import { polygonsOf, reduceArea } from './area.ts'
import { intersectionOf, type PolygonSet, squareDegrees } from './polygon-set.ts'

/** The polygons of a GeoJSON geometry, or null where it has none that can be read. */
export function groundOf(geometry: JsonObject | null): PolygonSet | null {
  if (geometry === null) return null
  try {
    return polygonsOf(reduceArea(geometry))
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}

/** Share of an area, 0 to 1 in steps of 1e-6, on the plane of longitude and latitude. */
export function shareCovered(area: PolygonSet, ground: PolygonSet): number {
  const share = squareDegrees(intersectionOf(area, ground)) / squareDegrees(area)
  // Rounded, so that grounds that differ by the noise of a projection are alike.
  return Math.min(1, Math.round(share * 1e6) / 1e6)
}
