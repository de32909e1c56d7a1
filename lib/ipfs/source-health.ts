// A source as the race knows it while the process lives: its score, its line, and what became of its requests.

import type { Clock } from '../async/clock.ts'
import { createLimit, type Limit } from '../async/limit.ts'
import type { SourceFailure } from '../model/source-failure.ts'
import { SourceScore } from './source-score.ts'

/** Why a request is called off whose block came from elsewhere; any other reason is a reader who gave up. */
export const outrun = new Error('another source was faster')

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

  /** Runs one request in this source's line; the time in the line is not the source's. */
  async ask<T>(request: () => Promise<T>, signal: AbortSignal): Promise<{ value: T; ms: number }> {
    let started = 0
    const value = await this.limit.run(async () => {
      started = this.#clock.elapsed()
      this.#waiting++
      try {
        return await request()
      } catch (error) {
        if (signal.aborted)
          this.score.outrun(this.#clock.elapsed() - started, this.#clock.elapsed())
        throw error
      } finally {
        // What its reader gave up on was waited for in vain: the line goes on saying so.
        if (!signal.aborted || signal.reason === outrun) this.#waiting--
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
