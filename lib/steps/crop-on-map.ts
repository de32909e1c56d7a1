// The part of a map that was asked for: whatever lies outside has no value.

import { boundsInDegrees } from '../geo/footprint.ts'
import { onGrid, projecting } from '../geo/projected-area.ts'
import { webMercator } from '../geo/web-mercator.ts'
import type { Grid } from '../model/grid.ts'
import type { AreaGeometry } from '../model/request.ts'

/**
 * Sets pixels whose centre is outside of an area to NaN. The area is followed around the map, not around the scene: a
 * scene across the antimeridian lies at both ends of the map.
 *
 * @param values one for each pixel of the map
 */
export function cropOnMap(values: Float64Array, map: Grid, area: AreaGeometry): void {
  const projected = projecting(boundsInDegrees(map, webMercator), webMercator)(area)
  if (projected === null) {
    values.fill(Number.NaN)
    return
  }
  const polygon = onGrid(projected.rings, map)
  const [rows, cols] = map.shape
  const inside = new Uint8Array(cols)
  for (let row = 0; row < rows; row++) {
    polygon.markRow(row, inside)
    for (let col = 0; col < cols; col++)
      if (inside[col] === 0) values[row * cols + col] = Number.NaN
  }
}
