// Ranges that are asked for in the same turn, joined: what lies together travels in one answer.

import type { ByteRange } from '../model/bytes.ts'

/** Ranges nearer to each other than a leaf of `ipfs add` mostly share a block. */
const GAP_BYTES = 256 * 1024
/** More is not worth while: single blocks are fetched in parallel, too. */
const MOST_SPANS = 6
const MOST_BYTES = 4 * 1024 * 1024

export class RangeGatherer<T> {
  readonly #use: (spans: readonly ByteRange[], signal: AbortSignal) => T | null
  #ranges: ByteRange[] = []
  #turn: Promise<T | null> | null = null

  /** @param use called once a turn, with what all who joined it asked for */
  constructor(use: (spans: readonly ByteRange[], signal: AbortSignal) => T | null) {
    this.#use = use
  }

  /** What was made of this turn's ranges, under the first one's signal; null where they are too many or too large. */
  join(ranges: readonly ByteRange[], signal: AbortSignal): Promise<T | null> {
    this.#ranges.push(...ranges)
    this.#turn ??= Promise.resolve().then(() => {
      const spans = spansOf(this.#ranges)
      this.#ranges = []
      this.#turn = null
      return spans === null ? null : this.#use(spans, signal)
    })
    return this.#turn
  }
}

/** Sorted ranges without small gaps, or null. */
function spansOf(ranges: readonly ByteRange[]): ByteRange[] | null {
  const spans: ByteRange[] = []
  for (const range of ranges.toSorted((one, other) => one.offset - other.offset)) {
    const last = spans.at(-1)
    const end = range.offset + range.length
    if (range.length === 0) continue
    if (last === undefined || range.offset > last.offset + last.length + GAP_BYTES) {
      spans.push(range)
    } else {
      const { offset } = last
      spans[spans.length - 1] = { offset, length: Math.max(last.length, end - offset) }
    }
  }
  const bytes = spans.reduce((sum, { length }) => sum + length, 0)
  return spans.length > 0 && spans.length <= MOST_SPANS && bytes <= MOST_BYTES ? spans : null
}
