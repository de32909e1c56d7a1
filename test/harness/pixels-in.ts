// How many pixels of a grid have their centre in an area.

import { boundsInDegrees } from '../../lib/geo/footprint.ts'
import { onGrid, projecting } from '../../lib/geo/projected-area.ts'
import type { Projection } from '../../lib/geo/projection.ts'
import type { Bbox, Grid } from '../../lib/model/grid.ts'
import type { AreaGeometry, Ring } from '../../lib/model/request.ts'

export function pixelsIn(area: AreaGeometry, grid: Grid, projection: Projection): number {
  const projected = projecting(boundsInDegrees(grid, projection), projection)(area)
  if (projected === null) return 0
  const polygon = onGrid(projected.rings, grid)
  const [rows, cols] = grid.shape
  let pixels = 0
  for (let row = 0; row < rows; row++) {
    const spans = polygon.spansOf(row)
    for (let at = 0; at < spans.length; at += 2) {
      pixels += Math.max(0, Math.min(cols, spans[at + 1]!) - Math.max(0, spans[at]!))
    }
  }
  return pixels
}

/** A box as GeoJSON has one: in two where it crosses the antimeridian. */
export function areaOf([west, south, east, north]: Bbox): AreaGeometry {
  const box = (from: number, to: number): Ring => [
    [from, south],
    [to, south],
    [to, north],
    [from, north],
    [from, south],
  ]
  if (west < east) return { type: 'Polygon', coordinates: [box(west, east)] }
  return { type: 'MultiPolygon', coordinates: [[box(west, 180)], [box(-180, east)]] }
}
