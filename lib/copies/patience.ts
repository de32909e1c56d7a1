// Another attempt for what may pass: a busy server, a connection that broke.

import type { Clock } from '../async/clock.ts'
import { SourceFailure } from '../model/source-failure.ts'
import { isPassingFailure } from './plain-copy.ts'

/** Attempts in a row that bring no byte. */
const MOST_IN_VAIN = 4
const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 5_000

/**
 * Tries again what may pass, after a pause, until too many attempts in a row brought nothing.
 *
 * @param progress bytes that were brought so far, over all attempts
 */
export async function patiently<T>(
  clock: Pick<Clock, 'sleep'>,
  signal: AbortSignal,
  attempt: () => Promise<T>,
  progress: () => number = () => 0,
): Promise<T> {
  let before = progress()
  for (let inVain = 0; ; ) {
    try {
      return await attempt()
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof SourceFailure) || !isPassingFailure(error)) throw error
      inVain = progress() > before ? 1 : inVain + 1
      before = progress()
      if (inVain >= MOST_IN_VAIN) throw error
      const pause = error.retryAfterMs ?? FIRST_PAUSE_MS * 2 ** (inVain - 1)
      await clock.sleep(Math.min(pause, LONGEST_PAUSE_MS), signal)
    }
  }
}
