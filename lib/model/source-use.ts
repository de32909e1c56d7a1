// What was asked of each source for one invocation, and what became of it: also of who was slow and lost.

import { clip } from '../errors.ts'

/** How a request to a source ended. */
export type RequestEnd =
  | 'served'
  | 'failed'
  /** It answered something else than the content of the CID. */
  | 'mismatched'
  /** Another source was faster. */
  | 'outrun'
  /** Nobody waited any more. */
  | 'dropped'

export interface SourceRequest {
  readonly end: RequestEnd
  readonly ms: number
  /** Of its answer, where that was right. */
  readonly bytes: number
}

export interface SourcePart {
  readonly requests: number
  readonly served: number
  readonly failed: number
  readonly mismatched: number
  readonly outrun: number
  readonly bytes: number
  /** Of all requests, however they ended: until then at least it had not answered. */
  readonly p50_ms: number
  readonly max_ms: number
}

/** A process may ask thousands of blocks of one source: beyond so many only the largest time is kept. */
const MOST_TIMES = 4_096
/** Failures that are told. */
const MOST_PASSED_OVER = 20

interface Counted {
  readonly operator: string
  readonly ends: Map<RequestEnd, number>
  readonly times: number[]
  bytes: number
  slowest: number
}

export class SourceUse {
  readonly #sources = new Map<string, Counted>()
  readonly #passedOver: string[] = []

  /** @param operator who runs it */
  note(source: string, operator: string, { end, ms, bytes }: SourceRequest): void {
    const none: Counted = { operator, ends: new Map(), times: [], bytes: 0, slowest: 0 }
    const counted = this.#sources.get(source) ?? none
    this.#sources.set(source, counted)
    counted.ends.set(end, (counted.ends.get(end) ?? 0) + 1)
    counted.bytes += bytes
    counted.slowest = Math.max(counted.slowest, ms)
    if (counted.times.length < MOST_TIMES) counted.times.push(ms)
  }

  /** Told of a failure that the answer does without. */
  passOver(error: Error): void {
    if (this.#passedOver.length < MOST_PASSED_OVER) this.#passedOver.push(clip(error.message, 500))
  }

  get passedOver(): readonly string[] {
    return this.#passedOver
  }

  /** By the name of the source. */
  get parts(): Readonly<Record<string, SourcePart>> {
    return Object.fromEntries(
      [...this.#sources].map(([name, counted]) => [name, partOf(counted)] as const),
    )
  }

  /** By who runs them: the sources of one operator together, with the time of each request. */
  get operators(): Readonly<Record<string, SourcePart & { readonly times: readonly number[] }>> {
    const together = new Map<string, Counted>()
    for (const counted of this.#sources.values()) {
      const known = together.get(counted.operator)
      together.set(counted.operator, known === undefined ? counted : joined(known, counted))
    }
    return Object.fromEntries(
      [...together].map(([name, counted]) => [
        name,
        { ...partOf(counted), times: counted.times.map(Math.round) },
      ]),
    )
  }
}

function joined(one: Counted, other: Counted): Counted {
  const ends = new Map(one.ends)
  for (const [end, count] of other.ends) ends.set(end, (ends.get(end) ?? 0) + count)
  return {
    operator: one.operator,
    ends,
    times: [...one.times, ...other.times],
    bytes: one.bytes + other.bytes,
    slowest: Math.max(one.slowest, other.slowest),
  }
}

function partOf({ ends, times, bytes, slowest }: Counted): SourcePart {
  const count = (end: RequestEnd) => ends.get(end) ?? 0
  const sorted = times.toSorted((one, other) => one - other)
  return {
    requests: [...ends.values()].reduce((sum, each) => sum + each, 0),
    served: count('served'),
    failed: count('failed'),
    mismatched: count('mismatched'),
    outrun: count('outrun'),
    bytes,
    p50_ms: Math.round(sorted[Math.floor((sorted.length - 1) / 2)] ?? 0),
    max_ms: Math.round(slowest),
  }
}
