// What is known of a source while the process lives: its score, how many requests it may have, what became of them.

import type { Clock } from '../async/clock.ts'
import { createLimit, type Limit } from '../async/limit.ts'
import type { SourceFailure } from '../model/source-failure.ts'
import { SourceScore } from './source-score.ts'

/** Why a request is aborted whose block came from another source; any other reason is a reader who gave up. */
export const outrun = new Error('another source was faster')
/** Why a request is aborted whose block came in another answer: that says nothing about its source. */
export const calledOff = new Error('the block came together with others')

export class SourceHealth {
  readonly score = new SourceScore()
  readonly limit: Limit
  readonly name: string
  readonly #clock: Clock
  #served = 0
  #failed = 0
  #waiting = 0
  #last: string | null = null

  constructor(name: string, most: number, clock: Clock) {
    this.name = name
    this.limit = createLimit(most)
    this.#clock = clock
  }

  /** Runs one request of this source when its turn comes; the time until then is not the source's. */
  async ask<T>(request: () => Promise<T>, signal: AbortSignal): Promise<{ value: T; ms: number }> {
    let started = 0
    const value = await this.limit.run(async () => {
      started = this.#clock.elapsed()
      this.#waiting++
      try {
        return await request()
      } catch (error) {
        if (signal.aborted && signal.reason !== calledOff)
          this.score.outrun(this.#clock.elapsed() - started, this.#clock.elapsed())
        throw error
      } finally {
        // A request that its reader gave up on stays in the line: the source owes it.
        const settled = signal.reason === outrun || signal.reason === calledOff
        if (!signal.aborted || settled) this.#waiting--
      }
    }, signal)
    return { value, ms: this.#clock.elapsed() - started }
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
