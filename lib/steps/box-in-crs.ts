// An asked box in the CRS of a scene, also where it meets a raster around the globe at both of its ends.

import { GreenprintError } from '../errors.ts'
import { boxGeometry } from '../geo/antimeridian.ts'
import { boxAround } from '../geo/bbox.ts'
import { groundOf } from '../geo/coverage.ts'
import { boundsInDegrees } from '../geo/footprint.ts'
import { projecting } from '../geo/projected-area.ts'
import { isShown, nearScene, type Projection, projectBounds } from '../geo/projection.ts'
import type { Bbox, Grid } from '../model/grid.ts'
import { isPixelBetween } from '../pixels/window.ts'

/**
 * @param asked west > east crosses the antimeridian
 * @param whole the pixels of the scene
 * @returns bounds in the CRS; null for a box that lies far from the scene
 * @throws {GreenprintError} `invalid_request` where the box has both ends of the scene and not what lies between: one
 *   window of its pixels would hold that, too
 */
export function boxInCrs(asked: Bbox, whole: Grid, projection: Projection): Bbox | null {
  const scene = boundsInDegrees(whole, projection)
  const parts = nearScene(asked, scene, projection).flatMap((part) => {
    const ground = isShown(part, projection) ? null : groundOf(boxGeometry(part))
    if (ground === null) return [projectBounds(part, projection)]
    // What the map does not show of it ends at the map's rim.
    const shown = projecting(scene, projection)({ type: 'MultiPolygon', coordinates: ground })
    return shown === null ? [] : [shown.bounds]
  })
  const isSplit = parts.some((part, at) => {
    const before = parts[at - 1]
    return before !== undefined && isPixelBetween(whole, before, part)
  })
  if (isSplit) throw atBothEnds(asked)
  return boxAround(parts)
}

function atBothEnds(asked: Bbox): GreenprintError {
  const geometry = JSON.stringify(boxGeometry(asked))
  return new GreenprintError(
    'invalid_request',
    `The bbox [${asked.join(', ')}] (west, south, east, north) meets the scene at both of its ends: ask for it as "geometry": ${geometry}, of which only its own pixels are counted, or for one end after the other; if west and east were exchanged, turn them.`,
  )
}
