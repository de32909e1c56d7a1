// What is remembered of a source while the process lives: how fast it is, and whether to leave it alone.

import type { SourceFailure } from '../model/source-failure.ts'

const LIE_MS = 5 * 60_000
const MAX_COOL_MS = 60_000
/** So many in a row, and a source is left alone for a while: it may want a key, or serve no raw blocks at all. */
const REFUSALS = 3
/** Of an untried source: neither first nor last among measured ones. */
const UNKNOWN_LATENCY_MS = 250

export class SourceScore {
  #latencyMs = UNKNOWN_LATENCY_MS
  #failures = 0
  #coolUntil = 0
  /** Of a liar. No answer to another request lifts it: several are on their way at once. */
  #bannedUntil = 0
  #probing = false
  /** Since it last served. */
  #refusals = 0

  /**
   * Lower goes first: sources in good standing by their latency, then those that failed and may be asked again,
   * then those that cool down, the soonest back first.
   */
  rank(now: number): number {
    const cooling = this.#leftAloneUntil - now
    if (cooling > 0) return 1e9 + cooling
    return this.#latencyMs + (this.#failures > 0 ? 1e6 : 0)
  }

  /** How long to wait for this source before another is asked too. */
  get hedgeMs(): number {
    return Math.min(2_000, Math.max(150, 3 * this.#latencyMs))
  }

  get inGoodStanding(): boolean {
    return this.#failures === 0
  }

  /** Takes the one probe that a source gets once it has cooled down; false when there is none to take. */
  takeProbe(now: number): boolean {
    if (this.#failures === 0 || this.#probing || this.#leftAloneUntil > now) return false
    this.#probing = true
    return true
  }

  get #leftAloneUntil(): number {
    return Math.max(this.#coolUntil, this.#bannedUntil)
  }

  served(ms: number): void {
    // What it took before it failed, or for as long as it hung, says nothing of a source that is back.
    this.#latencyMs = this.inGoodStanding ? 0.7 * this.#latencyMs + 0.3 * ms : ms
    this.#refusals = 0
    this.#stands()
  }

  /** It answered, if only that it has no such block: it is there. */
  answered(): void {
    if (this.#probing) this.#stands()
  }

  #stands(): void {
    this.#failures = 0
    this.#coolUntil = 0
    this.#probing = false
  }

  /** Another source had to be asked and answered first, after `ms`: this one is at least that slow. */
  outrun(ms: number, now: number): void {
    const wasProbe = this.#probing
    this.#probing = false
    if (ms <= this.#latencyMs) {
      // A probe that was called off says nothing new; the next one comes later.
      if (wasProbe) this.#cool(now, null)
      return
    }
    this.#latencyMs = 0.3 * this.#latencyMs + 0.7 * ms
    this.#cool(now, null)
  }

  failed({ kind, retryAfterMs }: SourceFailure, now: number): void {
    // "I do not have it", "not in this format" and "that is too large" say nothing about the next block, until they
    // are all that it ever says.
    const refused = kind === 'refused' && ++this.#refusals >= REFUSALS
    if ((kind === 'refused' || kind === 'absent' || kind === 'oversized') && !refused)
      return this.answered()
    this.#probing = false
    if (kind === 'lie') {
      this.#failures++
      this.#bannedUntil = now + LIE_MS
      return
    }
    this.#cool(now, retryAfterMs)
  }

  #cool(now: number, askedMs: number | null): void {
    this.#failures++
    const backoff = Math.min(MAX_COOL_MS, 250 * 2 ** this.#failures)
    const cool = Math.min(askedMs ?? backoff, LIE_MS)
    this.#coolUntil = Math.max(this.#coolUntil, now + cool)
  }
}
