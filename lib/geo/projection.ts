// Between degrees and the coordinates of a CRS: outlines and boxes, either way.

import type { Bbox } from '../model/grid.ts'
import { boundsOfPoints } from './bounds.ts'
import { eastEnd } from './longitude.ts'
import { withoutSeam } from './map-seam.ts'

/** Where a place has no other side (a pole of Mercator's), numbers are not finite. */
export interface Projection {
  /** Longitude and latitude (WGS 84, degrees) to x and y in the CRS. */
  forward(lon: number, lat: number): [number, number]
  /** x and y in the CRS to longitude and latitude. */
  inverse(x: number, y: number): [number, number]
}

/** Points added between the corners of each edge: what rasterio.warp.transform_bounds does by default. */
export const DENSIFY = 21

/** The outline of a box, densified, clockwise from its top left corner, closed. */
export function densifyRing([left, bottom, right, top]: Bbox): [number, number][] {
  const corners = [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ] as const
  const points = corners.flatMap(([x, y], at): [number, number][] => {
    const [toX, toY] = corners[(at + 1) % 4] ?? [x, y]
    return Array.from({ length: DENSIFY + 1 }, (_, step) => {
      const share = step / (DENSIFY + 1)
      return [x + (toX - x) * share, y + (toY - y) * share]
    })
  })
  return [...points, [left, top]]
}

/** Degrees of an edge for which DENSIFY is enough, and between two points of a longer one, as a circle round a pole. */
const LONG_EDGE = 22
const STEP = 0.25

/** The outline of a box in degrees, with as many points an edge as densifyRing has, and more on a long one. */
function outlineOf([west, south, east, north]: Bbox): [number, number][] {
  const stepsOf = (length: number) => (length > LONG_EDGE ? Math.ceil(length / STEP) : DENSIFY + 1)
  const along = (from: number, to: number) => {
    const steps = stepsOf(to - from)
    return Array.from({ length: steps + 1 }, (_, step) => from + ((to - from) * step) / steps)
  }
  return [
    ...along(west, east).flatMap((lon): [number, number][] => [
      [lon, north],
      [lon, south],
    ]),
    ...along(south, north).flatMap((lat): [number, number][] => [
      [west, lat],
      [east, lat],
    ]),
  ]
}

/**
 * The smallest box in the CRS around a WGS84 box; a box with west > east goes through the antimeridian. Points that
 * have no place in the CRS (a pole of Mercator's) count for nothing.
 */
export function projectBounds(asked: Bbox, projection: Projection): Bbox {
  const [west, south, , north] = asked
  const points = outlineOf([west, south, eastEnd(asked), north])
    .map(([lon, lat]) => projection.forward(lon, lat))
    .filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y))
  return boundsOfPoints(points)
}

/** Whether all of the outline of a box has a place in the CRS. */
export function isShown(box: Bbox, projection: Projection): boolean {
  return outlineOf(box).every(([lon, lat]) => projection.forward(lon, lat).every(Number.isFinite))
}

/** How far around a scene an asked area is followed, in degrees. */
const REACH = 10

const BESIDE_POLE = 89.9

/** Where an asked area is followed, and on which turns of the globe: the same meridian has many longitudes. */
export interface Vicinity {
  /** west < east */
  readonly box: Bbox
  readonly turns: readonly number[]
}

/**
 * What lies far from a scene must not be projected: half a world from its meridian, UTM turns back and would cut the
 * scene itself. Only around a pole nothing turns back; there every turn is the same place, and counts once.
 *
 * @param scene in degrees; west > east crosses the antimeridian
 */
export function vicinityOf(scene: Bbox, projection: Projection): Vicinity {
  const [west, south, , north] = scene
  const pole = south + north > 0 ? 90 : -90
  const [bottom, top] = [Math.max(south - REACH, -90), Math.min(north + REACH, 90)]
  if (isAround(pole, projection)) {
    // The other pole is a circle around the map, or infinitely far.
    const [from, to] =
      pole > 0
        ? [Math.max(Math.min(bottom, -REACH), -BESIDE_POLE), 90]
        : [-90, Math.min(Math.max(top, REACH), BESIDE_POLE)]
    return { box: [Number.NEGATIVE_INFINITY, from, Number.POSITIVE_INFINITY, to], turns: [0] }
  }
  const east = eastEnd(scene)
  // Around the whole globe, what lies beyond one end is what lies at the other.
  const reach = Math.max(0, Math.min(REACH, (360 - (east - west)) / 2))
  // Mercator has no poles, but places next to them.
  const placed = (lat: number) =>
    Number.isFinite(projection.forward(west, lat)[1]) ? lat : lat * 0.9999
  const xOf = (lon: number) => projection.forward(lon, (south + north) / 2)[0]
  const [from, to] = withoutSeam([west, east], reach, xOf)
  return {
    box: [from, placed(bottom), to, placed(top)],
    turns: [-720, -360, 0, 360, 720],
  }
}

/** Whether meridians are rays from a pole, as in polar stereographic projections. */
function isAround(pole: 90 | -90, projection: Projection): boolean {
  const [x, y] = projection.forward(0, pole)
  const away = [0, 90, 180, 270].map((lon) => {
    const [x2, y2] = projection.forward(lon, (pole / 9) * 8)
    return Math.hypot(x2 - x, y2 - y)
  })
  return Math.max(...away) - Math.min(...away) < 1e-6 * Math.max(...away)
}

/**
 * The parts of an asked box that lie on a scene or not far from it, from west to east: none, one, or where it meets a
 * scene around the globe at both ends, several that do not touch.
 *
 * @param scene where west > east crosses the antimeridian, as in `asked`
 * @returns west < east, possibly beyond 180
 */
export function nearScene(asked: Bbox, scene: Bbox, projection: Projection): Bbox[] {
  const { box, turns } = vicinityOf(scene, projection)
  const [from, bottom, to, top] = box
  const [south, north] = [Math.max(asked[1], bottom), Math.min(asked[3], top)]
  const [west, east] = [asked[0], eastEnd(asked)]
  const near = turns
    .map((turn): Span => [Math.max(west + turn, from), Math.min(east + turn, to)])
    .filter(([start, end]) => start < end)
    .toSorted(([start], [other]) => start - other)
  if (south >= north) return []
  // Of several parts those count that are on the scene, not only near it.
  const parts = near.length > 1 ? near.filter((span) => shared(span, scene) > 0) : near
  // The last digits of a globe's own bounds are not its other end.
  const wide = parts.filter((span) => shared(span, scene) > SAME_PLACE)
  return withoutSeams(wide.length > 0 ? wide : parts).map(([start, end]) => [
    start,
    south,
    end,
    north,
  ])
}

type Span = readonly [west: number, east: number]

/** Degrees: the noise of whole turns. */
const SAME_PLACE = 1e-9

/** How much of a span is on a scene. */
function shared([start, end]: Span, scene: Bbox): number {
  return Math.min(end, eastEnd(scene)) - Math.max(start, scene[0])
}

/** Spans from west to east, made one where they touch. */
function withoutSeams(spans: readonly Span[]): Span[] {
  const apart: Span[] = []
  for (const span of spans) {
    const before = apart.at(-1)
    if (before === undefined || span[0] - before[1] > SAME_PLACE) apart.push(span)
    else apart[apart.length - 1] = [before[0], span[1]]
  }
  return apart
}
