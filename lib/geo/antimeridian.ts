// Whether two geometries touch on the globe, whichever way each writes the antimeridian.

import type { Bbox } from '../model/grid.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import { boundsOfPoints } from './bounds.ts'
import { intersecting } from './intersects.ts'
import { eastEnd, TURNS, unwrapDrawn } from './longitude.ts'

/**
 * Like `intersecting`, for geometries that may cross the antimeridian in any of the field's ways: cut there, going on
 * past 180 degrees, or with a side that jumps from 179 to -179 and means the short way. A ring around a pole is read
 * as it stands.
 */
export function touches(one: unknown, other: unknown): boolean {
  return touching(one)(other)
}

/** The same of one geometry and many others: what it takes to compare it is made once, for the first of them. */
export function touching(one: unknown): (other: unknown) => boolean {
  let left: ReturnType<typeof prepare> | undefined
  return (other) => {
    left ??= prepare(one)
    const { box, intersects } = left
    const right = unwrapped(other)
    const otherBox = boxOf(right)
    return TURNS.some((turn) => meet(box, otherBox, turn) && intersects(turned(right, turn)))
  }
}

function prepare(geometry: unknown) {
  const whole = unwrapped(geometry)
  return { box: boxOf(whole), intersects: intersecting(whole) }
}

/** Around all positions of a geometry; east may lie beyond 180, where it crosses the antimeridian. */
export function boxAroundGeometry(geometry: unknown): Bbox {
  return boxOf(unwrapped(geometry))
}

/** Of all positions, whichever way round the globe. */
function boxOf(geometry: unknown): Bbox {
  const positions: (readonly number[])[] = []
  mapLines(geometry, (line) => {
    for (const position of line) positions.push(position)
    return line
  })
  return boundsOfPoints(positions)
}

/** Boxes first: most places are far from each other, and to sort the edges of two outlines takes longer. */
function meet(one: Bbox, other: Bbox, turn: number): boolean {
  return (
    one[0] <= other[2] + turn &&
    one[2] >= other[0] + turn &&
    one[1] <= other[3] &&
    one[3] >= other[1]
  )
}

/** A box as a polygon; one whose west is east of its east goes on past 180 degrees. */
export function boxGeometry(box: Bbox): JsonObject {
  const [west, south] = box
  const [end, north] = [eastEnd(box), box[3]]
  // A box may be wider than half the globe, where one long edge would mean the other way round.
  const parts = end - west > 180 ? 3 : 1
  const lons = Array.from({ length: parts + 1 }, (_, at) => west + ((end - west) * at) / parts)
  const bottom = lons.map((lon) => [lon, south])
  const top = lons.map((lon) => [lon, north]).toReversed()
  return { type: 'Polygon', coordinates: [[...bottom, ...top, [west, south]]] }
}

function unwrapped(geometry: unknown): unknown {
  return mapLines(geometry, unwrapDrawn)
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
    return { ...geometry, geometries: geometries.map((member) => mapLines(member, change)) }
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
