// Whether two geometries touch, by one sweep from south to north over the edges of both: outlines of ten thousand
// corners each take some milliseconds, where comparing each corner with each edge takes most of a second.

import { isJsonObject, type JsonObject } from '../model/json.ts'
import type { Edges } from './edges.ts'
import { outlineOf, PROBE } from './outline.ts'
import { positionDepths } from './position-depths.ts'

/**
 * Whether a GeoJSON geometry shares a point with others, on the plane of longitude and latitude; false where one is not
 * a geometry. A geometry over the antimeridian is cut there (RFC 7946, 3.1.9). The edges of the first are sorted once,
 * where any other needs that.
 */
export function intersecting(one: unknown): (other: unknown) => boolean {
  if (!isGeometry(one)) return () => false
  let outline: Edges | null = null
  return (other) => isGeometry(other) && meet((outline ??= outlineOf(one)), outlineOf(other))
}

/** Whether a value is a GeoJSON geometry, its positions at the depth that its type has them at. */
export function isGeometry(value: unknown): value is JsonObject {
  if (!isJsonObject(value) || typeof value.type !== 'string') return false
  if (value.type === 'GeometryCollection') {
    const { geometries } = value
    return Array.isArray(geometries) && geometries.length > 0 && geometries.every(isGeometry)
  }
  const depth = positionDepths[value.type]
  return depth !== undefined && isNested(value.coordinates, depth)
}

function isNested(value: unknown, depth: number): boolean {
  if (!Array.isArray(value) || value.length === 0) return false
  if (depth > 0) return value.every((inner) => isNested(inner, depth - 1))
  return value.length >= 2 && value.every((number) => typeof number === 'number')
}

/** Pairs of edges beside one another, 50 ms: geometries that have more in common are taken to touch. */
const MOST_PAIRS = 10_000_000

/** Edges of an outline that reach the latitude of the sweep. */
interface Open {
  readonly outline: Edges
  readonly edges: Uint32Array
  count: number
  /** The next that is not reached yet. */
  next: number
}

function opened(outline: Edges): Open {
  return { outline, edges: new Uint32Array(outline.count), count: 0, next: 0 }
}

/** Whether an edge of one meets an edge of the other, or a part of one begins within the other. */
function meet(first: Edges, second: Edges): boolean {
  const [one, other] = [opened(first), opened(second)]
  for (let pairs = 0; pairs <= MOST_PAIRS; ) {
    const ours = southOf(one)
    const theirs = southOf(other)
    if (ours === Infinity && theirs === Infinity) return false
    const [from, to] = ours <= theirs ? [one, other] : [other, one]
    const edge = from.next++
    pairs += to.count
    if (touchesOpen(from.outline, edge, to)) return true
    if (from.outline.kinds[edge] !== PROBE) from.edges[from.count++] = edge
  }
  return true
}

function southOf({ outline: { ends }, next }: Open): number {
  return ends[4 * next + 1] ?? Infinity
}

/** Forgets the edges that end south of this one on the way. */
function touchesOpen({ ends, kinds }: Edges, edge: number, open: Open): boolean {
  const at = 4 * edge
  const [x, y, toX, toY] = [ends[at]!, ends[at + 1]!, ends[at + 2]!, ends[at + 3]!]
  const isProbe = kinds[edge] === PROBE
  const { outline, edges } = open
  const inside = new Set<number>()
  let left = 0
  for (let each = 0; each < open.count; each++) {
    const other = edges[each]!
    const from = 4 * other
    if (outline.ends[from + 3]! < y) continue
    edges[left++] = other
    if (!isProbe) {
      if (cross(x, y, toX, toY, outline.ends, from)) return true
    } else if (isWestOf(x, y, outline.ends, from)) {
      const polygon = outline.kinds[other]!
      if (polygon >= 0 && !inside.delete(polygon)) inside.add(polygon)
    }
  }
  open.count = left
  return inside.size > 0
}

/** Whether an edge crosses the parallel of a position west of it: an odd number of times, and it lies inside. */
function isWestOf(x: number, y: number, ends: Float64Array, at: number): boolean {
  const [fromX, fromY, toX, toY] = [ends[at]!, ends[at + 1]!, ends[at + 2]!, ends[at + 3]!]
  return fromY < y && y <= toY && fromX + ((y - fromY) / (toY - fromY)) * (toX - fromX) < x
}

/** Whether two edges share a point. Both go from south to north. */
function cross(x: number, y: number, toX: number, toY: number, ends: Float64Array, at: number) {
  const [oX, oY, oToX, oToY] = [ends[at]!, ends[at + 1]!, ends[at + 2]!, ends[at + 3]!]
  if (toY < oY || oToY < y) return false
  if (Math.max(x, toX) < Math.min(oX, oToX) || Math.max(oX, oToX) < Math.min(x, toX)) return false
  const side = (oToX - oX) * (y - oY) - (oToY - oY) * (x - oX)
  const toSide = (oToX - oX) * (toY - oY) - (oToY - oY) * (toX - oX)
  if (side * toSide > 0) return false
  const otherSide = (toX - x) * (oY - y) - (toY - y) * (oX - x)
  const otherToSide = (toX - x) * (oToY - y) - (toY - y) * (oToX - x)
  return otherSide * otherToSide <= 0
}
