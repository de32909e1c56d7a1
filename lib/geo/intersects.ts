// Whether two geometries touch. The only door to turf.

import { booleanIntersects } from '@turf/boolean-intersects'
import type { Geometry } from 'geojson'
import { isJsonObject, type JsonObject } from '../model/json.ts'

const types = new Set([
  'Point',
  'MultiPoint',
  'LineString',
  'MultiLineString',
  'Polygon',
  'MultiPolygon',
  'GeometryCollection',
])

/**
 * Whether two GeoJSON geometries share a point, on the plane of longitude and latitude; false where one is not a
 * geometry.
 * A geometry over the antimeridian is cut there (RFC 7946, 3.1.9).
 */
export function intersects(one: unknown, other: unknown): boolean {
  if (!isGeometry(one) || !isGeometry(other)) return false
  try {
    return booleanIntersects(one, other)
  } catch {
    // turf throws on coordinates that are not positions; such a geometry touches nothing.
    return false
  }
}

function isGeometry(value: unknown): value is Geometry & JsonObject {
  return isJsonObject(value) && typeof value.type === 'string' && types.has(value.type)
}
