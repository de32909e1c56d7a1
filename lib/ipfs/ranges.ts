// Byte ranges of a file: which blocks they touch, and how they fill up.

import { GreenprintError } from '../errors.ts'
import { VerifiedAssembly } from '../ipld/verify.ts'
import type { ByteRange, VerifiedBytes } from '../model/bytes.ts'

/** Ranges merged and sorted, for asking quickly whether a block is needed. */
export class RangeSet {
  readonly #starts: number[] = []
  readonly #ends: number[] = []

  constructor(ranges: readonly ByteRange[]) {
    for (const { offset, length } of ranges.toSorted((one, other) => one.offset - other.offset)) {
      const last = this.#ends.length - 1
      const end = offset + length
      if (length === 0) continue
      if (last >= 0 && offset <= (this.#ends[last] ?? 0)) {
        this.#ends[last] = Math.max(this.#ends[last] ?? 0, end)
      } else {
        this.#starts.push(offset)
        this.#ends.push(end)
      }
    }
  }

  /** Whether any range shares a byte with `[start, end)`. */
  overlaps(start: number, end: number): boolean {
    let low = 0
    let high = this.#ends.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#ends[middle] ?? 0) > start) high = middle
      else low = middle + 1
    }
    return end > start && low < this.#starts.length && (this.#starts[low] ?? 0) < end
  }
}

/** One asked range, filling up as blocks arrive. */
export class RangeBuffer {
  readonly #from: number
  readonly #to: number
  readonly #assembly: VerifiedAssembly

  /** @throws {GreenprintError} `raster_unusable` when the range leaves the file */
  constructor({ offset, length }: ByteRange, size: number) {
    if (offset < 0 || length < 0 || offset + length > size) {
      throw new GreenprintError(
        'raster_unusable',
        `The file names bytes ${offset} to ${offset + length}, but it has only ${size}: it is cut short or damaged.`,
      )
    }
    this.#from = offset
    this.#to = offset + length
    this.#assembly = new VerifiedAssembly(length)
  }

  /** Copies what it needs of a piece that lies at `offset` in the file. */
  take(data: VerifiedBytes, offset: number): void {
    const start = Math.max(offset, this.#from)
    const end = Math.min(offset + data.length, this.#to)
    if (start < end) this.#assembly.put(data, start - offset, end - offset, start - this.#from)
  }

  finish(): VerifiedBytes {
    return this.#assembly.finish()
  }
}
