// Requests to plain copies that are read without blocks, counted beside those to gateways.

import type { Clock } from '../async/clock.ts'
import { currentInvocation } from '../async/invocation.ts'

/** Anybody may name a copy, and metrics are counted: all of them are one operator there. */
const OPERATOR = 'others'

/** @param ask sends one request, and reads its answer; @param bytes what has come of it by the time it ends */
export async function measured<T>(
  source: string,
  clock: Pick<Clock, 'elapsed'>,
  signal: AbortSignal,
  ask: () => Promise<T>,
  bytes: () => number,
): Promise<T> {
  const started = clock.elapsed()
  const note = (end: 'served' | 'failed' | 'dropped') => {
    const request = { end, ms: clock.elapsed() - started, bytes: bytes() }
    currentInvocation()?.sources.note(source, OPERATOR, request)
  }
  try {
    const answer = await ask()
    note('served')
    return answer
  } catch (error) {
    note(signal.aborted ? 'dropped' : 'failed')
    throw error
  }
}
