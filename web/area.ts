// An area in degrees: read from boxes and GeoJSON, and its bounds.

import type { MultiPolygon, Polygon, Position } from 'geojson'

/** West, south, east, north. */
export type Box = readonly [number, number, number, number]
export type Area = Polygon | MultiPolygon

/** Four numbers in a text, parted by commas or blanks; null for another text. Over the antimeridian, west > east. */
export function readBox(text: string): Box | null {
  // The minus that pages and tables print.
  const parts = text
    .replaceAll('−', '-')
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
  const [west = NaN, south = NaN, east = NaN, north = NaN] = parts.map(Number)
  const isBox = parts.length === 4 && [west, south, east, north].every(Number.isFinite)
  // A box over the antimeridian goes on past 180 degrees.
  return isBox ? [west, south, east < west ? east + 360 : east, north] : null
}

/** All polygons of a GeoJSON geometry, Feature or collection; null where it has none. */
export function readGeometry(value: unknown): Area | null {
  if (typeof value !== 'object' || value === null) return null
  if ('features' in value && Array.isArray(value.features)) return union(value.features)
  if ('geometries' in value && Array.isArray(value.geometries)) return union(value.geometries)
  if ('geometry' in value) return readGeometry(value.geometry)
  if (!('type' in value) || !('coordinates' in value)) return null
  const { type, coordinates } = value
  if (type === 'Polygon' && arePositions(coordinates, 2)) return { type, coordinates }
  if (type === 'MultiPolygon' && arePositions(coordinates, 3)) return { type, coordinates }
  return null
}

/** Whether lists lie in lists, so many deep, down to positions: none of them is empty. */
function arePositions(value: unknown, depth: 2): value is Position[][]
function arePositions(value: unknown, depth: 3): value is Position[][][]
function arePositions(value: unknown, depth: number): boolean
function arePositions(value: unknown, depth: number): boolean {
  if (!Array.isArray(value) || value.length === 0) return false
  if (depth > 0) return value.every((part) => arePositions(part, depth - 1))
  return value.length >= 2 && value.every(Number.isFinite)
}

function union(members: readonly unknown[]): Area | null {
  const parts = members.map(readGeometry).filter((part) => part !== null)
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const coordinates = parts.flatMap(polygonsOf)
  return coordinates.length === 0 ? null : { type: 'MultiPolygon', coordinates }
}

function polygonsOf(area: Area): Position[][][] {
  return area.type === 'Polygon' ? [area.coordinates] : area.coordinates
}

export function areaOf([west, south, east, north]: Box): Area {
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ]
  return { type: 'Polygon', coordinates: [ring] }
}

/** The corners of an area that is a box along the axes; null for others. */
export function boxOf(area: Area): Box | null {
  const bounds = boundsOf(area)
  return JSON.stringify(areaOf(bounds)) === JSON.stringify(area) ? bounds : null
}

/** Of a geometry, as the API reads one. */
export const mostPositions = 10_000

export function positionCount(area: Area): number {
  return polygonsOf(area)
    .flat()
    .reduce((sum, ring) => sum + ring.length, 0)
}

/** Least and greatest longitude and latitude of an area. */
export function boundsOf(area: Area): Box {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const polygon of polygonsOf(area))
    for (const ring of polygon)
      for (const [longitude = NaN, latitude = NaN] of ring) {
        west = Math.min(west, longitude)
        south = Math.min(south, latitude)
        east = Math.max(east, longitude)
        north = Math.max(north, latitude)
      }
  return [west, south, east, north]
}

/** The least box around all of them: on past 180 degrees where they lie on either side of the antimeridian. */
export function boxAround(areas: readonly Area[]): Box | null {
  const polygons = areas.flatMap(polygonsOf)
  const boxes = polygons.map((coordinates) => boundsOf({ type: 'Polygon', coordinates }))
  const [first, ...others] = boxes.toSorted(([one], [other]) => one - other)
  if (first === undefined) return null
  let east = first[2]
  // The box leaves out the widest stretch of the circle that none of them covers.
  let gap = { size: 0, from: east, to: first[0] }
  for (const [start, , end] of others) {
    if (start - east > gap.size) gap = { size: start - east, from: east, to: start }
    east = Math.max(east, end)
  }
  const isPlain = first[0] + 360 - east >= gap.size
  const south = Math.min(...boxes.map(([, least]) => least))
  const north = Math.max(...boxes.map(([, , , greatest]) => greatest))
  return isPlain
    ? [first[0], south, east, north]
    : [gap.to, south, Math.max(east, gap.from + 360), north]
}

/** The same ground with its west edge in −180 to 180 degrees: maps show the world again beside itself. */
export function onFirstWorld(area: Area): Area {
  const shift = -360 * Math.floor((boundsOf(area)[0] + 180) / 360)
  if (shift === 0) return area
  const rings = (polygon: Position[][]) =>
    polygon.map((ring) =>
      ring.map(([longitude = NaN, ...others]) => [rounded(longitude + shift), ...others]),
    )
  return area.type === 'Polygon'
    ? { type: 'Polygon', coordinates: rings(area.coordinates) }
    : { type: 'MultiPolygon', coordinates: area.coordinates.map(rings) }
}

export function touches(one: Box, other: Box): boolean {
  return one[0] <= other[2] && other[0] <= one[2] && one[1] <= other[3] && other[1] <= one[3]
}

/** 0.1 m on the ground. */
export function rounded(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6
}
