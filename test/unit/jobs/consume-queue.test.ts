// A queue that is asked for its messages: what is done is taken off, what fails comes again, and the end is clean.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { GreenprintError } from '../../../lib/errors.ts'
import { consumeQueue, type PolledQueue } from '../../../lib/jobs/consume-queue.ts'
import type { QueueRecord } from '../../../lib/jobs/deliveries.ts'
import { VirtualClock } from '../../harness/virtual-clock.ts'

const record = (messageId: string): QueueRecord => ({
  messageId,
  receiptHandle: `receipt of ${messageId}`,
  body: '{}',
  attributes: { ApproximateReceiveCount: '1' },
})

it('messages are worked on in turn; those that fail, and those of a queue that is away, stay where they are', async () => {
  const end = new AbortController()
  const answers: (QueueRecord | null | Error)[] = [
    record('a'),
    null,
    new GreenprintError('queue_failed', 'The queue is away.'),
    record('b'),
    record('c'),
  ]
  const removed: string[] = []
  const queue: PolledQueue = {
    async receive() {
      const next = answers.shift() ?? null
      if (next instanceof Error) throw next
      return next
    },
    remove: async (receipt) => void removed.push(receipt),
  }
  const worked: string[] = []
  const lines: unknown[] = []
  const clock = new VirtualClock(0)
  const handler = async ({ Records }: { readonly Records: readonly QueueRecord[] }) => {
    const messageId = Records[0]?.messageId ?? ''
    worked.push(messageId)
    if (messageId === 'c') end.abort()
    return { batchItemFailures: messageId === 'b' ? [{ itemIdentifier: 'b' }] : [] }
  }
  const log = (level: string, line: object) => void lines.push({ level, ...line })
  const over = consumeQueue(queue, handler, { clock, log }, end.signal)
  await clock.run(over)
  assert.deepEqual(worked, ['a', 'b', 'c'])
  // What was done when the end came is done.
  assert.deepEqual(removed, ['receipt of a', 'receipt of c'])
  assert.deepEqual(lines, [
    { level: 'error', event: 'queue', code: 'queue_failed', detail: 'The queue is away.' },
  ])
})
