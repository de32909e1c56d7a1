// The loop over publishers: in order, until enough of them hold the upload; a failure is an outcome.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Clock, systemClock } from '../../../lib/async/clock.ts'
import { startDeadline } from '../../../lib/async/deadline.ts'
import { GreenprintError } from '../../../lib/errors.ts'
import type { Receipt } from '../../../lib/model/result.ts'
import { type Publisher, publishUpload } from '../../../lib/publish/publisher.ts'
import { sampleFiles, uploadOf } from './sample-files.ts'

const signal = new AbortController().signal
const upload = await uploadOf(sampleFiles())
const cid = upload.root.toString()

function publisher(name: string, act: () => Promise<Receipt>, asked: string[] = []): Publisher {
  return {
    name,
    publish(given) {
      assert.equal(given, upload)
      asked.push(name)
      return act()
    },
  }
}

const holding = async () => ({ status: 'held' }) as const
const taken = async () => ({ status: 'unproven', href: 'ipfs://x', reason: 'no evidence' }) as const
const failing = async () => {
  throw new GreenprintError('publishing_failed', 'The service is closed.')
}

test('publishers are asked in order until the minimum holds', async () => {
  const asked: string[] = []
  const publishers = ['a', 'b', 'c'].map((name) => publisher(name, holding, asked))
  assert.deepEqual(await publishUpload(upload, publishers, { minimum: 2 }, signal), [
    { service: 'a', status: 'held', cid },
    { service: 'b', status: 'held', cid },
  ])
  assert.deepEqual(asked, ['a', 'b'])
})

test('a failure is told and the next one is asked', async () => {
  const publishers = [publisher('a', failing), publisher('b', holding)]
  assert.deepEqual(await publishUpload(upload, publishers, { minimum: 1 }, signal), [
    { service: 'a', status: 'failed', reason: 'The service is closed.' },
    { service: 'b', status: 'held', cid },
  ])
})

test('taken is not held: it does not count', async () => {
  const publishers = [publisher('a', taken), publisher('b', holding), publisher('c', failing)]
  assert.deepEqual(await publishUpload(upload, publishers, { minimum: 1 }, signal), [
    { service: 'a', cid, status: 'unproven', href: 'ipfs://x', reason: 'no evidence' },
    { service: 'b', status: 'held', cid },
  ])
})

test('a caller who has given up is not told of failures, and nobody else is asked', async () => {
  const controller = new AbortController()
  const reason = new Error('no time left')
  const asked: string[] = []
  const slow = async () => {
    controller.abort(reason)
    return failing()
  }
  const publishers = [publisher('a', slow, asked), publisher('b', holding, asked)]
  await assert.rejects(
    publishUpload(upload, publishers, { minimum: 1 }, controller.signal),
    (error) => error === reason,
  )
  assert.deepEqual(asked, ['a'])
})

test('a caller who has given up is not answered by a publisher that took the upload, and was stopped while it looked', async () => {
  const controller = new AbortController()
  const reason = new Error('dismissed')
  const noted: string[] = []
  const stopped = async () => {
    controller.abort(reason)
    return taken()
  }
  const options = { minimum: 1, note: async () => void noted.push('noted') }
  await assert.rejects(
    publishUpload(upload, [publisher('a', stopped)], options, controller.signal),
    (error) => error === reason,
  )
  assert.deepEqual(noted, [])
})

/** Whoever has not answered in a moment is slow. */
const clock: Clock = { ...systemClock, sleep: (_ms, stop) => systemClock.sleep(30, stop) }

/** Publishers whose outcome the test decides. */
function held(name: string) {
  const decided = Promise.withResolvers<Receipt>()
  const asked = Promise.withResolvers<AbortSignal>()
  const waiting: Publisher = {
    name,
    async publish(_upload, stop) {
      asked.resolve(stop)
      stop.addEventListener('abort', () => decided.reject(stop.reason))
      return decided.promise
    },
  }
  return { waiting, decide: decided.resolve, fail: decided.reject, asked: asked.promise }
}

test('one that is slow does not keep the next waiting, and is called off when others hold it', async () => {
  const slow = held('slow')
  const publishing = publishUpload(
    upload,
    [slow.waiting, publisher('b', holding), publisher('c', holding)],
    { minimum: 1, clock },
    signal,
  )
  const stop = await slow.asked
  const outcomes = await publishing
  assert.deepEqual(
    outcomes.map(({ service, status }) => [service, status]),
    [
      ['slow', 'failed'],
      ['b', 'held'],
    ],
  )
  assert.match(JSON.stringify(outcomes[0]), /not waited for/)
  assert.equal(stop.aborted, true)
})

test('one that is slow and holds it in the end counts, while the next is still at it', async () => {
  const [slow, next] = [held('slow'), held('next')]
  const publishing = publishUpload(
    upload,
    [slow.waiting, next.waiting],
    { minimum: 1, clock },
    signal,
  )
  await slow.asked
  await next.asked
  slow.decide({ status: 'held' })
  assert.deepEqual(
    (await publishing).map(({ service, status }) => [service, status]),
    [
      ['slow', 'held'],
      ['next', 'failed'],
    ],
  )
})

test('one that fetches from others is asked once the blocks can be fetched, and lets the others go first', async () => {
  const asked: string[] = []
  const fetcher: Publisher = { ...publisher('fetcher', holding, asked), needsHolder: true }
  const reachable: Publisher = { ...publisher('b', holding, asked), makesReachable: true }
  const bucket = publisher('bucket', holding, asked)
  const order = async (publishers: readonly Publisher[], options = {}) => {
    asked.length = 0
    const all = { minimum: publishers.length, ...options }
    const outcomes = await publishUpload(upload, publishers, all, signal)
    return outcomes.map(({ service, status }) => `${service} ${status}`)
  }
  assert.deepEqual(await order([publisher('a', failing, asked), fetcher, bucket, reachable]), [
    'a failed',
    'bucket held',
    'b held',
    'fetcher held',
  ])
  assert.deepEqual(await order([fetcher, bucket]), ['bucket held', 'fetcher failed'])
  assert.deepEqual(asked, ['bucket'], 'a bucket is no place to fetch blocks from')
  assert.deepEqual(await order([fetcher], { isReachable: true }), ['fetcher held'])
})

test('each outcome is noted as soon as it is there', async () => {
  const noted: string[] = []
  const late = held('late')
  const controller = new AbortController()
  const note = async ({ service, status }: { service: string; status: string }) => {
    noted.push(`${service} ${status}`)
  }
  const publishing = publishUpload(
    upload,
    [publisher('a', holding), late.waiting],
    { minimum: 2, note },
    controller.signal,
  )
  await late.asked
  controller.abort(new Error('time is up'))
  await assert.rejects(publishing, /time is up/)
  assert.deepEqual(noted, ['a held'])
})

test('before the time is up it is told who had not answered, and what is held stays so', async () => {
  const deadline = startDeadline(2_400)
  const [first, second] = [held('first'), held('second')]
  const started = performance.now()
  const outcomes = await publishUpload(
    upload,
    [first.waiting, publisher('b', holding), second.waiting],
    { minimum: 2 },
    deadline.signal,
  )
  deadline.clear()
  assert.deepEqual(
    outcomes.map(({ service, status }) => [service, status]),
    [
      ['first', 'failed'],
      ['b', 'held'],
      ['second', 'failed'],
    ],
  )
  assert.match(JSON.stringify(outcomes), /no answer before the time was up/)
  assert.ok(performance.now() - started < 2_000)
  assert.equal(deadline.signal.aborted, false)
})
