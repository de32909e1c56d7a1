// The edges of a geometry in flat memory, from south to north.

import { isJsonObject, type JsonObject } from '../model/json.ts'

/** Of an edge that bounds nothing, as those of lines and points. */
const LINE = -1
/** Where a line, a point or a ring begins: it has no length, and is asked whether it lies within the other geometry. */
export const PROBE = -2

/** Sorted by the latitude at which they begin. */
export interface Outline {
  readonly count: number
  /** Of each edge its southern end, x and y, then the other one. */
  readonly ends: Float64Array
  /** Of each edge the number of the polygon that it bounds, or LINE or PROBE. */
  readonly kinds: Int32Array
}

/** @param geometry as GeoJSON has it */
export function outlineOf(geometry: JsonObject): Outline {
  const ends: number[] = []
  const kinds: number[] = []
  let polygons = 0
  const edge = (from: Position, to: Position, kind: number) => {
    const [south, north] = from[1] <= to[1] ? [from, to] : [to, from]
    ends.push(south[0], south[1], north[0], north[1])
    kinds.push(kind)
  }
  const line = (positions: readonly Position[], kind: number) => {
    const [first] = positions
    if (first === undefined) return
    edge(first, first, PROBE)
    if (positions.length === 1) edge(first, first, kind)
    for (const [at, to] of positions.entries()) if (at > 0) edge(positions[at - 1]!, to, kind)
    const last = positions.at(-1)!
    // A ring that is left open is closed.
    if (kind !== LINE && (last[0] !== first[0] || last[1] !== first[1])) edge(last, first, kind)
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
  return sorted(ends, kinds)
}

type Position = readonly [x: number, y: number, ...rest: number[]]

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

function sorted(unsorted: readonly number[], kindsOf: readonly number[]): Outline {
  const count = kindsOf.length
  const order = Uint32Array.from({ length: count }, (_, edge) => edge).toSorted(
    (one, other) => unsorted[4 * one + 1]! - unsorted[4 * other + 1]!,
  )
  const ends = new Float64Array(4 * count)
  const kinds = new Int32Array(count)
  for (const [place, edge] of order.entries()) {
    for (let at = 0; at < 4; at++) ends[4 * place + at] = unsorted[4 * edge + at]!
    kinds[place] = kindsOf[edge]!
  }
  return { count, ends, kinds }
}
