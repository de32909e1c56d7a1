// Ranges of one file, gathered: what is asked for in one turn, or while enough is under way, is sent together.

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
  #isPlanned = false
  #running = 0
  #atOnce: number

  /**
   * @param mostGap bytes between two ranges that are read for nothing rather than asked for apart
   * @param atOnce while so many requests are under way, what is asked for gathers until one has ended; where ranges lie
   *   far apart, as many as those that were asked for together
   */
  constructor(reader: Pick<RangeReader, 'read'>, mostGap = 0, atOnce = Infinity) {
    this.#reader = reader
    this.#mostGap = mostGap
    this.#atOnce = atOnce
  }

  /** Exactly the range; it may be a view of more. @throws {SourceFailure} */
  read(range: ByteRange, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    if (signal.aborted) return Promise.reject(signal.reason)
    const bytes = Promise.withResolvers<Uint8Array<ArrayBuffer>>()
    const leave = () => bytes.reject(signal.reason)
    signal.addEventListener('abort', leave, { once: true })
    const settled = () => signal.removeEventListener('abort', leave)
    bytes.promise.then(settled, settled)
    this.#pending.push({ range, bytes, signal })
    this.#plan()
    return bytes.promise
  }

  #plan(): void {
    if (this.#isPlanned || this.#pending.length === 0 || this.#running >= this.#atOnce) return
    this.#isPlanned = true
    setImmediate(() => this.#send())
  }

  #send(): void {
    this.#isPlanned = false
    const reads = this.#pending.filter(({ signal }) => !signal.aborted)
    this.#pending = []
    const runs = runsOf(reads, this.#mostGap)
    this.#atOnce = Math.max(this.#atOnce, runs.length)
    for (const run of runs) {
      this.#running++
      void this.#fetch(run).finally(() => {
        this.#running--
        this.#plan()
      })
    }
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
