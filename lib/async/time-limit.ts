// Ends the work before the function's time is up, with time left to answer that it was, and what was waited for.

import { ForeseenDelay, GreenprintError } from '../errors.ts'
import { startDeadline } from './deadline.ts'

/** The part of Lambda's context that is used here. */
export interface InvocationTime {
  getRemainingTimeInMillis(): number
}

export interface WaitedFor {
  /** Resolves when everything that was fetched is kept. */
  readonly settle: () => Promise<void>
  /** Every source of blocks, one line each. */
  readonly sourceLines: () => readonly string[]
}

/** Reserved for answering that the time was up. */
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
    const isOver = error instanceof GreenprintError && error.code === 'deadline_exceeded'
    if (!isOver || error instanceof ForeseenDelay) throw error
    throw new GreenprintError(error.code, error.message, { details: sourceLines(), cause: error })
  } finally {
    deadline.clear()
    // Blocks are kept for the next request; a Lambda is frozen once it has answered.
    await settle()
  }
}
