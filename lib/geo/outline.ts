// The edges of a geometry, and what they bound.

import { isJsonObject, type JsonObject } from '../model/json.ts'
import { EdgeList, type Edges } from './edges.ts'
import { isSamePosition, type Position } from './ring.ts'

/** Of an edge that bounds nothing, as those of lines and points. */
const LINE = -1
/** Where a line, a point or a ring begins: it has no length, and is asked whether it lies within the other geometry. */
export const PROBE = -2

/**
 * @param geometry as GeoJSON has it
 * @returns the kind of each edge is the number of the polygon that it bounds, or LINE or PROBE
 */
export function outlineOf(geometry: JsonObject): Edges {
  const edges = new EdgeList()
  let polygons = 0
  const line = (positions: readonly Position[], kind: number) => {
    const [first] = positions
    if (first === undefined) return
    edges.add(first, first, PROBE)
    if (positions.length === 1) edges.add(first, first, kind)
    for (const [at, to] of positions.entries()) if (at > 0) edges.add(positions[at - 1]!, to, kind)
    const last = positions.at(-1)!
    // A ring that is left open is closed.
    if (kind !== LINE && !isSamePosition(last, first)) edges.add(last, first, kind)
  }
  const polygon = (rings: readonly (readonly Position[])[]) => {
    const kind = polygons++
    for (const ring of rings) line(ring, kind)
  }
  const add = ({ type, coordinates, geometries }: Shape) => {
    for (const inner of geometries ?? []) if (isJsonObject(inner)) add(asShape(inner))
    const read = readers[type]
    read?.(coordinates)
  }
  // oxlint-disable typescript/no-unsafe-type-assertion -- whoever asks has looked at how deep they nest
  const readers: Readonly<Record<string, (coordinates: unknown) => void>> = {
    Point: (at) => line([at as Position], LINE),
    MultiPoint: (at) => (at as Position[]).forEach((each) => line([each], LINE)),
    LineString: (at) => line(at as Position[], LINE),
    MultiLineString: (at) => (at as Position[][]).forEach((each) => line(each, LINE)),
    Polygon: (at) => polygon(at as Position[][]),
    MultiPolygon: (at) => (at as Position[][][]).forEach(polygon),
  }
  // oxlint-enable typescript/no-unsafe-type-assertion
  add(asShape(geometry))
  return edges.sorted()
}

interface Shape {
  readonly type: string
  readonly coordinates: unknown
  readonly geometries: readonly unknown[] | null
}

function asShape({ type, coordinates, geometries }: JsonObject): Shape {
  return {
    type: typeof type === 'string' ? type : '',
    coordinates,
    geometries: Array.isArray(geometries) ? geometries : null,
  }
}
