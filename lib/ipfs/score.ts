// What is remembered of a source while the process lives: how fast it is and whether to leave it alone.

import type { SourceFailure } from './source.ts'

const LIE_MS = 5 * 60_000
const MAX_COOL_MS = 60_000
/** Of an untried source: neither first nor last among measured ones. */
const UNKNOWN_LATENCY_MS = 250

export class SourceScore {
  #latencyMs = UNKNOWN_LATENCY_MS
  #failures = 0
  #coolUntil = 0
  /** Of a liar. No answer to another request lifts it: eight are on their way at once. */
  #bannedUntil = 0

  /** Lower goes first; a cooling source goes after every other, the soonest back first. */
  rank(elapsed: number): number {
    const cooling = Math.max(this.#coolUntil, this.#bannedUntil) - elapsed
    return cooling > 0 ? 1e9 + cooling : this.#latencyMs * (1 + this.#failures)
  }

  /** How long to wait for this source before another is asked too. */
  get hedgeMs(): number {
    return Math.min(1_000, Math.max(150, 3 * this.#latencyMs))
  }

  served(ms: number): void {
    this.#latencyMs = 0.7 * this.#latencyMs + 0.3 * ms
    this.#failures = 0
    this.#coolUntil = 0
  }

  /** Another source answered first after `ms`: this one is at least that slow. */
  outrun(ms: number): void {
    if (ms <= this.#latencyMs) return
    this.#latencyMs = 0.3 * this.#latencyMs + 0.7 * ms
    this.#failures++
  }

  failed(failure: SourceFailure, elapsed: number): void {
    // "I do not have it" and "not in this format" say nothing about the next block.
    if (failure.kind === 'absent' || failure.kind === 'refused') return
    this.#failures++
    if (failure.kind === 'lie') {
      this.#bannedUntil = elapsed + LIE_MS
      return
    }
    const backoff = Math.min(MAX_COOL_MS, 250 * 2 ** this.#failures)
    const cool = Math.min(failure.retryAfterMs ?? backoff, LIE_MS)
    this.#coolUntil = Math.max(this.#coolUntil, elapsed + cool)
  }
}
