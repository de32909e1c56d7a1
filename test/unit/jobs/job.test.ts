// What may become of a job: leases taken, kept and lost, ends, and beginning anew.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { askAgain } from '../../../lib/jobs/ask-again.ts'
import {
  extendLease,
  fail,
  holdsLease,
  isAbandoned,
  isLeased,
  type Job,
  knownJob,
  LEASE_MS,
  markAnnounced,
  release,
  succeed,
  takeLease,
} from '../../../lib/jobs/job.ts'
import type { NdviOrder } from '../../../lib/model/request.ts'
import { readFileAsset } from '../../../lib/stac/file-asset.ts'
import { readItem } from '../../../lib/stac/item.ts'
import { aJob, ID, NOW, order } from './a-job.ts'

const HOUR = 3_600_000
const reason = { code: 'content_unavailable', message: 'Nobody has it.', details: [] } as const

function taken(job: Job, receives = 1, now = NOW): Job {
  const after = takeLease(job, receives, now)
  assert.ok(after)
  return after
}

describe('a lease', () => {
  it('is taken of a job that waits, for a minute, with a number of its own', () => {
    const job = taken(aJob({ attempts: 2 }), 3)
    assert.equal(job.status, 'running')
    assert.equal(job.lease_until, NOW + LEASE_MS)
    assert.deepEqual([job.attempts, job.receives], [3, 3])
    assert.ok(isLeased(job, NOW + LEASE_MS - 1))
    assert.ok(!isLeased(job, NOW + LEASE_MS))
  })

  it('that lives is nobody else’s, to the millisecond', () => {
    const job = taken(aJob())
    assert.equal(takeLease(job, 2, NOW + LEASE_MS - 1), null)
    assert.ok(takeLease(job, 2, NOW + LEASE_MS))
  })

  it('is lost to who takes it over, and held until somebody does, whatever the clock says', () => {
    const first = taken(aJob())
    assert.ok(holdsLease(first, 1))
    const second = taken(first, 2, NOW + HOUR)
    assert.ok(!holdsLease(second, 1))
    assert.ok(holdsLease(second, 2))
  })

  it('is kept by a beat, which tells how far the work is', () => {
    const progress = { step: 'ndvi', share: 0.5 } as const
    const job = extendLease(taken(aJob()), progress, NOW + 50_000)
    assert.equal(job.lease_until, NOW + 50_000 + LEASE_MS)
    assert.deepEqual(job.progress, progress)
    assert.equal(job.updated, '2026-09-26T12:00:50.000Z')
  })

  it('is not to be had of a job that has ended', () => {
    for (const job of [
      fail(taken(aJob()), reason, NOW),
      succeed(taken(aJob()), ID, false, NOW),
      knownJob(ID, order, NOW),
      markAnnounced(succeed(taken(aJob()), ID, true, NOW), NOW),
    ]) {
      assert.equal(takeLease(job, 1, NOW + HOUR), null, job.status)
    }
  })

  it('given back is to be had at once', () => {
    const job = release(taken(aJob()), reason, NOW)
    assert.deepEqual([job.status, job.lease_until, job.reason], ['accepted', 0, reason])
    assert.equal(taken(job, 2).attempts, 2)
  })
})

describe('a success', () => {
  it('that nobody is to be told of is the end', () => {
    const job = succeed(taken(aJob()), ID, false, NOW)
    assert.deepEqual(
      [job.status, job.result, job.notice, job.lease_until],
      ['successful', ID, 'none', 0],
    )
    assert.ok(!holdsLease(job, 1))
  })

  it('is held until it was told, and told by the next one if the first ended before', () => {
    const due = succeed(taken(aJob()), ID, true, NOW)
    assert.equal(due.notice, 'due')
    assert.ok(holdsLease(due, 1))
    assert.equal(takeLease(due, 2, NOW), null)
    const next = taken(due, 2, NOW + LEASE_MS)
    assert.equal(next.status, 'successful')
    assert.ok(!holdsLease(next, 1))
    const told = markAnnounced(next, NOW)
    assert.deepEqual([told.notice, told.lease_until], ['sent', 0])
    assert.ok(!holdsLease(told, 2))
  })

  it('stays one when telling fails', () => {
    const job = release(succeed(taken(aJob()), ID, true, NOW), reason, NOW)
    assert.deepEqual([job.status, job.notice, job.lease_until], ['successful', 'due', 0])
  })

  it('takes the reason of an earlier failure away', () => {
    const job = succeed(taken(release(taken(aJob()), reason, NOW)), ID, false, NOW)
    assert.equal(job.reason, null)
  })
})

describe('a job that is asked for again', () => {
  const pinned = { ...order, pin: true }

  it('is left alone while it waits or runs', () => {
    assert.equal(askAgain(aJob(), order, false, NOW), null)
    assert.equal(askAgain(taken(aJob()), order, false, NOW), null)
    assert.equal(askAgain(taken(aJob({ order: pinned })), order, false, NOW), null)
  })

  it('remembers that it is to be published too, without losing its lease', () => {
    const job = askAgain(taken(aJob()), pinned, false, NOW + 1_000)
    assert.equal(job?.order.pin, true)
    assert.ok(holdsLease(job, 1))
    assert.equal(job.lease_until, NOW + LEASE_MS)
  })

  it('is published in the name of who asked for that last', () => {
    const asked = { ...pinned, by: 'bob' }
    const job = askAgain(aJob({ order: { ...order, by: 'alice' } }), asked, false, NOW)
    assert.equal(job?.order.by, 'bob')
    const awaited = askAgain(aJob({ order: asked }), { ...order, by: 'eve' }, false, NOW)
    assert.deepEqual([awaited?.order, awaited?.awaited], [asked, true])
  })

  const itemOf = (name: string) => ({
    type: 'Feature',
    assets: {
      red: {
        href: `https://${name}.example/red.tif`,
        alternate: { IPFS: { href: 'ipfs://bafkqaaa' } },
      },
    },
  })
  const orderOf = (name: string, by: string): NdviOrder => ({
    ...order,
    request: { ...order.request, item: itemOf(name) },
    by,
  })

  it('begins anew with the item that is sent now, not with the first that ever was', () => {
    const failed = fail(taken(aJob({ order: orderOf('dead', 'alice') })), reason, NOW)
    const asked = orderOf('alive', 'bob')
    assert.deepEqual(askAgain(failed, asked, false, NOW + HOUR)?.order, asked)
  })

  it('knows the copies of both items while it waits, and is shown as nobody’s own', () => {
    const waiting = aJob({ order: orderOf('first', 'alice') })
    const job = askAgain(waiting, orderOf('second', 'bob'), false, NOW)
    assert.ok(job)
    assert.equal(job.shared, true)
    assert.equal(job.order.by, 'alice')
    const { item } = job.order.request
    assert.ok(typeof item === 'object')
    const [red] = readItem({ ...item, id: 'a' }, null).assets
    assert.ok(red)
    assert.deepEqual(
      [...readFileAsset({ assets: [] }, red).mirrors],
      ['https://first.example/red.tif', 'https://second.example/red.tif'],
    )
    assert.equal(askAgain(job, orderOf('second', 'bob'), false, NOW), null)
    const same = askAgain(waiting, orderOf('first', 'bob'), false, NOW)
    assert.deepEqual([same?.order, same?.awaited], [waiting.order, true])
    const own = askAgain(waiting, orderOf('second', 'alice'), false, NOW)
    assert.deepEqual([own?.shared, own?.order.request.item], [undefined, item])
  })

  it('begins anew once it has failed, under the next lease and since its first day', () => {
    const failed = fail(taken(aJob(), 5), reason, NOW)
    const job = askAgain(failed, pinned, false, NOW + HOUR)
    assert.deepEqual([job?.status, job?.reason, job?.receives], ['accepted', null, 0])
    assert.deepEqual([job?.attempts, job?.created], [1, failed.created])
    assert.equal(job?.order.pin, true)
    assert.ok(job && !holdsLease(job, 1))
  })

  it('begins anew when its result is there and not published, and says that it was there', () => {
    const job = askAgain(succeed(taken(aJob()), ID, false, NOW), pinned, true, NOW)
    assert.deepEqual([job?.status, job?.outcome, job?.notice], ['accepted', 'updated', 'none'])
  })

  it('begins anew as the news that it was, when nobody was told of it yet', () => {
    const due = succeed(taken(aJob()), ID, true, NOW)
    assert.equal(askAgain(due, pinned, true, NOW + HOUR)?.outcome, 'created')
    assert.equal(askAgain(markAnnounced(due, NOW), pinned, true, NOW + HOUR)?.outcome, 'updated')
    const failed = fail(taken(aJob()), reason, NOW)
    assert.equal(askAgain(failed, order, true, NOW)?.outcome, 'created')
  })

  it('begins anew when nobody works on it any more', () => {
    const killed = taken(aJob(), 5)
    assert.equal(askAgain(killed, order, false, NOW), null)
    assert.equal(askAgain(killed, order, false, NOW + LEASE_MS)?.status, 'accepted')
  })
})

describe('a job is abandoned', () => {
  it('when the worker of its last delivery ended without a word', () => {
    assert.ok(!isAbandoned(taken(aJob(), 4), NOW + HOUR))
    assert.ok(!isAbandoned(taken(aJob(), 5), NOW + LEASE_MS - 1))
    assert.ok(isAbandoned(taken(aJob(), 5), NOW + LEASE_MS))
  })

  it('when nothing was heard of it for longer than all deliveries take', () => {
    for (const job of [aJob(), taken(aJob())]) {
      assert.ok(!isAbandoned(job, NOW + 12 * HOUR))
      assert.ok(isAbandoned(job, NOW + 12 * HOUR + 1))
    }
  })

  it('never once it has ended', () => {
    assert.ok(!isAbandoned(knownJob(ID, order, NOW), NOW + 1_000 * HOUR))
    assert.ok(!isAbandoned(fail(taken(aJob(), 5), reason, NOW), NOW + 1_000 * HOUR))
  })
})
