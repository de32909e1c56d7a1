// Ranges of one file that are asked for in one turn of the event loop travel together: neighbours in one request.

import type { ByteRange } from '../model/bytes.ts'
import type { RangeReader } from '../model/range-reader.ts'

/** Neighbouring ranges travel in one request of at most this much. */
const MOST_BYTES = 8 * 1024 * 1024

interface PendingRead {
  readonly range: ByteRange
  readonly bytes: PromiseWithResolvers<Uint8Array<ArrayBuffer>>
  readonly signal: AbortSignal
}

export class GatheredRanges {
  readonly #reader: Pick<RangeReader, 'read'>
  readonly #mostGap: number
  #pending: PendingRead[] = []

  /** @param mostGap bytes between two ranges that are read for nothing rather than asked for apart */
  constructor(reader: Pick<RangeReader, 'read'>, mostGap = 0) {
    this.#reader = reader
    this.#mostGap = mostGap
  }

  /** Exactly the range; it may be a view of more. @throws {SourceFailure} */
  read(range: ByteRange, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#pending.length === 0) setImmediate(() => this.#send())
    const bytes = Promise.withResolvers<Uint8Array<ArrayBuffer>>()
    this.#pending.push({ range, bytes, signal })
    return bytes.promise
  }

  #send(): void {
    const reads = this.#pending.filter(({ signal }) => !signal.aborted)
    for (const { signal, bytes } of this.#pending) if (signal.aborted) bytes.reject(signal.reason)
    this.#pending = []
    for (const run of runsOf(reads, this.#mostGap)) void this.#fetch(run)
  }

  /** Each read has its bytes as soon as they are there, whatever becomes of those after it. */
  async #fetch(run: readonly PendingRead[]): Promise<void> {
    const waiting = new Set(run)
    const over = new AbortController()
    const leave = () => {
      const [first, ...others] = waiting
      if (first?.signal.aborted === true && others.every(({ signal }) => signal.aborted)) {
        over.abort(first.signal.reason)
      }
    }
    for (const { signal } of run) signal.addEventListener('abort', leave, { once: true })
    const start = run[0]?.range.offset ?? 0
    const end = Math.max(...run.map(({ range }) => endOf(range)))
    const give = (front: Uint8Array<ArrayBuffer>) => {
      const there = [...waiting].filter(({ range }) => endOf(range) - start <= front.length)
      for (const read of there) {
        const from = read.range.offset - start
        waiting.delete(read)
        read.bytes.resolve(front.subarray(from, from + read.range.length))
      }
      if (there.length > 0) leave()
    }
    try {
      give(await this.#reader.read(start, end - start, over.signal, give))
    } catch (error) {
      for (const { bytes } of waiting) bytes.reject(error)
    } finally {
      for (const { signal } of run) signal.removeEventListener('abort', leave)
    }
  }
}

/** Pending reads in runs, each within one request's size. */
function runsOf(reads: readonly PendingRead[], mostGap: number): PendingRead[][] {
  const runs: { readonly start: number; end: number; readonly reads: PendingRead[] }[] = []
  for (const read of reads.toSorted((one, other) => one.range.offset - other.range.offset)) {
    const run = runs.at(-1)
    const end = endOf(read.range)
    const follows = run !== undefined && read.range.offset - run.end <= mostGap
    if (follows && Math.max(end, run.end) - run.start <= MOST_BYTES) {
      run.end = Math.max(end, run.end)
      run.reads.push(read)
    } else {
      runs.push({ start: read.range.offset, end, reads: [read] })
    }
  }
  return runs.map((run) => run.reads)
}

function endOf({ offset, length }: ByteRange): number {
  return offset + length
}
