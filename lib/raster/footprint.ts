// The ground that a grid covers, in degrees.

import type { Bbox, Grid } from '../model/grid.ts'
import { gridBounds } from '../model/grid.ts'
import type { JsonObject } from '../model/json.ts'
import { outline, type Projection } from './projection.ts'

export interface Footprint {
  readonly bbox: Bbox
  /** GeoJSON Polygon, its ring counter-clockwise (RFC 7946, 3.1.6). */
  readonly geometry: JsonObject
}

/** Rounded to 7 decimals (about a centimetre): PROJ's last digits differ between machines. */
export function footprintOf(grid: Grid, projection: Projection): Footprint {
  const bounds = gridBounds(grid)
  const points = outline(bounds).map(([x, y]) => projection.inverse(x, y))
  const lons = points.map(([lon]) => lon)
  const lats = points.map(([, lat]) => lat)
  const [left, bottom, right, top] = bounds
  const ring = [
    [left, bottom],
    [right, bottom],
    [right, top],
    [left, top],
    [left, bottom],
  ] as const
  return {
    bbox: [
      degrees(Math.min(...lons)),
      degrees(Math.min(...lats)),
      degrees(Math.max(...lons)),
      degrees(Math.max(...lats)),
    ],
    geometry: {
      type: 'Polygon',
      coordinates: [ring.map(([x, y]) => projection.inverse(x, y).map(degrees))],
    },
  }
}

function degrees(value: number): number {
  return Number(value.toFixed(7))
}
