// A job that its caller gives up.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { askAgain } from '../../../lib/jobs/ask-again.ts'
import {
  dismiss,
  fail,
  holdsLease,
  isAbandoned,
  isLeased,
  type Job,
  succeed,
  takeLease,
} from '../../../lib/jobs/job.ts'
import { aJob, ID, NOW, order } from './a-job.ts'

const HOUR = 3_600_000
const reason = { code: 'content_unavailable', message: 'Nobody has it.', details: [] } as const

function taken(job: Job): Job {
  const after = takeLease(job, 1, NOW)
  assert.ok(after)
  return after
}

describe('a job that is given up', () => {
  it('is taken from its worker, and is worked on by nobody', () => {
    const running = taken(aJob())
    const job = dismiss(running, NOW + 1_000)
    assert.ok(job)
    assert.deepEqual(
      [job.status, job.progress, isLeased(job, NOW + 1_000)],
      ['dismissed', null, false],
    )
    assert.equal(holdsLease(job, running.attempts), false)
    assert.equal(takeLease(job, 2, NOW + HOUR), null)
    assert.equal(isAbandoned(job, NOW + 24 * HOUR), false)
  })

  it('begins anew when it is asked for again', () => {
    const job = dismiss(aJob(), NOW)
    assert.ok(job)
    assert.equal(askAgain(job, order, false, NOW + HOUR)?.status, 'accepted')
  })

  it('is not one that has ended by itself', () => {
    const done = succeed(taken(aJob()), ID, false, NOW)
    assert.equal(dismiss(done, NOW), null)
    assert.equal(dismiss(fail(taken(aJob()), reason, NOW), NOW), null)
  })

  it('is awaited where another caller asked for it too', () => {
    const job = aJob({ order: { ...order, by: 'alice' } })
    assert.equal(askAgain(job, { ...order, by: 'alice' }, false, NOW), null)
    const awaited = askAgain(job, { ...order, by: 'bob' }, false, NOW)
    assert.equal(awaited?.awaited, true)
    assert.ok(awaited)
    assert.equal(askAgain(awaited, { ...order, by: 'bob' }, false, NOW), null)
  })
})
