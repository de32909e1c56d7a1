// Ends the work before the function's time is up, with time left to answer that it was, and what was waited for.

import { ForeseenDelay, GreenprintError } from '../errors.ts'
import { systemClock } from './clock.ts'
import { startDeadline } from './deadline.ts'

/** The part of Lambda's context that is used here. */
export interface InvocationTime {
  getRemainingTimeInMillis(): number
  /** Of Lambda's invocation. */
  readonly awsRequestId?: string
  /** Aborts when nobody waits for the answer any more. Lambda itself does not tell. */
  readonly gone?: AbortSignal
}

export interface WaitedFor {
  /** Resolves when everything that was fetched is kept. */
  readonly settle: () => Promise<void>
  /** Every source of blocks, one line each. */
  readonly sourceLines: () => readonly string[]
}

/** Reserved for answering that the time was up. */
const MARGIN_MS = 1_000
/** What is still being kept when the time is up, or nobody waits, is waited for so long. */
const MOST_SETTLING_MS = 500

/**
 * @param mostMs the longest that the work may take, however much time the function has
 * @throws {GreenprintError} `deadline_exceeded`, one detail line per source of blocks
 */
export async function withTimeLimit<T>(
  invocation: InvocationTime | undefined,
  mostMs: number,
  waitedFor: WaitedFor,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const left = invocation?.getRemainingTimeInMillis() ?? mostMs + MARGIN_MS
  const gone = invocation?.gone
  const deadline = startDeadline(Math.max(0, Math.min(mostMs, left - MARGIN_MS)), gone)
  const { signal } = deadline
  try {
    return await work(signal)
  } catch (error) {
    // Whatever its end was called on the way: nobody is there to be told.
    gone?.throwIfAborted()
    const isOver = error instanceof GreenprintError && error.code === 'deadline_exceeded'
    if (!isOver || error instanceof ForeseenDelay) throw error
    throw new GreenprintError(error.code, error.message, {
      details: waitedFor.sourceLines(),
      cause: error,
    })
  } finally {
    deadline.clear()
    // Blocks are kept for the next request; a Lambda is frozen once it has answered.
    await settleIn(waitedFor, signal)
  }
}

async function settleIn({ settle }: WaitedFor, signal: AbortSignal): Promise<void> {
  if (!signal.aborted) return settle()
  const enough = new AbortController()
  const pause = systemClock.sleep(MOST_SETTLING_MS, enough.signal).catch(() => undefined)
  await Promise.race([settle(), pause])
  enough.abort()
}
