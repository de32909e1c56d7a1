// What is known of a source while the process lives: its score, how many requests it may have, what became of them.

import { AdaptiveLimit, type Turn } from '../async/adaptive-limit.ts'
import type { Clock } from '../async/clock.ts'
import { currentInvocation } from '../async/invocation.ts'
import { SourceFailure } from '../model/source-failure.ts'
import type { RequestEnd } from '../model/source-use.ts'
import { SourceScore } from './source-score.ts'

/** Why a request is aborted whose block came from another source; any other reason is a reader who gave up. */
export const outrun = new Error('another source was faster')
/** Why a request is aborted whose block came in another answer: that says nothing about its source. */
export const calledOff = new Error('the block came together with others')

export class SourceHealth {
  readonly score = new SourceScore()
  readonly name: string
  readonly #operator: string
  readonly #limit: AdaptiveLimit
  readonly #clock: Clock
  #served = 0
  #failed = 0
  #waiting = 0
  #last: string | null = null

  /** @param most requests at a time; @param operator who runs it */
  constructor(name: string, most: number, clock: Clock, operator = name) {
    this.name = name
    this.#operator = operator
    this.#limit = new AdaptiveLimit({ first: most, most })
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
      const turn = await this.#limit.enter(signal)
      started = this.#clock.elapsed()
      const answer = await this.#inTurn(request, turn, started, signal)
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

  async #inTurn<T>(
    request: () => Promise<T>,
    turn: Turn,
    started: number,
    signal: AbortSignal,
  ): Promise<T> {
    this.#waiting++
    try {
      const answer = await request()
      turn.served()
      return answer
    } catch (error) {
      if (error instanceof SourceFailure && error.kind === 'busy') turn.refused()
      if (signal.aborted && signal.reason !== calledOff)
        this.score.outrun(this.#clock.elapsed() - started, this.#clock.elapsed())
      throw error
    } finally {
      turn.leave()
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
    return this.#limit.isNarrowed
  }

  /** Whether another request would wait in our own line. */
  get isFull(): boolean {
    return this.#limit.isFull
  }

  served(ms: number): void {
    this.#served++
    this.score.served(ms)
  }

  failed(failure: SourceFailure): void {
    this.#failed++
    this.#last = failure.message
    this.score.failed(failure, this.#clock.elapsed())
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
