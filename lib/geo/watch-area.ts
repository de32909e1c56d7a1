// The places whose new scenes are wanted, as an operator writes them: boxes or GeoJSON.

/** A GeoJSON geometry; whether its coordinates make sense is for who compares it with a place. */
export interface WatchedArea {
  readonly type: string
  readonly [field: string]: unknown
}

/** Positions of every geometry nest this deep. */
const depths: Readonly<Record<string, number>> = {
  Point: 0,
  MultiPoint: 1,
  LineString: 1,
  MultiLineString: 2,
  Polygon: 2,
  MultiPolygon: 3,
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
  if (areas.length === 0) throw new TypeError(`holds no geometry. ${HOW}`)
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
    throw new TypeError(`"${text.trim().slice(0, 80)}" is no box. ${HOW}`)
  }
  if (west < east) return { type: 'Polygon', coordinates: rectangle(west, south, east, north) }
  const halves = [rectangle(west, south, 180, north), rectangle(-180, south, east, north)]
  return { type: 'MultiPolygon', coordinates: halves }
}

function within(most: number): (side: number) => boolean {
  return (side) => Math.abs(side) <= most
}

function rectangle(west: number, south: number, east: number, north: number): number[][][] {
  return [
    [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ],
  ]
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new TypeError(`begins like JSON and is none. ${HOW}`)
  }
}

/** FeatureCollection, Feature and GeometryCollection, opened. Deeper nesting than theirs is nobody's GeoJSON. */
function geometriesOf(value: unknown, depth = 0): WatchedArea[] {
  if (!isObject(value) || depth > 3) throw new TypeError(`holds what is no GeoJSON. ${HOW}`)
  const { type, features, geometry, geometries } = value
  if (type === 'FeatureCollection') return inside(features, depth)
  if (type === 'GeometryCollection') return inside(geometries, depth)
  if (type === 'Feature') return geometriesOf(geometry, depth + 1)
  const nesting = typeof type === 'string' ? depths[type] : undefined
  if (typeof type !== 'string' || nesting === undefined) {
    throw new TypeError(`holds the type ${JSON.stringify(type)}, no GeoJSON geometry. ${HOW}`)
  }
  if (!arePositions(value['coordinates'], nesting)) {
    throw new TypeError(`holds a ${type} without coordinates in degrees. ${HOW}`)
  }
  return [{ ...value, type }]
}

function inside(members: unknown, depth: number): WatchedArea[] {
  if (!Array.isArray(members)) throw new TypeError(`holds an empty collection. ${HOW}`)
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
