// What a restart of the local system makes of the jobs that the process before it had.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { fail, type Job, knownJob, newJob, succeed, takeLease } from '../../../lib/jobs/job.ts'
import { createJobs } from '../../../lib/jobs/job-store.ts'
import { resumeJobs } from '../../../lib/jobs/resume.ts'
import { LocalQueue } from '../../../lib/local/queue.ts'
import { createRecordStore } from '../../../lib/store/records.ts'
import { createMemoryStore } from '../../harness/memory-store.ts'
import { VirtualClock } from '../../harness/virtual-clock.ts'
import { NOW, order } from './a-job.ts'

const signal = new AbortController().signal
const DAY = 86_400_000
const reason = { code: 'content_unavailable', message: 'Nobody has it.', details: [] } as const
const id = (name: string) => name.repeat(64)

function taken(name: string, receives: number): Job {
  const job = takeLease(newJob(id(name), order, false, NOW), receives, NOW)
  assert.ok(job)
  return job
}

it('every open job is delivered again, as often as it still may be, and no other', async () => {
  const objects = createMemoryStore()
  const jobs = createJobs(createRecordStore(objects))
  const all = [
    newJob(id('a'), order, false, NOW - DAY),
    taken('b', 2),
    taken('c', 5),
    fail(taken('d', 1), reason, NOW),
    knownJob(id('e'), order, NOW),
    succeed(taken('f', 1), id('f'), true, NOW),
  ]
  for (const job of all) await jobs.create(job, signal)
  await objects.put(`jobs/${id('0')}.json`, new TextEncoder().encode('damaged'), {}, signal)

  const clock = new VirtualClock(NOW)
  const settings = { timeoutMs: 900_000, mostReceives: 5, batchSize: 1 }
  const queue = new LocalQueue(settings, clock)
  const resumed = await resumeJobs({ jobs, objects }, (...one) => queue.putBack(...one), signal)
  assert.equal(resumed, 3)

  const delivered: [string, number, boolean][] = []
  const end = new AbortController()
  await clock.run(
    (async () => {
      const consuming = queue.consume(async ({ Records }) => {
        for (const { body, attributes } of Records) {
          const job = await jobs.get(JSON.parse(body).id, signal)
          const isFree = (job?.lease_until ?? 0) <= clock.now()
          const receives = Number(attributes.ApproximateReceiveCount)
          delivered.push([job?.id[0] ?? '', receives, isFree])
        }
        return { batchItemFailures: [] }
      }, end.signal)
      await clock.sleep(DAY, signal)
      end.abort()
      await consuming
    })(),
  )
  assert.deepEqual(delivered, [
    ['a', 1, true],
    ['b', 3, true],
    ['f', 2, true],
  ])
})
