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
  /** Where the edge crosses the centre line of the row that is marked. */
  at: number
}

export class PixelPolygon {
  /** The rows whose centre line the polygon crosses: from the first up to the second. */
  readonly rows: readonly [from: number, to: number]
  readonly #edges: readonly Edge[]
  /**
   * Edges that cross the row marked last, from left to right: the next row has nearly the same in nearly that order.
   */
  #crossing: Edge[] = []
  #started = 0
  #lastRow = -1

  constructor(rings: PixelRings) {
    this.#edges = rings.flatMap(edgesOf).toSorted((one, other) => one.row - other.row)
    const end = this.#edges.reduce((most, { endRow }) => Math.max(most, endRow), -Infinity)
    const [first] = this.#edges
    this.rows = first === undefined ? [0, 0] : [centreFrom(first.row), centreFrom(end)]
  }

  /**
   * Sets `inside` to 1 for the pixels of a row that belong to the polygon, else 0. Rows may be asked in any order;
   * downwards they are cheapest.
   *
   * @param row of the grid; its centre is half a row below its upper edge
   * @param left column of the grid that `inside` begins with
   */
  markRow(row: number, inside: Uint8Array, left = 0): void {
    this.#moveTo(row)
    inside.fill(0)
    for (let i = 0; i + 1 < this.#crossing.length; i += 2) {
      const from = Math.max(0, centreFrom(this.#crossing[i]!.at) - left)
      const to = Math.min(inside.length, centreFrom(this.#crossing[i + 1]!.at) - left)
      if (from < to) inside.fill(1, from, to)
    }
  }

  /** The pixels of a row that belong to the polygon: columns from the first up to the second, and so on by twos. */
  spansOf(row: number): readonly number[] {
    this.#moveTo(row)
    const spans: number[] = []
    for (let i = 0; i + 1 < this.#crossing.length; i += 2) {
      const from = centreFrom(this.#crossing[i]!.at)
      const to = centreFrom(this.#crossing[i + 1]!.at)
      if (from < to) spans.push(from, to)
    }
    return spans
  }

  #moveTo(row: number): void {
    if (row < this.#lastRow) {
      this.#crossing = []
      this.#started = 0
    }
    this.#lastRow = row
    const centre = row + 0.5
    // Half open, so that a vertex on the centre line counts for one of its two edges.
    const crossing = this.#crossing.filter(({ endRow }) => endRow > centre)
    for (; this.#started < this.#edges.length; this.#started++) {
      const edge = this.#edges[this.#started]!
      if (edge.row > centre) break
      if (edge.endRow > centre) crossing.push(edge)
    }
    for (const edge of crossing) edge.at = edge.col + (centre - edge.row) * edge.slope
    this.#crossing = sortNearlySorted(crossing)
  }
}

/** By insertion, in place. */
function sortNearlySorted(edges: Edge[]): Edge[] {
  for (let i = 1; i < edges.length; i++) {
    const edge = edges[i]!
    let to = i
    for (; to > 0 && edges[to - 1]!.at > edge.at; to--) edges[to] = edges[to - 1]!
    edges[to] = edge
  }
  return edges
}

/** The first row, or column, whose centre lies at a place or beyond it. */
function centreFrom(place: number): number {
  return Math.ceil(place - 0.5)
}

/** Those that cross the centre line of a row: most of the pieces of a level edge cross none. */
function edgesOf(ring: readonly (readonly [number, number])[]): Edge[] {
  const edges: Edge[] = []
  for (const [at, [col, row]] of ring.entries()) {
    const [endCol, endRow] = ring[(at + 1) % ring.length] ?? [col, row]
    if (centreFrom(row) === centreFrom(endRow)) continue
    const slope = (endCol - col) / (endRow - row)
    edges.push(
      row < endRow
        ? { col, row, endRow, slope, at: 0 }
        : { col: endCol, row: endRow, endRow: row, slope, at: 0 },
    )
  }
  return edges
}
