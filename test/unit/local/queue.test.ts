// The queue of the local system: what SQS promises, on a virtual clock.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemClock } from '../../../lib/async/clock.ts'
import { LocalQueue, localQueue } from '../../../lib/local/queue.ts'
import { VirtualClock } from '../../harness/virtual-clock.ts'

const settings = { timeoutMs: 900_000, mostReceives: 3, batchSize: 2 }
const START = Date.UTC(2026, 0, 1)

interface Delivered {
  readonly at: number
  readonly body: string
  readonly receives: number
  readonly receipt: string
}

/** A queue whose handler is the test's: it answers which messages go back, or throws. */
function start(goesBack: (delivered: Delivered, queue: LocalQueue) => boolean | Promise<boolean>) {
  const clock = new VirtualClock(START)
  const queue = new LocalQueue(settings, clock)
  const delivered: Delivered[] = []
  const batches: number[] = []
  const end = new AbortController()
  const run = (ms: number) =>
    clock.run(
      (async () => {
        const consuming = queue.consume(async ({ Records }) => {
          batches.push(Records.length)
          const batchItemFailures = []
          for (const { messageId, body, receiptHandle, attributes } of Records) {
            const receives = Number(attributes.ApproximateReceiveCount)
            const at = clock.now() - START
            const one = { at, body, receives, receipt: receiptHandle }
            delivered.push(one)
            if (await goesBack(one, queue)) batchItemFailures.push({ itemIdentifier: messageId })
          }
          return { batchItemFailures }
        }, end.signal)
        await clock.sleep(ms, new AbortController().signal)
        end.abort()
        await consuming
      })(),
    )
  return { queue, delivered, batches, clock, run }
}

const DAY = 86_400_000

describe('the local queue', () => {
  it('delivers each message, in batches, and forgets what is done', async () => {
    const { queue, delivered, batches, run } = start(() => false)
    for (const id of ['a', 'b', 'c']) await queue.send({ id })
    await run(DAY)
    assert.deepEqual(
      delivered.map(({ body }) => body),
      ['{"id":"a"}', '{"id":"b"}', '{"id":"c"}'],
    )
    assert.deepEqual(batches, [2, 1])
    assert.deepEqual(queue.dead, [])
  })

  it('delivers what goes back after six time-outs, so many times, and then it is dead', async () => {
    const { queue, delivered, run } = start(({ body }) => body.includes('bad'))
    await queue.send({ id: 'bad' })
    await queue.send({ id: 'good' })
    await run(DAY)
    const bad = delivered.filter(({ body }) => body.includes('bad'))
    assert.deepEqual(
      bad.map(({ at, receives }) => [at, receives]),
      [
        [0, 1],
        [5_400_000, 2],
        [10_800_000, 3],
      ],
    )
    assert.deepEqual(queue.dead, ['{"id":"bad"}'])
    assert.equal(delivered.length, 4)
  })

  it('delivers a whole batch again when the handler throws', async () => {
    const { queue, delivered, run } = start(({ receives }) => {
      if (receives === 1) throw new Error('out of memory')
      return false
    })
    await queue.send({ id: 'a' })
    await queue.send({ id: 'b' })
    await run(DAY)
    assert.deepEqual(
      delivered.map(({ body, receives }) => [body, receives]),
      [
        ['{"id":"a"}', 1],
        ['{"id":"a"}', 2],
        ['{"id":"b"}', 2],
      ],
    )
  })

  it('delivers what was postponed when it was postponed to', async () => {
    const { queue, delivered, run } = start(async ({ receives, receipt }, queue) => {
      if (receives > 1) return false
      await queue.postpone(receipt, 60_000)
      return true
    })
    await queue.send({ id: 'a' })
    await run(DAY)
    assert.deepEqual(
      delivered.map(({ at }) => at),
      [0, 60_000],
    )
  })

  it('wakes for what is sent while it rests', async () => {
    const forever = new AbortController().signal
    const { queue, delivered, clock, run } = start(() => false)
    await queue.send({ id: 'first' })
    void clock.sleep(60_000, forever).then(() => queue.send({ id: 'second' }))
    await run(DAY)
    assert.deepEqual(
      delivered.map(({ at }) => at),
      [0, 60_000],
    )
  })

  it('is one for each store of a process', () => {
    assert.equal(localQueue('one', systemClock), localQueue('one', systemClock))
    assert.notEqual(localQueue('one', systemClock), localQueue('two', systemClock))
  })
})
