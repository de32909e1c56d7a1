// Unions and intersections of polygons on the plane of longitude and latitude. The only door to clipper2.

import {
  Clipper,
  Clipper64,
  ClipType,
  FillRule,
  type Paths64,
  type PolyPath64,
  PolyTree64,
} from 'clipper2-ts'
import type { Ring } from '../model/request.ts'

/** Polygons that do not overlap: each its outer ring, then its holes, closed. */
export type PolygonSet = readonly (readonly Ring[])[]

/** Vertices lie on a grid of 1e-9 degrees, a tenth of a millimetre: what the arithmetic of clipper2 is exact on. */
const PER_DEGREE = 1e9

/**
 * The area that any of the polygons covers. Within one polygon the even-odd rule holds, so rings may be open or closed,
 * of either direction, and may cross themselves. Equal areas come out equal, whatever they were made of: outer rings
 * counter-clockwise, holes clockwise (RFC 7946, 3.1.6), each from its westernmost vertex, without collinear vertices.
 *
 * @param perUnit of the grid on which vertices lie: 1 for polygons in whole pixels
 */
export function unionOf(polygons: readonly (readonly Ring[])[], perUnit = PER_DEGREE): PolygonSet {
  const simple = polygons.flatMap((rings) =>
    Clipper.union(toPaths([rings], perUnit), FillRule.EvenOdd),
  )
  return combine(ClipType.Union, simple, null, perUnit)
}

/** The area that both sets cover. */
export function intersectionOf(one: PolygonSet, other: PolygonSet): PolygonSet {
  return combine(ClipType.Intersection, toPaths(one), toPaths(other))
}

/** Square degrees. */
export function squareDegrees(polygons: PolygonSet): number {
  return Clipper.areaPaths(toPaths(polygons)) / PER_DEGREE ** 2
}

/**
 * Each ring without the vertices that lie within `tolerance` degrees of the line between their neighbours. What crosses
 * itself afterwards is made simple again.
 */
export function simplify(polygons: PolygonSet, tolerance: number): PolygonSet {
  const paths = Clipper.simplifyPaths(toPaths(polygons), tolerance * PER_DEGREE, true)
  return combine(ClipType.Union, paths, null)
}

function combine(
  type: ClipType,
  subject: Paths64,
  clip: Paths64 | null,
  perUnit = PER_DEGREE,
): PolygonSet {
  const clipper = new Clipper64()
  clipper.preserveCollinear = false
  clipper.addSubject(subject)
  if (clip !== null) clipper.addClip(clip)
  const tree = new PolyTree64()
  clipper.execute(type, FillRule.NonZero, tree)
  return polygonsOf(tree, perUnit).toSorted(([one = []], [other = []]) => compareRings(one, other))
}

/** A polygon for every outer ring, islands in holes among them. */
function polygonsOf(parent: PolyPath64, perUnit: number): (readonly Ring[])[] {
  return childrenOf(parent).flatMap((outer) => {
    const holes = childrenOf(outer)
    const rings = holes.map((hole) => toRing(hole, false, perUnit)).toSorted(compareRings)
    const islands = holes.flatMap((hole) => polygonsOf(hole, perUnit))
    return [[toRing(outer, true, perUnit), ...rings], ...islands]
  })
}

function childrenOf(path: PolyPath64): PolyPath64[] {
  return Array.from({ length: path.count }, (_, at) => path.child(at))
}

function toRing({ poly }: PolyPath64, isOuter: boolean, perUnit: number): Ring {
  const path = poly ?? []
  const turned = Clipper.area(path) > 0 === isOuter ? path : path.toReversed()
  const vertices = turned.map(({ x, y }) => [x / perUnit, y / perUnit] as const)
  const first = vertices.reduce(
    (least, vertex, at) => (comparePositions(vertex, vertices[least]) < 0 ? at : least),
    0,
  )
  return [...vertices.slice(first), ...vertices.slice(0, first + 1)]
}

/** Adding 0 makes 0 of -0. */
function toPaths(polygons: readonly (readonly Ring[])[], perUnit = PER_DEGREE): Paths64 {
  const whole = (value: number) => Math.round(value * perUnit) + 0
  return polygons.flatMap((rings) =>
    rings.map((ring) => ring.map(([x, y]) => ({ x: whole(x), y: whole(y) }))),
  )
}

function compareRings(one: Ring, other: Ring): number {
  const at = one.findIndex((position, i) => comparePositions(position, other[i]) !== 0)
  return at < 0 ? one.length - other.length : comparePositions(one[at]!, other[at])
}

type Position = Ring[number]

/** From west to east, then from south to north; the one that is missing comes first. */
function comparePositions([lon, lat]: Position, other: Position | undefined): number {
  if (other === undefined) return 1
  return lon - other[0] || lat - other[1]
}
