// How much of an asked area lies on some ground.

import type { JsonObject } from '../model/json.ts'
import { polygonsOf, reduceArea } from './area.ts'
import { boundsOfPoints } from './bounds.ts'
import { intersectionOf, type PolygonSet, simplify, squareDegrees } from './polygon-set.ts'

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

/** Corners of an area beyond which its outline is followed less closely. */
const MOST_CORNERS = 200

/** An area that is soon compared with hundreds of grounds: of 10,000 corners each of them takes up to 2 s. */
export function coarseOutline(area: PolygonSet): PolygonSet {
  const corners = area.flat(2)
  if (corners.length <= MOST_CORNERS) return area
  const [, south, , north] = boundsOfPoints(corners)
  const simple = simplify(area, (north - south) / MOST_CORNERS)
  return simple.length === 0 ? area : simple
}
