// Ends the work before its time is up, in time to say so and to say who was waited for.

import { GreenprintError } from '../errors.ts'
import { startDeadline } from '../net/deadline.ts'
import type { AppServices } from '../services.ts'

/** What a handler hands over of its invocation. */
export interface Bindings {
  readonly lambdaContext?: { getRemainingTimeInMillis(): number }
}

/** API Gateway gives up after 30 s, whatever the function's own time-out is. */
const MAX_MS = 28_000
/** Kept for saying that time is up. */
const MARGIN_MS = 1_000

/**
 * @throws {GreenprintError} `deadline_exceeded`, one detail line per source of blocks
 */
export async function inTime(
  { lambdaContext }: Bindings,
  { blocks, sourceLines }: Pick<AppServices, 'blocks' | 'sourceLines'>,
  work: (signal: AbortSignal) => Promise<Response>,
): Promise<Response> {
  const left = lambdaContext?.getRemainingTimeInMillis() ?? MAX_MS + MARGIN_MS
  const deadline = startDeadline(Math.max(0, Math.min(MAX_MS, left - MARGIN_MS)))
  try {
    return await work(deadline.signal)
  } catch (error) {
    if (!(error instanceof GreenprintError) || error.code !== 'deadline_exceeded') throw error
    throw new GreenprintError(error.code, error.message, { details: sourceLines(), cause: error })
  } finally {
    deadline.clear()
    // What was fetched stays, also for who asks again after this; a Lambda sleeps once it has answered.
    await blocks.settle()
  }
}
