// What is known of a source while the process lives: its score, how many requests it may have, what became of them.

import type { Clock } from '../async/clock.ts'
import { currentInvocation } from '../async/invocation.ts'
import { createLimit, type Limit } from '../async/limit.ts'
import { SourceFailure } from '../model/source-failure.ts'
import type { RequestEnd } from '../model/source-use.ts'
import { SourceScore } from './source-score.ts'

/** Why a request is aborted whose block came from another source; any other reason is a reader who gave up. */
export const outrun = new Error('another source was faster')
/** Why a request is aborted whose block came in another answer: that says nothing about its source. */
export const calledOff = new Error('the block came together with others')

/** Refusals within this time of each other are of one crowd. */
const NARROW_MS = 200

export class SourceHealth {
  readonly score = new SourceScore()
  readonly name: string
  readonly #operator: string
  readonly #limit: Limit
  readonly #most: number
  readonly #clock: Clock
  /** Requests that it may have now: fewer after it was asked too often, one more after each row that it served. */
  #allowed: number
  #servedInRow = 0
  #narrowedAt = Number.NEGATIVE_INFINITY
  #served = 0
  #failed = 0
  #waiting = 0
  #last: string | null = null

  /** @param operator who runs it */
  constructor(name: string, most: number, clock: Clock, operator = name) {
    this.name = name
    this.#operator = operator
    this.#most = most
    this.#allowed = most
    this.#limit = createLimit(most)
    this.#clock = clock
  }

  /** Runs one request of this source when its turn comes; the time until then is not the source's. */
  ask<T extends { readonly length: number }>(
    request: () => Promise<T>,
    signal: AbortSignal,
  ): Promise<{ value: T; ms: number }> {
    return this.askThen(
      request,
      async (answer) => answer,
      ({ length }) => length,
      signal,
    )
  }

  /** As above, for an answer that is looked at once its turn is over: what `read` throws is its fault too. */
  async askThen<Answer, T>(
    request: () => Promise<Answer>,
    read: (answer: Answer) => Promise<T>,
    bytesOf: (value: T) => number,
    signal: AbortSignal,
  ): Promise<{ value: T; ms: number }> {
    let started = Number.NaN
    let ms = 0
    try {
      const answer = await this.#limit.run(async () => {
        started = this.#clock.elapsed()
        return this.#inTurn(request, started, signal)
      }, signal)
      ms = this.#clock.elapsed() - started
      const value = await read(answer)
      this.#note('served', ms, bytesOf(value))
      return { value, ms }
    } catch (error) {
      // Called off while it waited for its turn, it asked nobody.
      if (!Number.isNaN(started)) {
        this.#note(endOf(error, signal), ms || this.#clock.elapsed() - started)
      }
      throw error
    }
  }

  async #inTurn<T>(request: () => Promise<T>, started: number, signal: AbortSignal): Promise<T> {
    this.#waiting++
    try {
      return await request()
    } catch (error) {
      if (error instanceof SourceFailure && error.kind === 'busy') this.#narrow()
      if (signal.aborted && signal.reason !== calledOff)
        this.score.outrun(this.#clock.elapsed() - started, this.#clock.elapsed())
      throw error
    } finally {
      // A request that its reader gave up on stays in the line: the source owes it.
      const settled = signal.reason === outrun || signal.reason === calledOff
      if (!signal.aborted || settled) this.#waiting--
    }
  }

  #note(end: RequestEnd, ms: number, bytes = 0): void {
    currentInvocation()?.sources.note(this.name, this.#operator, { end, ms, bytes })
  }

  /** Whether it was asked for more at a time than it takes, by us: one request after the other may be served. */
  get isNarrowed(): boolean {
    return this.#allowed < this.#most
  }

  /** Whether another request would wait in our own line. */
  get isFull(): boolean {
    return this.#limit.isFull
  }

  served(ms: number): void {
    this.#served++
    this.#widen()
    this.score.served(ms)
  }

  failed(failure: SourceFailure): void {
    this.#failed++
    this.#last = failure.message
    this.score.failed(failure, this.#clock.elapsed())
  }

  /** Half as many requests at a time, once for all that it refuses together. */
  #narrow(): void {
    this.#servedInRow = 0
    const now = this.#clock.elapsed()
    if (this.#limit.running < 2 || now - this.#narrowedAt < NARROW_MS) return
    this.#narrowedAt = now
    this.#allow(Math.max(1, Math.floor(Math.min(this.#allowed, this.#limit.running) / 2)))
  }

  #widen(): void {
    if (++this.#servedInRow < this.#allowed || this.#allowed >= this.#most) return
    this.#servedInRow = 0
    this.#allow(this.#allowed + 1)
  }

  #allow(requests: number): void {
    this.#allowed = requests
    this.#limit.resize(requests)
  }

  /** `https://gateway.example: 12 blocks served, 3 failed (last: HTTP 504), 2 waited for` */
  get line(): string {
    const parts = [`${this.#served} blocks served`]
    if (this.#failed > 0) parts.push(`${this.#failed} failed (last: ${this.#last})`)
    if (this.#waiting > 0) parts.push(`${this.#waiting} waited for`)
    return `${this.name}: ${parts.join(', ')}`
  }
}

function endOf(error: unknown, signal: AbortSignal): RequestEnd {
  if (signal.aborted) return signal.reason === outrun ? 'outrun' : 'dropped'
  return error instanceof SourceFailure && error.kind === 'lie' ? 'mismatched' : 'failed'
}
