// Which pixels of a grid lie in a polygon: those whose centre does, by the even-odd rule, holes left out.

/** Closed rings in columns and rows of a grid; outer rings and holes alike. */
export type PixelRings = readonly (readonly (readonly [col: number, row: number])[])[]

interface Edge {
  /** The end with the smaller row. */
  readonly col: number
  readonly row: number
  readonly endRow: number
  /** Columns per row. */
  readonly slope: number
}

export class PixelPolygon {
  readonly #edges: readonly Edge[]

  constructor(rings: PixelRings) {
    this.#edges = rings.flatMap(edgesOf).toSorted((one, other) => one.row - other.row)
  }

  /**
   * Sets `inside` to 1 for the pixels of a row that belong to the polygon, else 0.
   *
   * @param row of the grid; its centre is half a row below its upper edge
   */
  markRow(row: number, inside: Uint8Array): void {
    const centre = row + 0.5
    inside.fill(0)
    const crossings: number[] = []
    for (const edge of this.#edges) {
      if (edge.row > centre) break
      // Half open, so that a vertex on the centre line counts for one of its two edges.
      if (edge.endRow > centre) crossings.push(edge.col + (centre - edge.row) * edge.slope)
    }
    crossings.sort((one, other) => one - other)
    for (let at = 0; at + 1 < crossings.length; at += 2) {
      const from = Math.max(0, Math.ceil(crossings[at]! - 0.5))
      const to = Math.min(inside.length, Math.ceil(crossings[at + 1]! - 0.5))
      if (from < to) inside.fill(1, from, to)
    }
  }
}

function edgesOf(ring: readonly (readonly [number, number])[]): Edge[] {
  return ring.flatMap(([col, row], at) => {
    const [endCol, endRow] = ring[(at + 1) % ring.length] ?? [col, row]
    if (row === endRow) return []
    const slope = (endCol - col) / (endRow - row)
    return row < endRow
      ? [{ col, row, endRow, slope }]
      : [{ col: endCol, row: endRow, endRow: row, slope }]
  })
}
