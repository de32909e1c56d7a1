// Whether a source is worth asking for CARs: a wrong answer costs minutes, a slow or busy moment seconds, absence
// nothing.

import type { SourceFailure } from '../model/source-failure.ts'

const WRONG_MS = 5 * 60_000
const FIRST_REST_MS = 1_000
const MOST_REST_MS = 60_000

export class CarStanding {
  #restUntil = 0
  /** Slow, busy or broken answers since the last good one. */
  #setbacks = 0

  mayAsk(now: number): boolean {
    return now >= this.#restUntil
  }

  answered(): void {
    this.#setbacks = 0
  }

  failed({ kind, retryAfterMs }: SourceFailure, now: number): void {
    if (kind === 'absent') return
    this.#rest(now, kind === 'lie' || kind === 'refused' || kind === 'oversized', retryAfterMs)
  }

  #rest(now: number, wrong: boolean, askedMs: number | null): void {
    const backoff = Math.min(MOST_REST_MS, FIRST_REST_MS * 2 ** this.#setbacks++)
    const rest = wrong ? WRONG_MS : Math.min(WRONG_MS, askedMs ?? backoff)
    this.#restUntil = Math.max(this.#restUntil, now + rest)
  }
}
