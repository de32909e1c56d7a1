// A polygon in degrees, on the ground of a scene: its bounds in the CRS and its pixels on a grid.

import { GreenprintError } from '../errors.ts'
import type { Bbox, Grid } from '../model/grid.ts'
import type { AreaGeometry, Ring } from '../model/request.ts'
import { polygonsOf } from './area.ts'
import { boundsOfPoints } from './bounds.ts'
import { groundSeen } from './horizon.ts'
import { eastEnd, normalizeLongitude } from './longitude.ts'
import { PixelPolygon } from './pixel-polygon.ts'
import { intersectionOf, type PolygonSet } from './polygon-set.ts'
import { DENSIFY, type Projection, type Vicinity, vicinityOf } from './projection.ts'
import { unwrapRing } from './ring.ts'

type Point = readonly [x: number, y: number]

/** Rings in the CRS of a scene, densified, cut off far from the scene. */
export interface ProjectedArea {
  readonly rings: readonly (readonly Point[])[]
  readonly bounds: Bbox
}

/**
 * @param scene bounds of the scene in degrees; west > east crosses the antimeridian
 * @throws {GreenprintError} `outside_scene` when no part of the polygon lies near the scene
 */
export function projectArea(
  area: AreaGeometry,
  scene: Bbox,
  projection: Projection,
): ProjectedArea {
  const projected = projecting(scene, projection)(area)
  if (projected !== null) return projected
  throw new GreenprintError('outside_scene', 'The geometry lies far from the scene.')
}

/** The same for many areas on one ground, which is looked at once; null for an area that lies far from it. */
export function projecting(
  scene: Bbox,
  projection: Projection,
): (area: AreaGeometry) => ProjectedArea | null {
  const around = vicinityOf(scene, projection)
  // Where turns are one, both sides of a seam must fall on the same line to the last digit: no centre lies between.
  const isOneTurn = around.turns.length === 1
  const place = (lon: number, lat: number) =>
    projection.forward(isOneTurn ? normalizeLongitude(lon) : lon, lat)
  const project = (polygons: PolygonSet) =>
    polygons
      .flat()
      .flatMap((ring) => nearby(ring, around))
      .map((ring) => projectRing(ring, place))
  let seen: PolygonSet | null | undefined
  return (area) => {
    const polygons = polygonsOf(area)
    const projected = project(polygons)
    // A ring that leaves what the map shows goes on along its rim.
    const isShown = projected.every(isPlaced)
    if (!isShown && seen === undefined) seen = groundSeen(middleOf(scene), projection)
    const rings = isShown || !seen ? projected : project(intersectionOf(polygons, seen))
    const placed = rings.map((ring) => ring.filter(isPlace)).filter((ring) => ring.length >= 3)
    return placed.length === 0 ? null : { rings: placed, bounds: boundsOfPoints(placed.flat()) }
  }
}

function isPlaced(ring: readonly Point[]): boolean {
  return ring.every(isPlace)
}

function isPlace([x, y]: Point): boolean {
  return Number.isFinite(x) && Number.isFinite(y)
}

function middleOf(scene: Bbox): Point {
  return [(scene[0] + eastEnd(scene)) / 2, (scene[1] + scene[3]) / 2]
}

/** The polygon in columns and rows of a grid. */
export function onGrid(
  rings: ProjectedArea['rings'],
  { transform: [a, , c, , e, f] }: Grid,
): PixelPolygon {
  return new PixelPolygon(rings.map((ring) => ring.map(([x, y]) => [(x - c) / a, (y - f) / e])))
}

/** The part of a ring that lies in a box around a scene, on every turn of the globe on which it passes it. */
function nearby(ring: Ring, { box, turns }: Vicinity): Point[][] {
  const whole = unwrapRing(ring)
  const [west, , east] = boundsOfPoints(whole)
  return turns
    .filter((turn) => west + turn <= box[2] && east + turn >= box[0])
    .map((turn) =>
      clip(
        whole.map(([lon, lat]): Point => [lon + turn, lat]),
        box,
      ),
    )
    .filter((part) => part.length >= 3)
}

/** Sutherland & Hodgman (1974): a ring cut at the four sides of a box. Its new edges run along the box. */
function clip(ring: readonly Point[], [left, bottom, right, top]: Bbox): Point[] {
  const sides: readonly ((point: Point) => number)[] = [
    ([x]) => x - left,
    ([x]) => right - x,
    ([, y]) => y - bottom,
    ([, y]) => top - y,
  ]
  return sides.reduce<Point[]>((points, inside) => clipSide(points, inside), [...ring])
}

function clipSide(ring: readonly Point[], inside: (point: Point) => number): Point[] {
  return ring.flatMap((point, at): Point[] => {
    const next = ring[(at + 1) % ring.length] ?? point
    const [here, there] = [inside(point), inside(next)]
    const kept: Point[] = here >= 0 ? [point] : []
    if (here >= 0 === there >= 0) return kept
    const share = here / (here - there)
    return [
      ...kept,
      [point[0] + (next[0] - point[0]) * share, point[1] + (next[1] - point[1]) * share],
    ]
  })
}

/** Degrees between two points of an edge at most: straight lines between them are right to 0.1 m. */
const STEP = 0.02

/** With as many points between two positions as between the corners of a box, and more on a long edge. */
function projectRing(ring: readonly Point[], place: Projection['forward']): Point[] {
  const points: Point[] = []
  for (const [at, [x, y]] of ring.entries()) {
    const [toX, toY] = ring[(at + 1) % ring.length] ?? [x, y]
    const length = Math.max(Math.abs(toX - x), Math.abs(toY - y))
    const steps = Math.max(DENSIFY + 1, Math.ceil(length / STEP))
    for (let step = 0; step < steps; step++) {
      const share = step / steps
      points.push(place(x + (toX - x) * share, y + (toY - y) * share))
    }
  }
  return points
}
