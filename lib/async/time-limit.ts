// Ends the work before its time is up, in time to say so and to say who was waited for.

import { GreenprintError } from '../errors.ts'
import { startDeadline } from './deadline.ts'

/** What a function is told of its invocation. */
export interface InvocationTime {
  getRemainingTimeInMillis(): number
}

export interface WaitedFor {
  /** Ends when what was fetched is kept. */
  readonly settle: () => Promise<void>
  /** Every source of blocks, one line each. */
  readonly sourceLines: () => readonly string[]
}

/** Kept for saying that time is up. */
const MARGIN_MS = 1_000

/**
 * @param mostMs the longest that the work may take, however much time the function has
 * @throws {GreenprintError} `deadline_exceeded`, one detail line per source of blocks
 */
export async function withTimeLimit<T>(
  invocation: InvocationTime | undefined,
  mostMs: number,
  { settle, sourceLines }: WaitedFor,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const left = invocation?.getRemainingTimeInMillis() ?? mostMs + MARGIN_MS
  const deadline = startDeadline(Math.max(0, Math.min(mostMs, left - MARGIN_MS)))
  try {
    return await work(deadline.signal)
  } catch (error) {
    if (!(error instanceof GreenprintError) || error.code !== 'deadline_exceeded') throw error
    throw new GreenprintError(error.code, error.message, { details: sourceLines(), cause: error })
  } finally {
    deadline.clear()
    // What was fetched stays, also for who asks again after this; a Lambda sleeps once it has answered.
    await settle()
  }
}
