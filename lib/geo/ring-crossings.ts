// What cutting polygons would cost, looked at before it is paid: edges that cross, and edges that lie side by side.

import type { Ring } from '../model/request.ts'
import { EdgeList, type Edges } from './edges.ts'

/** Of edges with one another: each costs as much as a position. */
const MOST_CROSSINGS = 2_000
/** Pairs of edges that some parallel of latitude meets both: 200 for each edge of the largest area. */
const MOST_PAIRS = 2_000_000

/** Why polygons of these rings are not cut, as a clause; null where they may be. */
export function tangleFault(rings: readonly Ring[]): string | null {
  const { count, ends } = edgesOf(rings)
  const open = new Uint32Array(count)
  let opened = 0
  let pairs = 0
  let crossings = 0
  for (let edge = 0; edge < count; edge++) {
    const south = ends[4 * edge + 1]!
    let left = 0
    for (let at = 0; at < opened; at++) {
      const other = open[at]!
      if (ends[4 * other + 3]! < south) continue
      open[left++] = other
      if (cross(ends, edge, other)) crossings++
    }
    pairs += left
    if (crossings > MOST_CROSSINGS) {
      return `crosses itself more than ${MOST_CROSSINGS} times; make it valid first`
    }
    if (pairs > MOST_PAIRS) return 'has too many edges side by side; simplify it'
    open[left++] = edge
    opened = left
  }
  return null
}

function edgesOf(rings: readonly Ring[]): Edges {
  const edges = new EdgeList()
  for (const ring of rings) {
    for (const [at, to] of ring.entries()) edges.add(ring.at(at - 1)!, to)
  }
  return edges.sorted()
}

/** Properly: edges that only touch, as neighbours do, cost nothing. */
function cross(ends: Float64Array, one: number, other: number): boolean {
  return (
    side(ends, one, other, 0) * side(ends, one, other, 2) < 0 &&
    side(ends, other, one, 0) * side(ends, other, one, 2) < 0
  )
}

/** On which side of an edge an end of another lies: its sign. */
function side(ends: Float64Array, edge: number, other: number, end: 0 | 2): number {
  const from = 4 * edge
  const point = 4 * other + end
  const x = ends[from]!
  const y = ends[from + 1]!
  return (ends[from + 2]! - x) * (ends[point + 1]! - y) - (ends[from + 3]! - y) * (ends[point]! - x)
}
