// The areas whose new scenes are wanted, as an operator writes them: boxes or GeoJSON.

import { boxGeometry } from './antimeridian.ts'
import { positionDepths } from './position-depths.ts'

/** A GeoJSON geometry. Whether its rings are sound is decided where it is compared with a scene. */
export interface WatchedArea {
  readonly type: string
  readonly [field: string]: unknown
}

const HOW = 'Give boxes "west,south,east,north" separated by ";", or a GeoJSON geometry.'

/**
 * Boxes `w,s,e,n` separated by `;`, or a GeoJSON geometry, Feature or FeatureCollection, in degrees.
 * A box whose west is east of its east crosses the antimeridian.
 *
 * @throws {TypeError} with a sentence that says which part cannot be read
 */
export function parseWatch(text: string): readonly WatchedArea[] {
  if (!/^\s*[{[]/.test(text)) return text.split(';').filter(isThere).map(parseBox)
  const areas = geometriesOf(parseJson(text))
  if (areas.length === 0) throw new TypeError(`has no geometry. ${HOW}`)
  return areas
}

function isThere(entry: string): boolean {
  return entry.trim() !== ''
}

function parseBox(text: string): WatchedArea {
  const sides = text.split(',').map((side) => (isThere(side) ? Number(side) : Number.NaN))
  const [west = Number.NaN, south = Number.NaN, east = Number.NaN, north = Number.NaN] = sides
  const inRange = [west, east].every(within(180)) && [south, north].every(within(90))
  if (sides.length !== 4 || !inRange || !(south < north) || west === east) {
    throw new TypeError(`"${text.trim().slice(0, 80)}" is not a box. ${HOW}`)
  }
  return { ...boxGeometry([west, south, east, north]), type: 'Polygon' }
}

function within(most: number): (side: number) => boolean {
  return (side) => Math.abs(side) <= most
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new TypeError(`begins like JSON and cannot be parsed as JSON. ${HOW}`)
  }
}

/** FeatureCollection, Feature and GeometryCollection, opened. GeoJSON does not nest deeper. */
function geometriesOf(value: unknown, depth = 0): WatchedArea[] {
  if (!isObject(value) || depth > 3)
    throw new TypeError(`holds a member that is not GeoJSON. ${HOW}`)
  const { type, features, geometry, geometries } = value
  if (type === 'FeatureCollection') return inside(features, depth)
  if (type === 'GeometryCollection') return inside(geometries, depth)
  if (type === 'Feature') return geometriesOf(geometry, depth + 1)
  const nesting = typeof type === 'string' ? positionDepths[type] : undefined
  if (typeof type !== 'string' || nesting === undefined) {
    throw new TypeError(
      `has the type ${JSON.stringify(type)}, which is not a GeoJSON geometry. ${HOW}`,
    )
  }
  if (!arePositions(value['coordinates'], nesting)) {
    throw new TypeError(`has a ${type} without coordinates in degrees. ${HOW}`)
  }
  return [{ ...value, type }]
}

function inside(members: unknown, depth: number): WatchedArea[] {
  if (!Array.isArray(members)) throw new TypeError(`has a collection without members. ${HOW}`)
  return members.flatMap((member) => geometriesOf(member, depth + 1))
}

function arePositions(value: unknown, nesting: number): boolean {
  if (!Array.isArray(value) || value.length === 0) return false
  if (nesting > 0) return value.every((inner) => arePositions(inner, nesting - 1))
  const [lon, lat] = value
  return isNumber(lon) && isNumber(lat) && Math.abs(lon) <= 360 && Math.abs(lat) <= 90
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
