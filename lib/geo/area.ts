// The area that a caller asks for, in whichever of GeoJSON's forms: one two-dimensional Polygon or MultiPolygon.

import { GreenprintError } from '../errors.ts'
import type { Bbox } from '../model/grid.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import type { AreaGeometry, Ring } from '../model/request.ts'
import { boxGeometry } from './antimeridian.ts'
import { boundsOfPoints } from './bounds.ts'
import { TURNS } from './longitude.ts'
import { intersectionOf, type PolygonSet, unionOf } from './polygon-set.ts'
import { MOST_POSITIONS, tooManyPositions } from './position-count.ts'
import { isSamePosition, unwrapRing } from './ring.ts'
import { tangleFault } from './ring-crossings.ts'

/** FeatureCollection, Feature, GeometryCollection and geometry: GeoJSON does not nest deeper. */
const MOST_NESTING = 4
/** Of a longer edge nobody could tell which way round the globe it goes. */
const LONGEST_EDGE = 120

const GIVE =
  'give a Polygon or MultiPolygon, or a Feature, FeatureCollection or GeometryCollection of them'

/**
 * Reads a GeoJSON geometry, Feature or collection as one area: the union of its polygons, heights left out, within
 * longitudes -180 to 180, cut at the antimeridian (RFC 7946, 3.1.9). Equal areas come out equal.
 *
 * @throws {TypeError} with a clause that says what cannot be read, and where
 */
export function reduceArea(value: unknown): AreaGeometry {
  const polygons = polygonsIn(value, '', 0)
  if (polygons.length === 0) throw new TypeError(`has no polygon: ${GIVE}`)
  const positions = polygons.flat(2)
  if (positions.length > MOST_POSITIONS) throw new TypeError(tooManyPositions)
  const pieces = polygons.map((rings) => rings.flatMap(withinOneTurn))
  const tangle = tangleFault(pieces.flat())
  if (tangle !== null) throw new TypeError(tangle)
  const area = unionOf(pieces).map((rings) => rings.map(withoutLongEdges))
  const [first] = area
  if (first === undefined) throw new TypeError('has no area: its rings lie on a line or a point')
  return area.length === 1
    ? { type: 'Polygon', coordinates: first }
    : { type: 'MultiPolygon', coordinates: area }
}

/**
 * A box as an area.
 *
 * @throws {GreenprintError} `invalid_request` for one that is smaller than coordinates are told
 */
export function areaOfBox(box: Bbox): AreaGeometry {
  try {
    return reduceArea(boxGeometry(box))
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    const message = `The bbox [${box.join(', ')}] is smaller than 1e-9 degrees, a tenth of a millimetre: give a larger one.`
    throw new GreenprintError('invalid_request', message, { cause })
  }
}

/** The area as polygons that do not overlap. */
export function polygonsOf(area: AreaGeometry): PolygonSet {
  return area.type === 'Polygon' ? [area.coordinates] : area.coordinates
}

function polygonsIn(value: unknown, where: string, depth: number): (readonly Ring[])[] {
  if (!isJsonObject(value)) throw new TypeError(`${where}must be a GeoJSON object: ${GIVE}`)
  if (depth > MOST_NESTING) throw new TypeError(`${where}is nested too deep`)
  checkCrs(value, where)
  const members = (name: string) =>
    listOf(value[name], `${where}${name}: `).flatMap((member, at) =>
      polygonsIn(member, `${where}${name}[${at}]: `, depth + 1),
    )
  const { type, coordinates } = value
  if (type === 'Feature') return polygonsIn(value.geometry, `${where}geometry: `, depth + 1)
  if (type === 'FeatureCollection') return members('features')
  if (type === 'GeometryCollection') return members('geometries')
  if (type === 'Polygon') return [readPolygon(coordinates, `${where}coordinates`)]
  if (type === 'MultiPolygon') {
    return listOf(coordinates, `${where}coordinates: `).map((polygon, at) =>
      readPolygon(polygon, `${where}coordinates[${at}]`),
    )
  }
  throw new TypeError(`${where}has the type ${JSON.stringify(type) ?? 'undefined'}: ${GIVE}`)
}

/** GeoJSON of 2008 could name a CRS. */
function checkCrs({ crs }: JsonObject, where: string): void {
  if (crs === undefined || crs === null) return
  const name = isJsonObject(crs) && isJsonObject(crs.properties) ? crs.properties.name : crs
  if (typeof name === 'string' && /(\bCRS84h?|\bEPSG:+4326)$/i.test(name)) return
  const told = JSON.stringify(name) ?? 'none'
  throw new TypeError(`${where}has the CRS ${told}: give longitude and latitude in degrees (WGS84)`)
}

function readPolygon(value: unknown, where: string): Ring[] {
  const rings = listOf(value, `${where}: `)
  if (rings.length === 0) throw new TypeError(`${where}: a polygon has an outer ring`)
  return rings.map((ring, at) => readRing(ring, `${where}[${at}]`))
}

function readRing(value: unknown, where: string): Ring {
  const positions = listOf(value, `${where}: `)
  if (positions.length > MOST_POSITIONS) throw new TypeError(tooManyPositions)
  const ring = positions.map((position, at) => readPosition(position, `${where}[${at}]`))
  if (!hasThree(ring)) {
    throw new TypeError(`${where}: a ring has at least three different positions`)
  }
  const width = widthOf(unwrapRing(ring))
  if (width > 360 + 1e-9) {
    throw new TypeError(`${where}: is ${Number(width.toFixed(6))} degrees wide; 360 is the globe`)
  }
  return ring
}

/** Whether three of its positions differ. */
function hasThree(ring: Ring): boolean {
  const [first] = ring
  if (first === undefined) return false
  const others = ring.filter((position) => !isSamePosition(position, first))
  const [second] = others
  return second !== undefined && others.some((position) => !isSamePosition(position, second))
}

/** A height, where there is one, means nothing to a map. */
function readPosition(value: unknown, where: string): Ring[number] {
  const [lon, lat]: readonly unknown[] = Array.isArray(value) ? value : []
  if (typeof lon !== 'number' || typeof lat !== 'number') {
    throw new TypeError(`${where}: must be a position, longitude before latitude`)
  }
  if (Math.abs(lon) > 540 || Math.abs(lat) > 90) {
    const metres = Math.abs(lon) > 1000 || Math.abs(lat) > 1000
    const advice = metres ? '; these look like metres of a projected CRS: reproject them' : ''
    throw new TypeError(
      `${where}: [${lon}, ${lat}] is not longitude and latitude in degrees${advice}`,
    )
  }
  return [lon, lat]
}

function listOf(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new TypeError(`${where}must be an array`)
}

const GLOBE: Ring = [
  [-180, -90],
  [180, -90],
  [180, 90],
  [-180, 90],
]

/** The pieces of a ring, as it is drawn in GeoJSON, within longitudes -180 to 180. */
function withinOneTurn(ring: Ring): readonly Ring[] {
  return withinGlobe(unwrapRing(ring))
}

/** The pieces of a ring without jumps, each turned into longitudes -180 to 180. */
export function withinGlobe(ring: Ring): readonly Ring[] {
  if (ring.every(([lon]) => Math.abs(lon) <= 180)) return [ring]
  const turns = [-720, ...TURNS, 720]
  const turned = turns.map((turn) => ring.map(([lon, lat]) => [lon + turn, lat] as const))
  const inside = turned.filter(
    (copy) => copy.some(([lon]) => lon < 180) && copy.some(([lon]) => lon > -180),
  )
  return inside.flatMap((copy) => intersectionOf(unionOf([[copy]]), [[GLOBE]]).flat())
}

/** With positions between, where an edge is long. */
function withoutLongEdges(ring: Ring): Ring {
  if (widthOf(ring) <= LONGEST_EDGE) return ring
  return ring.flatMap(([lon, lat], at): Ring => {
    const [toLon, toLat] = ring[at + 1] ?? [lon, lat]
    const parts = Math.max(1, Math.ceil(Math.abs(toLon - lon) / LONGEST_EDGE))
    return Array.from({ length: parts }, (_, part) => [
      lon + ((toLon - lon) * part) / parts,
      lat + ((toLat - lat) * part) / parts,
    ])
  })
}

function widthOf(ring: Ring): number {
  const [west, , east] = boundsOfPoints(ring)
  return east - west
}
