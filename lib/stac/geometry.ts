// Boxes of GeoJSON geometries, and how much of an asked area a box covers.

import { boundsOfPoints } from '../geo/bounds.ts'
import { eastEnd, TURNS } from '../geo/longitude.ts'
import type { Bbox } from '../model/grid.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import { unionOfBoxes } from './objects.ts'

/**
 * Degrees WGS84 around a GeoJSON geometry, or null where it has no position. Polygons cut at the antimeridian
 * (RFC 7946, 3.1.9) give a box that crosses it.
 */
export function boundsOfGeometry(geometry: JsonObject | null): Bbox | null {
  if (geometry === null) return null
  const boxes = partsOf(geometry)
    .map(boundsOfPositions)
    .filter((box) => box !== null)
  return boxes.length === 0 ? null : unionOfBoxes(boxes)
}

/** Coordinates of the pieces that lie on one side of the antimeridian each. */
function partsOf(geometry: JsonObject): unknown[] {
  const { type, coordinates, geometries } = geometry
  if (type === 'GeometryCollection' && Array.isArray(geometries)) {
    // One level deep: RFC 7946 advises against nested collections, and their depth would be the sender's choice.
    const members = geometries.filter(isJsonObject)
    return members.filter((part) => part.type !== 'GeometryCollection').flatMap(partsOf)
  }
  const multiple = type === 'MultiPolygon' || type === 'MultiLineString' || type === 'MultiPoint'
  if (multiple && Array.isArray(coordinates)) return coordinates
  return coordinates === undefined ? [] : [coordinates]
}

/** Positions nest at most four deep (MultiPolygon). */
function boundsOfPositions(coordinates: unknown): Bbox | null {
  if (!Array.isArray(coordinates)) return null
  const box = boundsOfPoints(positionsIn(coordinates, 4).filter(isPlace))
  return box[0] <= box[2] && box[1] <= box[3] ? box : null
}

function isPlace(position: readonly unknown[]): position is readonly number[] {
  return typeof position[0] === 'number' && typeof position[1] === 'number'
}

function positionsIn(coordinates: readonly unknown[], depth: number): (readonly unknown[])[] {
  if (typeof coordinates[0] === 'number') return [coordinates]
  if (depth === 0) return []
  return coordinates.flatMap((inner) => (Array.isArray(inner) ? positionsIn(inner, depth - 1) : []))
}

/**
 * Share of `area` that `box` covers, 0 to 1, on the plane of longitude and latitude. Both may cross the antimeridian.
 * A side without length (a point, a line) counts as covered where it lies inside.
 */
export function coverage(area: Bbox, box: Bbox): number {
  const [south, north] = [area[1], area[3]]
  const rows = sharedPart([south, north], [box[1], box[3]])
  const columns = eastward(area)
  const target = eastward(box)
  // The same meridian has many longitudes: one turn either way brings any two intervals together.
  const shared = TURNS.map((turn) =>
    sharedPart(columns, [target[0] + turn, target[1] + turn]),
  ).reduce((sum, part) => sum + part, 0)
  return rows * Math.min(1, shared)
}

function eastward(box: Bbox): [number, number] {
  return [box[0], eastEnd(box)]
}

function sharedPart([from, to]: [number, number], [low, high]: [number, number]): number {
  if (from === to) return low <= from && from <= high ? 1 : 0
  return Math.max(0, Math.min(to, high) - Math.max(from, low)) / (to - from)
}
