// How often the edges of rings cross: what cutting polygons costs, looked at before it is paid.

import type { Ring } from '../model/request.ts'

interface Edge {
  readonly from: Ring[number]
  readonly to: Ring[number]
  readonly south: number
  readonly north: number
}

/** Whether the edges of rings cross one another more than `limit` times. */
export function crossMoreThan(rings: readonly Ring[], limit: number): boolean {
  const edges = rings.flatMap(edgesOf).toSorted((one, other) => one.south - other.south)
  let open: Edge[] = []
  let crossings = 0
  for (const edge of edges) {
    open = open.filter(({ north }) => north >= edge.south)
    for (const other of open) if (cross(edge, other)) crossings++
    if (crossings > limit) return true
    open.push(edge)
  }
  return false
}

function edgesOf(ring: Ring): Edge[] {
  return ring.map((from, at) => {
    const to = ring[(at + 1) % ring.length] ?? from
    return { from, to, south: Math.min(from[1], to[1]), north: Math.max(from[1], to[1]) }
  })
}

/** Properly: edges that only touch, as neighbours do, cost nothing. */
function cross(one: Edge, other: Edge): boolean {
  const side = ({ from, to }: Edge, [x, y]: Ring[number]) =>
    (to[0] - from[0]) * (y - from[1]) - (to[1] - from[1]) * (x - from[0])
  return (
    side(one, other.from) * side(one, other.to) < 0 &&
    side(other, one.from) * side(other, one.to) < 0
  )
}
