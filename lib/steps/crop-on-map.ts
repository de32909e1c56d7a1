// The part of a map that was asked for: whatever lies outside has no value.

import { boxGeometry } from '../geo/antimeridian.ts'
import { reduceArea } from '../geo/area.ts'
import { onGrid, projectArea } from '../geo/projected-area.ts'
import { webMercator } from '../geo/web-mercator.ts'
import type { Bbox, Grid } from '../model/grid.ts'
import type { AreaGeometry, NdviRequest } from '../model/request.ts'

/**
 * Sets pixels whose centre is outside of the asked area to NaN.
 *
 * @param values one for each pixel of the map
 * @param scene bounds in degrees; west > east crosses the antimeridian
 * @throws {GreenprintError} `outside_scene` when no part of the area lies near the scene
 */
export function cropOnMap(
  values: Float64Array,
  map: Grid,
  { bbox, geometry }: Pick<NdviRequest, 'bbox' | 'geometry'>,
  scene: Bbox,
): void {
  const area = geometry ?? (bbox === undefined ? null : areaOfBox(bbox))
  if (area === null) return
  const polygon = onGrid(projectArea(area, scene, webMercator).rings, map)
  const [rows, cols] = map.shape
  const inside = new Uint8Array(cols)
  for (let row = 0; row < rows; row++) {
    polygon.markRow(row, inside)
    for (let col = 0; col < cols; col++)
      if (inside[col] === 0) values[row * cols + col] = Number.NaN
  }
}

function areaOfBox(bbox: Bbox): AreaGeometry {
  return reduceArea(boxGeometry(bbox))
}
