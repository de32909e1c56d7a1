// Whether two geometries touch. The only door to turf.

import { booleanIntersects } from '@turf/boolean-intersects'
import type { Geometry } from 'geojson'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import { positionDepths } from './position-depths.ts'

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

/** Whether a value is a GeoJSON geometry, its positions at the depth that its type has them at. */
export function isGeometry(value: unknown): value is Geometry & JsonObject {
  if (!isJsonObject(value) || typeof value.type !== 'string') return false
  if (value.type === 'GeometryCollection') {
    const { geometries } = value
    return Array.isArray(geometries) && geometries.length > 0 && geometries.every(isGeometry)
  }
  const depth = positionDepths[value.type]
  return depth !== undefined && isNested(value.coordinates, depth)
}

function isNested(value: unknown, depth: number): boolean {
  if (!Array.isArray(value) || value.length === 0) return false
  if (depth > 0) return value.every((inner) => isNested(inner, depth - 1))
  return value.length >= 2 && value.every((number) => typeof number === 'number')
}
