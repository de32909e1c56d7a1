// Whether two places touch on the globe, where the same meridian has many longitudes.

import type { Bbox } from '../model/grid.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import { intersects } from './intersects.ts'

/**
 * Like `intersects`, for geometries that may cross the antimeridian in any of the field's ways: cut there, going on
 * past 180 degrees, or with a side that jumps from 179 to -179 and means the short way. A ring around a pole is read
 * as it stands.
 */
export function touches(one: unknown, other: unknown): boolean {
  const [left, right] = [unwrapped(one), unwrapped(other)]
  return [-360, 0, 360].some((turn) => intersects(left, turned(right, turn)))
}

/** A box as a geometry; one whose west is east of its east goes on past 180 degrees. */
export function boxGeometry([west, south, east, north]: Bbox): JsonObject {
  const end = east < west ? east + 360 : east
  const ring = [
    [west, south],
    [end, south],
    [end, north],
    [west, north],
    [west, south],
  ]
  return { type: 'Polygon', coordinates: [ring] }
}

/** The geometry without jumps: of every line each position is within half a turn of the one before. */
function unwrapped(geometry: unknown): unknown {
  return mapLines(geometry, (line) => {
    let before: number | null = null
    return line.map(([lon = 0, ...rest]) => {
      const near: number = before === null ? lon : lon + 360 * Math.round((before - lon) / 360)
      before = near
      return [near, ...rest]
    })
  })
}

function turned(geometry: unknown, turn: number): unknown {
  if (turn === 0) return geometry
  return mapLines(geometry, (line) => line.map(([lon = 0, ...rest]) => [lon + turn, ...rest]))
}

type Line = readonly (readonly number[])[]

/** Every line of positions (a single position is a line of one) changed, all else as it is. */
function mapLines(geometry: unknown, change: (line: Line) => Line): unknown {
  if (!isJsonObject(geometry)) return geometry
  const { geometries, coordinates } = geometry
  if (Array.isArray(geometries)) {
    // One level deep, as stac/geometry reads them.
    const members = geometries.map((member: unknown) =>
      isJsonObject(member) ? { ...member, coordinates: mapNested(member.coordinates, change) } : {},
    )
    return { ...geometry, geometries: members }
  }
  return { ...geometry, coordinates: mapNested(coordinates, change) }
}

/** Positions nest at most four deep (MultiPolygon); what nests deeper is no geometry. */
function mapNested(value: unknown, change: (line: Line) => Line, depth = 4): unknown {
  if (!Array.isArray(value) || depth === 0) return null
  const inner: readonly unknown[] = value
  const [position] = positionsOf([inner])
  if (position !== undefined) return change([position])[0]
  const line = positionsOf(inner)
  if (inner.length > 0 && line.length === inner.length) return change(line)
  return inner.map((member) => mapNested(member, change, depth - 1))
}

function positionsOf(values: readonly unknown[]): Line {
  return values.filter(
    (value): value is readonly number[] =>
      Array.isArray(value) &&
      value.length >= 2 &&
      value.every((number) => typeof number === 'number' && Number.isFinite(number)),
  )
}
