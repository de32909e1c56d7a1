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

/** Least and greatest longitude and latitude of an area. */
export function boundsOf(area: Area): Box {
  const positions = polygonsOf(area).flat(2)
  const longitudes = positions.map(([longitude = NaN]) => longitude)
  const latitudes = positions.map(([, latitude = NaN]) => latitude)
  return [
    Math.min(...longitudes),
    Math.min(...latitudes),
    Math.max(...longitudes),
    Math.max(...latitudes),
  ]
}

export function touches(one: Box, other: Box): boolean {
  return one[0] <= other[2] && other[0] <= one[2] && one[1] <= other[3] && other[1] <= one[3]
}

/** 0.1 m on the ground. */
export function rounded(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6
}
