// A lease that is kept: beats, what they write, and when they say that the job is another's.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { takeLease } from '../../../lib/jobs/job.ts'
import { createJobs, type Jobs } from '../../../lib/jobs/job-store.ts'
import { keepLease } from '../../../lib/jobs/lease.ts'
import { createRecordStore } from '../../../lib/store/records.ts'
import { createMemoryStore } from '../../harness/memory-store.ts'
import { VirtualClock } from '../../harness/virtual-clock.ts'
import { aJob, ID, NOW } from './a-job.ts'

const signal = new AbortController().signal

/** A job under its first lease, in virtual time. */
async function start() {
  const clock = new VirtualClock(NOW)
  const jobs = createJobs(createRecordStore(createMemoryStore()))
  await jobs.create(aJob(), signal)
  const amended = await jobs.amend(ID, (job) => takeLease(job, 1, NOW), signal)
  assert.ok(amended?.after)
  return { clock, jobs, job: amended.after }
}

const hold = async () => undefined

describe('a lease that is kept', () => {
  it('holds on to its message each minute, while the lease beats and no longer', async () => {
    const { clock, jobs, job } = await start()
    const held: number[] = []
    const begun = clock.elapsed()
    const work = async () => {
      const note = async () => void held.push(clock.elapsed() - begun)
      const keeping = keepLease(job, jobs, clock, note)
      await clock.sleep(200_000, signal)
      await keeping.stop()
      await clock.sleep(200_000, signal)
    }
    await clock.run(work())
    assert.deepEqual(held, [60_000, 120_000, 180_000])
  })

  it('outlives its minute, and tells how far the work is', async () => {
    const { clock, jobs, job } = await start()
    const work = async () => {
      const keeping = keepLease(job, jobs, clock, hold)
      keeping.tell('ndvi', 0.25)
      await clock.sleep(600_000, signal)
      assert.ok(!keeping.lost.aborted)
      await keeping.stop()
    }
    await clock.run(work())
    const now = await jobs.get(ID, signal)
    assert.ok((now?.lease_until ?? 0) > NOW + 600_000)
    assert.deepEqual(now?.progress, { step: 'ndvi', share: 0.25 })
  })

  it('is lost at the first beat after another took the job', async () => {
    const { clock, jobs, job } = await start()
    const work = async () => {
      const keeping = keepLease(job, jobs, clock, hold)
      await jobs.amend(ID, (now) => takeLease(now, 2, NOW + 3_600_000), signal)
      await clock.sleep(6_000, signal)
      assert.ok(keeping.lost.aborted)
      await keeping.stop()
    }
    await clock.run(work())
    assert.equal((await jobs.get(ID, signal))?.attempts, 2)
  })

  it('is lost when the store fails for as long as it lasts, and not before', async () => {
    const { clock, jobs, job } = await start()
    const failing: Jobs = { ...jobs, amend: () => Promise.reject(new Error('no store')) }
    const work = async () => {
      const keeping = keepLease(job, failing, clock, hold)
      await clock.sleep(59_000, signal)
      assert.ok(!keeping.lost.aborted)
      await clock.sleep(6_000, signal)
      assert.ok(keeping.lost.aborted)
      await keeping.stop()
    }
    await clock.run(work())
  })

  it('is not written to once it was let go', async () => {
    const { clock, jobs, job } = await start()
    const work = async () => {
      const keeping = keepLease(job, jobs, clock, hold)
      await keeping.stop()
      await clock.sleep(60_000, signal)
      assert.ok(!keeping.lost.aborted)
    }
    await clock.run(work())
    assert.deepEqual(await jobs.get(ID, signal), job)
  })
})
