// Feeds a handler from a queue as Lambda's poller does, in a process that lives on: one message at a time, which is
// taken off the queue once it is done.

import type { Clock } from '../async/clock.ts'
import type { InvocationTime } from '../async/time-limit.ts'
import { faultOf, type Log } from '../log.ts'
import type { BatchAnswer, QueueRecord } from './deliveries.ts'

/** A queue that is asked for its messages. */
export interface PolledQueue {
  /** The next message, or null where none came for a while. @throws {GreenprintError} `queue_failed` */
  receive(signal: AbortSignal): Promise<QueueRecord | null>
  /** @param receipt of the delivery. @throws {GreenprintError} `queue_failed` */
  remove(receipt: string, signal: AbortSignal): Promise<void>
}

export type RecordHandler = (
  event: { readonly Records: readonly QueueRecord[] },
  context: InvocationTime,
) => Promise<BatchAnswer>

/** For one message: as long as Lambda would give it. */
const MOST_MS = 900_000
/** After a queue that did not answer. */
const PAUSE_MS = 5_000

/** Ends when the signal has aborted, and what was being worked on is done or handed back. */
export async function consumeQueue(
  queue: PolledQueue,
  handler: RecordHandler,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const record = await queue.receive(signal)
      if (record === null) continue
      const end = clock.elapsed() + MOST_MS
      const context = { getRemainingTimeInMillis: () => end - clock.elapsed() }
      const { batchItemFailures } = await handler({ Records: [record] }, context)
      // Also when the end has come meanwhile: what is done is done.
      const rest = new AbortController().signal
      if (batchItemFailures.length === 0) await queue.remove(record.receiptHandle, rest)
    } catch (error) {
      if (signal.aborted) return
      log('error', { event: 'queue', ...faultOf(error) })
      await clock.sleep(PAUSE_MS, signal).catch(() => undefined)
    }
  }
}
