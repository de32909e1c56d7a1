// The ground that a grid covers, in degrees.

import type { Bbox, Grid } from '../model/grid.ts'
import { gridBounds } from '../model/grid.ts'
import type { JsonObject } from '../model/json.ts'
import { perObject } from '../model/per-object.ts'
import { boundsOfPoints } from './bounds.ts'
import { eastEnd, normalizeLongitude, turnsOf, unwrapDense } from './longitude.ts'
import { boundsOfPlaces, poleIn } from './places-of-grid.ts'
import { DENSIFY, densifyRing, type Projection } from './projection.ts'

export interface Footprint {
  /** West > east where the grid crosses the antimeridian. */
  readonly bbox: Bbox
  /** GeoJSON Polygon, its ring counter-clockwise (RFC 7946, 3.1.6); cut in two at the antimeridian (3.1.9). */
  readonly geometry: JsonObject
}

type Position = readonly [lon: number, lat: number]
type Outline = readonly Position[]

/** Rounded to 7 decimals (about a centimetre): PROJ's last digits differ between machines. */
export function footprintOf(grid: Grid, projection: Projection): Footprint {
  const around = outlineInDegrees(grid, projection)
  if (around === null) return boxFootprint(boundsOfPlaces(grid, projection))
  if (isAroundPole(around)) return polarFootprint(around, poleIn(grid, projection))
  const [west, south, east, north] = boundsOfPoints(around)
  const [bottom, top] = [degrees(south), degrees(north)]
  if (east - west >= 360 - 1e-7) return boxFootprint([-180, south, 180, north])
  // The westernmost longitude lies in [-180, 180).
  const turn = turnsOf(west)
  const eastEnd = east - turn
  const ring = counterClockwise(
    [3, 2, 1, 0].map((side): Position => {
      const [lon, lat] = around[side * (DENSIFY + 1)]!
      return [lon - turn, lat]
    }),
  )
  return {
    bbox: [degrees(west - turn), bottom, degrees(eastEnd > 180 ? eastEnd - 360 : eastEnd), top],
    geometry: eastEnd > 180 ? bothSides(ring) : { type: 'Polygon', coordinates: [closed(ring)] },
  }
}

/**
 * The ground under a grid in the longitudes in which the grid itself counts, west < east: one in degrees may go from
 * 0 to 360.
 */
export function boundsInDegrees(grid: Grid, projection: Projection): Bbox {
  const around = outlineInDegrees(grid, projection)
  if (around === null) {
    const [west, south, , north] = boundsOfPlaces(grid, projection)
    return [west, south, eastEnd(boundsOfPlaces(grid, projection)), north]
  }
  return isAroundPole(around)
    ? polarFootprint(around, poleIn(grid, projection)).bbox
    : boundsOfPoints(around)
}

/**
 * Closed, in the order of the grid's corners from the top left one, without a jump from one edge of the map to the
 * other; null where a part of it has no place on Earth, as the corners of a hemisphere have none.
 */
const outlineInDegrees = perObject((grid: Grid, projection: Projection): Outline | null => {
  const positions = densifyRing(gridBounds(grid)).map(([x, y]) => projection.inverse(x, y))
  if (!positions.flat().every(Number.isFinite)) return null
  // A grid of the world whose outermost pixels have their centres on the poles begins half a pixel beyond them.
  return unwrapDense(positions).map(
    ([lon, lat = Number.NaN]): Position => [lon, Math.min(90, Math.max(-90, lat))],
  )
})

/** Whether an outline ends a turn of the globe away from where it began. */
function isAroundPole(outline: Outline): boolean {
  return Math.abs(outline.at(-1)![0] - outline[0]![0]) > 180
}

/** Of a grid around a pole, whose outline goes once around the globe: everything from its outline to the pole. */
function polarFootprint(outline: Outline, pole: 90 | -90): Footprint {
  const [, lowest, , highest] = boundsOfPoints(outline)
  const isNorth = pole > 0
  // The outline of a rectangle meets each meridian once, so its positions have an order from west to east.
  const eastward = outline
    .slice(1)
    .map(([lon, lat]): Position => [normalizeLongitude(lon), lat])
    .toSorted(([one], [other]) => one - other)
  const [first, last] = [eastward[0]!, eastward.at(-1)!]
  const share = (180 - last[0]) / (first[0] + 360 - last[0])
  const atEdge = last[1] + (first[1] - last[1]) * share
  const line: Position[] = [[-180, atEdge], ...eastward, [180, atEdge]]
  const far: Position[] = [
    [180, pole],
    [-180, pole],
  ]
  // Counter-clockwise is eastward south of the area, westward north of it.
  const ring = isNorth ? [...line, ...far] : [...far.toReversed(), ...line.toReversed()]
  return {
    bbox: [-180, isNorth ? degrees(lowest) : pole, 180, isNorth ? pole : degrees(highest)],
    geometry: { type: 'Polygon', coordinates: [closed(ring)] },
  }
}

/** A grid may count to the west or to the south, and its corners then go round the other way. */
function counterClockwise(ring: readonly Position[]): Position[] {
  const area = ring.reduce((sum, [lon, lat], at) => {
    const [lon2, lat2] = ring[(at + 1) % ring.length] ?? [lon, lat]
    return sum + lon * lat2 - lon2 * lat
  }, 0)
  return area < 0 ? ring.toReversed() : [...ring]
}

/** A box as its own footprint. */
function boxFootprint(box: Bbox): Footprint {
  const [west, south, , north] = box
  const ring: Position[] = [
    [west, south],
    [eastEnd(box), south],
    [eastEnd(box), north],
    [west, north],
  ]
  return {
    bbox: [degrees(west), degrees(south), degrees(box[2]), degrees(north)],
    geometry: box[2] < west ? bothSides(ring) : { type: 'Polygon', coordinates: [closed(ring)] },
  }
}

function bothSides(ring: readonly Position[]): JsonObject {
  const east = cut(ring, (lon) => lon >= 180).map(([lon, lat]): Position => [lon - 360, lat])
  const west = cut(ring, (lon) => lon <= 180)
  return { type: 'MultiPolygon', coordinates: [[closed(west)], [closed(east)]] }
}

/** The part of a convex ring on one side of the antimeridian. */
function cut(ring: readonly Position[], isInside: (lon: number) => boolean): Position[] {
  return ring.flatMap(([lon, lat], at): Position[] => {
    const [lon2, lat2] = ring[(at + 1) % ring.length] ?? [lon, lat]
    const crossing: Position = [180, lat + ((lat2 - lat) * (180 - lon)) / (lon2 - lon)]
    const crosses = (lon < 180 && lon2 > 180) || (lon > 180 && lon2 < 180)
    return [...(isInside(lon) ? [[lon, lat] as const] : []), ...(crosses ? [crossing] : [])]
  })
}

function closed(ring: readonly Position[]): number[][] {
  return [...ring, ...ring.slice(0, 1)].map((position) => position.map(degrees))
}

function degrees(value: number): number {
  return Number(value.toFixed(7))
}
