// Edges in flat memory, each from south to north, by the latitude at which they begin: what a sweep goes through.

import type { Position } from './ring.ts'

export interface Edges {
  readonly count: number
  /** Of each edge its southern end, x and y, then the other one. */
  readonly ends: Float64Array
  /** Of each edge, what was said when it was added; 0 where nothing was. */
  readonly kinds: Int32Array
}

export class EdgeList {
  readonly #ends: number[] = []
  readonly #kinds: number[] = []

  add(from: Position, to: Position, kind = 0): void {
    const [south, north] = from[1] <= to[1] ? [from, to] : [to, from]
    this.#ends.push(south[0], south[1], north[0], north[1])
    this.#kinds.push(kind)
  }

  sorted(): Edges {
    const unsorted = Float64Array.from(this.#ends)
    const count = this.#kinds.length
    const order = [...this.#kinds.keys()].toSorted(
      (one, other) => unsorted[4 * one + 1]! - unsorted[4 * other + 1]!,
    )
    const ends = new Float64Array(4 * count)
    const kinds = new Int32Array(count)
    for (const [place, edge] of order.entries()) {
      for (let at = 0; at < 4; at++) ends[4 * place + at] = unsorted[4 * edge + at]!
      kinds[place] = this.#kinds[edge]!
    }
    return { count, ends, kinds }
  }
}
