// What an event that keeps the function warm does: it loads what most requests need.

import { faultOf, type Log } from '../log.ts'

/**
 * A load that fails is a line of the log, never a failure of the event: its sender has asked for nothing, and the next
 * request tries again.
 */
export function createWarmUp(
  log: Log,
  loads: readonly (() => Promise<unknown>)[],
): () => Promise<void> {
  return async () => {
    const ends = await Promise.allSettled(loads.map((load) => load()))
    for (const end of ends)
      if (end.status === 'rejected') log('warn', { event: 'warm_up', ...faultOf(end.reason) })
  }
}
