// The ground under the observed part of a grid, in degrees: outer rings alone, few corners, cut by the asked area.

import type { Bbox, Grid } from '../model/grid.ts'
import type { AreaGeometry, Ring } from '../model/request.ts'
import { polygonsOf, withinGlobe } from './area.ts'
import { boundsOfPoints } from './bounds.ts'
import { groundOf } from './coverage.ts'
import type { Footprint } from './footprint.ts'
import { normalizeLongitude, unwrapDense } from './longitude.ts'
import { intersectionOf, type PolygonSet, simplify, unionOf } from './polygon-set.ts'
import type { Projection } from './projection.ts'

/** Corners of all rings together. */
const MOST_CORNERS = 200
/** Each has three corners at least. */
const MOST_RINGS = 40
/** Parts of the longest side of a grid between two points that are projected. */
const PARTS = 64

/** In columns and rows of a grid. */
export interface GridBox {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** What of a grid is observed, as boxes; the coarser, the fewer, and the more of what lies between they cover. */
export interface ObservedBoxes {
  boxes(): readonly GridBox[]
  /** Null where it cannot be coarser. */
  coarser(): ObservedBoxes | null
}

/**
 * @param whole footprint of the whole grid
 * @param observed null where that is all of the grid, or nothing
 * @param asked what the ground is cut by; null for none
 */
export function dataFootprint(
  grid: Grid,
  projection: Projection,
  whole: Footprint,
  observed: ObservedBoxes | null,
  asked: AreaGeometry | null,
): Footprint {
  const outline = observed === null ? null : outlineOf(observed, grid, projection)
  if (outline === null && asked === null) return whole
  const ground = outline === null ? groundOf(whole.geometry) : withFewCorners(outline, grid, whole)
  if (ground === null) return whole
  const cut = asked === null ? ground : intersectionOf(ground, polygonsOf(asked))
  const [first] = cut
  if (first === undefined) return whole
  const geometry =
    cut.length === 1
      ? { type: 'Polygon', coordinates: first }
      : { type: 'MultiPolygon', coordinates: cut }
  return { bbox: boundsOf(cut), geometry }
}

/** Null where a ring goes around a pole: then the ground of the whole grid has to do. */
function outlineOf(observed: ObservedBoxes, grid: Grid, projection: Projection): PolygonSet | null {
  const [a, , c, , e, f] = grid.transform
  const step = Math.max(...grid.shape) / PARTS
  const rings = ringsOf(observed).map((ring) => {
    const points = densify(ring, step).map(([col, row]) =>
      projection.inverse(c + a * col, f + e * row),
    )
    return unwrapDense([...points, ...points.slice(0, 1)]).map(
      // Grids of the whole globe hang over the poles by half a pixel.
      ([lon, lat = Number.NaN]) => [lon, Math.max(-90, Math.min(90, lat))] as const,
    )
  })
  const isSound = rings.every(
    (ring) => Math.abs(ring[0]![0] - ring.at(-1)![0]) < 180 && ring.flat().every(Number.isFinite),
  )
  return isSound ? withoutHoles(unionOf(rings.map((ring) => withinGlobe(ring)))) : null
}

/** Outer rings in pixels, as coarse as it takes for few of them. */
function ringsOf(observed: ObservedBoxes): Ring[] {
  const polygons = observed.boxes().map(({ left, top, right, bottom }) => [
    [
      [left, top],
      [right, top],
      [right, bottom],
      [left, bottom],
    ] as const,
  ])
  const rings = withoutHoles(unionOf(polygons, 1), 1).flat()
  const coarser = rings.length > MOST_RINGS ? observed.coarser() : null
  return coarser === null ? rings : ringsOf(coarser)
}

function densify(ring: Ring, step: number): Ring {
  return ring.slice(0, -1).flatMap(([x, y], at): Ring => {
    const [toX, toY] = ring[at + 1]!
    const parts = Math.max(1, Math.ceil(Math.hypot(toX - x, toY - y) / step))
    return Array.from({ length: parts }, (_, part) => [
      x + ((toX - x) * part) / parts,
      y + ((toY - y) * part) / parts,
    ])
  })
}

function withoutHoles(polygons: PolygonSet, perUnit?: number): PolygonSet {
  return unionOf(
    polygons.map(([outer = []]) => [outer]),
    perUnit,
  )
}

/** Simplified as little as it takes, from half a pixel on. */
function withFewCorners(
  polygons: PolygonSet,
  { shape: [rows] }: Grid,
  whole: Footprint,
): PolygonSet {
  const [, south, , north] = whole.bbox
  let few = polygons
  let tolerance = (north - south) / rows / 2
  for (; countCorners(few) > MOST_CORNERS && tolerance < 90; tolerance *= 2) {
    const simpler = withoutHoles(simplify(polygons, tolerance))
    if (simpler.length === 0) break
    few = simpler
  }
  return few
}

function countCorners(polygons: PolygonSet): number {
  return polygons.flat().reduce((sum, ring) => sum + ring.length - 1, 0)
}

/** Parts that end at 180 and begin at -180 are of one box, which crosses the antimeridian. */
function boundsOf(polygons: PolygonSet): Bbox {
  const boxes = polygons.map(([outer = []]) => boundsOfPoints(outer))
  const crosses =
    boxes.some(([west]) => west === -180) &&
    boxes.some(([, , east]) => east === 180) &&
    boxes.every(([west, , east]) => west > -180 || east < 180)
  const shift = (lon: number) => (crosses && lon < 0 ? lon + 360 : lon)
  const points = polygons.flat(2).map(([lon, lat]) => [shift(lon), lat] as const)
  const [west, south, east, north] = boundsOfPoints(points)
  return [west, south, east > 180 ? normalizeLongitude(east) : east, north]
}
