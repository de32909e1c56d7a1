// The ground that a grid covers, in degrees.

import type { Bbox, Grid } from '../model/grid.ts'
import { gridBounds } from '../model/grid.ts'
import type { JsonObject } from '../model/json.ts'
import { outline, type Projection } from './projection.ts'

export interface Footprint {
  /** West > east where the grid crosses the antimeridian. */
  readonly bbox: Bbox
  /** GeoJSON Polygon, its ring counter-clockwise (RFC 7946, 3.1.6); cut in two at the antimeridian (3.1.9). */
  readonly geometry: JsonObject
}

type Position = readonly [lon: number, lat: number]

/** Rounded to 7 decimals (about a centimetre): PROJ's last digits differ between machines. */
export function footprintOf(grid: Grid, projection: Projection): Footprint {
  const bounds = gridBounds(grid)
  const around = connected(outline(bounds).map(([x, y]) => projection.inverse(x, y)))
  const lons = around.map(([lon]) => lon)
  const lats = around.map(([, lat]) => lat)
  const [west, east] = [Math.min(...lons), Math.max(...lons)]
  const [left, bottom, right, top] = bounds
  const corners = [
    [left, bottom],
    [right, bottom],
    [right, top],
    [left, top],
  ] as const
  const ring = connected(corners.map(([x, y]) => projection.inverse(x, y)))
  return {
    bbox: [
      degrees(west),
      degrees(Math.min(...lats)),
      degrees(east > 180 ? east - 360 : east),
      degrees(Math.max(...lats)),
    ],
    geometry: east > 180 ? bothSides(ring) : { type: 'Polygon', coordinates: [closed(ring)] },
  }
}

/** Positions in a row without a jump from one edge of the map to the other; the westernmost lies in [-180, 180). */
function connected(positions: readonly Position[]): Position[] {
  let last = positions[0]?.[0] ?? 0
  const joined = positions.map(([lon, lat]): Position => {
    last = lon + 360 * Math.round((last - lon) / 360)
    return [last, lat]
  })
  const turns = Math.floor((Math.min(...joined.map(([lon]) => lon)) + 180) / 360)
  return joined.map(([lon, lat]) => [lon - 360 * turns, lat])
}

function bothSides(ring: readonly Position[]): JsonObject {
  const east = cut(ring, (lon) => lon >= 180).map(([lon, lat]): Position => [lon - 360, lat])
  const west = cut(ring, (lon) => lon <= 180)
  return { type: 'MultiPolygon', coordinates: [[closed(west)], [closed(east)]] }
}

/** The part of a convex ring on one side of the antimeridian. */
function cut(ring: readonly Position[], isInside: (lon: number) => boolean): Position[] {
  return ring.flatMap(([lon, lat], at): Position[] => {
    const [lon2, lat2] = ring[(at + 1) % ring.length] ?? [lon, lat]
    const crossing: Position = [180, lat + ((lat2 - lat) * (180 - lon)) / (lon2 - lon)]
    const crosses = (lon < 180 && lon2 > 180) || (lon > 180 && lon2 < 180)
    return [...(isInside(lon) ? [[lon, lat] as const] : []), ...(crosses ? [crossing] : [])]
  })
}

function closed(ring: readonly Position[]): number[][] {
  return [...ring, ...ring.slice(0, 1)].map((position) => position.map(degrees))
}

function degrees(value: number): number {
  return Number(value.toFixed(7))
}
