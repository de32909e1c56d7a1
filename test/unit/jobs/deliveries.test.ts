// A batch of messages: what becomes of each, what is logged of it, and when it comes again.
// Long: every way in which a delivery may go, on one set of helpers.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemClock } from '../../../lib/async/clock.ts'
import { startDeadline } from '../../../lib/async/deadline.ts'
import { coldStart, currentInvocation } from '../../../lib/async/invocation.ts'
import { readConfig } from '../../../lib/config/config.ts'
import { GreenprintError } from '../../../lib/errors.ts'
import { type QueueRecord, workDeliveries } from '../../../lib/jobs/deliveries.ts'
import { takeLease } from '../../../lib/jobs/job.ts'
import { createJobs, type Jobs } from '../../../lib/jobs/job-store.ts'
import type { WorkServices } from '../../../lib/jobs/run-job.ts'
import { createLog } from '../../../lib/log.ts'
import type { NdviResult } from '../../../lib/model/result.ts'
import { createRecordStore } from '../../../lib/store/records.ts'
import { metricsOf } from '../../harness/emf.ts'
import { createMemoryStore } from '../../harness/memory-store.ts'
import { aJob, order } from './a-job.ts'

const signal = new AbortController().signal
const ids = ['a', 'b', 'c'].map((letter) => letter.repeat(64))
const [A = '', B = '', C = ''] = ids
/** What hides a message while it is worked on. */
const HELD_MS = 120_000
const enough = { getRemainingTimeInMillis: () => 900_000 }

function record(messageId: string, body: string, receives = 1): QueueRecord {
  const attributes = { ApproximateReceiveCount: String(receives) }
  return { messageId, receiptHandle: `receipt of ${messageId}`, body, attributes }
}
const message = (messageId: string, id: string, receives = 1) =>
  record(messageId, JSON.stringify({ id }), receives)

/** Jobs A, B and C, and a worker whose work is the test's. */
async function start(work: Partial<WorkServices> = {}) {
  const jobs = createJobs(createRecordStore(createMemoryStore()))
  for (const id of ids) await jobs.create(aJob({ id }), signal)
  const postponed: [string, number][] = []
  const held: string[] = []
  const lines: Record<string, unknown>[] = []
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the worker reads of a result
  const result = {
    id: 'r',
    item: { id: 's' },
    assets: { item: {} },
    publications: [],
    warnings: [],
  } as unknown as NdviResult
  const services = {
    jobs,
    clock: systemClock,
    compute: async () => result,
    resubmit: async () => B,
    announce: null,
    queue: {
      send: async () => undefined,
      postpone: async (receipt: string, ms: number) => {
        if (ms === HELD_MS) held.push(receipt)
        else postponed.push([receipt, ms])
      },
    },
    startDeadline,
    functionName: 'worker',
    isCold: coldStart(),
    log: (level: string, line: Readonly<Record<string, unknown>>) =>
      void lines.push({ level, ...line }),
    ...work,
  }
  const deliver = async (records: readonly QueueRecord[], time = enough) => {
    const { batchItemFailures } = await workDeliveries(records, services, time)
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)
  }
  return { jobs, services, postponed, held, lines, deliver }
}

const nobody = new GreenprintError('content_unavailable', 'Nobody has it.')
const unusable = new GreenprintError('raster_unusable', 'This is no raster.')

describe('a job that was given up', () => {
  it('begins anew when somebody puts its message back, which comes as a new one', async () => {
    const { jobs, lines, deliver, services } = await start()
    const broken = {
      ...services,
      compute: async () => {
        throw nobody
      },
    }
    const last = message('m', A, 5)
    await workDeliveries([last], broken, enough)
    assert.equal((await jobs.get(A, signal))?.status, 'failed')
    // A second delivery of the same message, as queues make them.
    assert.deepEqual(await deliver([message('m', A, 6)]), [])
    assert.equal(lines.at(-1)?.['outcome'], 'known')
    assert.deepEqual(await deliver([message('put back', A)]), [])
    assert.equal(lines.at(-1)?.['outcome'], 'done')
    assert.equal((await jobs.get(A, signal))?.status, 'successful')
  })

  it('is given up again after as many deliveries', async () => {
    const compute = async () => {
      throw nobody
    }
    const { jobs, deliver } = await start({ compute })
    await deliver([message('m', A, 5)])
    assert.deepEqual(await deliver([message('put back', A)]), ['put back'])
    assert.equal((await jobs.get(A, signal))?.status, 'accepted')
    await deliver([message('put back', A, 5)])
    assert.equal((await jobs.get(A, signal))?.status, 'failed')
  })

  it('for a fault of its own stays failed: its message is gone', async () => {
    const compute = async () => {
      throw unusable
    }
    const { lines, deliver } = await start({ compute })
    await deliver([message('m', A)])
    assert.deepEqual(await deliver([message('m', A)]), [])
    assert.equal(lines.at(-1)?.['outcome'], 'known')
  })
})

describe('a batch', () => {
  it('harms no neighbour: what is no message goes back, what can be done is done', async () => {
    const { jobs, deliver, lines } = await start()
    const batch = [
      record('1', 'no JSON'),
      message('2', A),
      message('3', 'f'.repeat(64)),
      record('4', '{"id":7}'),
      message('5', B),
    ]
    assert.deepEqual(await deliver(batch), ['1', '3', '4'])
    assert.equal((await jobs.get(A, signal))?.status, 'successful')
    assert.equal((await jobs.get(B, signal))?.status, 'successful')
    assert.match(JSON.stringify(lines[0]), /does not name a job: no JSON/)
    assert.match(JSON.stringify(lines[2]), /There is no job fff/)
  })

  it('is worked on one after the other, and left when time runs out', async () => {
    let left = 40_000
    const time = { getRemainingTimeInMillis: () => (left -= 14_000) }
    const { deliver, jobs } = await start()
    assert.deepEqual(await deliver([message('1', A), message('2', B), message('3', C)], time), [
      '2',
      '3',
    ])
    assert.deepEqual((await jobs.get(B, signal))?.attempts, 0)
  })
})

describe('a message', () => {
  it('of a finished job is acknowledged, and nothing is done', async () => {
    const { deliver, services } = await start()
    await deliver([message('1', A)])
    let computed = 0
    services.compute = async () => {
      computed += 1
      throw unusable
    }
    assert.deepEqual(await deliver([message('1', A, 2), message('2', A)]), [])
    assert.equal(computed, 0)
  })

  it('of a job that somebody works on goes back, for five minutes', async () => {
    const { jobs, deliver, postponed } = await start()
    await jobs.amend(A, (job) => takeLease(job, 1, systemClock.now()), signal)
    assert.deepEqual(await deliver([message('1', A)]), ['1'])
    assert.deepEqual(postponed, [['receipt of 1', 300_000]])
    assert.equal((await jobs.get(A, signal))?.attempts, 1)
  })

  it('whose job fails by its own fault is acknowledged, and the job says why', async () => {
    const { jobs, deliver, postponed } = await start({ compute: () => Promise.reject(unusable) })
    assert.deepEqual(await deliver([message('1', A)]), [])
    const job = await jobs.get(A, signal)
    assert.equal(job?.status, 'failed')
    assert.deepEqual(job?.reason, {
      code: 'raster_unusable',
      message: unusable.message,
      details: [],
    })
    assert.deepEqual(postponed, [])
  })

  it('whose job fails by what may pass goes back, four times as long each time, until the last', async () => {
    const { jobs, deliver, postponed, lines } = await start({
      compute: () => Promise.reject(nobody),
    })
    for (const receives of [1, 2, 3, 4]) {
      assert.deepEqual(await deliver([message('1', A, receives)]), ['1'])
      const job = await jobs.get(A, signal)
      assert.deepEqual([job?.status, job?.reason?.code], ['accepted', 'content_unavailable'])
    }
    assert.deepEqual(
      postponed.map(([, ms]) => ms),
      [60_000, 240_000, 960_000, 3_840_000],
    )
    assert.deepEqual(await deliver([message('1', A, 5)]), ['1'])
    assert.equal(postponed.at(-1)?.[1], 0, 'a dead letter need not wait')
    const job = await jobs.get(A, signal)
    assert.equal(job?.status, 'failed')
    assert.equal(job?.reason?.message, 'Given up after 5 attempts. Nobody has it.')
    assert.deepEqual([lines.at(-1)?.['level'], lines.at(-1)?.['outcome']], ['error', 'given up'])
  })

  it('that no queue takes for dead is not delivered without a rest', async () => {
    const { deliver, postponed } = await start()
    for (const receives of [5, 6, 7]) await deliver([record('1', 'no JSON', receives)])
    assert.deepEqual(
      postponed.map(([, ms]) => ms),
      [0, 300_000, 300_000],
    )
  })

  it('whose job fails by a mistake of ours goes back, and only the log says what it was', async () => {
    const secret = () => Promise.reject(new TypeError('x is not a function at /secret/path'))
    const { jobs, deliver, lines } = await start({ compute: secret })
    assert.deepEqual(await deliver([message('1', A)]), ['1'])
    const job = await jobs.get(A, signal)
    assert.equal(job?.reason?.code, 'internal')
    assert.doesNotMatch(JSON.stringify(job), /secret/)
    assert.match(JSON.stringify(lines), /x is not a function/)
  })

  it('goes back when time is up, with its lease given back', async () => {
    const compute: WorkServices['compute'] = (_request, _tell, stop) =>
      new Promise((_, reject) => stop.addEventListener('abort', () => reject(stop.reason)))
    const { jobs, deliver, postponed } = await start({ compute })
    const time = { getRemainingTimeInMillis: () => 15_020 }
    const started = systemClock.elapsed()
    // 10 s of the margin are kept; the rest is waited for.
    assert.deepEqual(await deliver([message('1', A, 3)], time), ['1'])
    assert.ok(systemClock.elapsed() - started < 10_000)
    const job = await jobs.get(A, signal)
    assert.deepEqual([job?.status, job?.lease_until], ['accepted', 0])
    assert.equal(job?.reason?.code, 'deadline_exceeded')
    // It goes on from what it kept: it has not waited twice already for something to pass.
    assert.equal(postponed.at(-1)?.[1], 60_000)
  })

  it('goes back even if the queue does not want to hear when', async () => {
    const { deliver, services, lines } = await start({ compute: () => Promise.reject(nobody) })
    services.queue.postpone = () => Promise.reject(new GreenprintError('queue_failed', 'No.'))
    assert.deepEqual(await deliver([message('1', A)]), ['1'])
    assert.equal(lines.at(-1)?.['event'], 'postpone')
  })
})

describe('a job', () => {
  it('that is to be published meanwhile is worked on again before it is done', async () => {
    const { jobs, services, deliver } = await start()
    const asked: boolean[] = []
    const { compute } = services
    services.compute = async (...asks) => {
      asked.push(asks[0].pin)
      const pinned = { ...order, pin: true }
      await jobs.amend(A, (job) => ({ ...job, order: pinned }), signal)
      return compute(...asks)
    }
    assert.deepEqual(await deliver([message('1', A)]), [])
    assert.deepEqual(asked, [false, true])
    assert.equal((await jobs.get(A, signal))?.status, 'successful')
  })

  it('of a request that was not resolved leads to the one of its scene', async () => {
    const { jobs, deliver } = await start({ compute: () => Promise.reject(unusable) })
    const { resolved: _resolved, ...bare } = order
    await jobs.amend(A, (job) => ({ ...job, order: bare }), signal)
    assert.deepEqual(await deliver([message('1', A)]), [])
    const job = await jobs.get(A, signal)
    assert.deepEqual([job?.status, job?.continues_as, job?.result], ['successful', B, null])
  })

  it('whose result cannot be told of stays successful, and is told of by the next delivery', async () => {
    const told: string[] = []
    const fails = () => Promise.reject(new GreenprintError('queue_failed', 'No topic.'))
    const { jobs, services, deliver } = await start({ announce: fails })
    assert.deepEqual(await deliver([message('1', A)]), ['1'])
    const due = await jobs.get(A, signal)
    assert.deepEqual([due?.status, due?.notice], ['successful', 'due'])
    services.compute = () => Promise.reject(unusable)
    services.announce = async ({ result }) => void told.push(result ?? '')
    assert.deepEqual(await deliver([message('1', A, 2), message('2', A)]), [])
    assert.deepEqual(told, ['r'])
    assert.equal((await jobs.get(A, signal))?.notice, 'sent')
  })

  it('that another has taken over is left to it', async () => {
    const { jobs, services, deliver } = await start()
    const { compute } = services
    services.compute = async (...asks) => {
      await jobs.amend(A, (job) => takeLease(job, 2, systemClock.now() + 3_600_000), signal)
      return compute(...asks)
    }
    assert.deepEqual(await deliver([message('1', A)]), ['1'])
    const job = await jobs.get(A, signal)
    assert.deepEqual([job?.status, job?.attempts], ['running', 2])
  })
})

describe('the line of a delivery', () => {
  const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

  it('is as full as that of a request, and tells who asked', async () => {
    const kept: Record<string, unknown>[] = []
    const compute: WorkServices['compute'] = async (_order, tell) => {
      tell('scene')
      const { sources } = currentInvocation() ?? {}
      sources?.note('https://slow.example', 'slow.example', { end: 'outrun', ms: 900, bytes: 0 })
      tell('ndvi', 0.5)
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the worker reads of a result
      return {
        id: 'r',
        root: 'bafy',
        cached: true,
        item: { id: 's' },
        assets: {},
        publications: [],
        warnings: ['published, but nobody will look'],
      } as unknown as NdviResult
    }
    const write = createLog(readConfig({}), (_level, line) => void kept.push({ ...line }))
    const { deliver } = await start({ compute, log: write } as Partial<WorkServices>)
    const body = JSON.stringify({ id: A, traceparent: trace })
    const time = { ...enough, awsRequestId: 'id-of-invocation' }
    assert.deepEqual(await deliver([record('1', body)], time), [])
    const [source, line, ...more] = kept
    assert.deepEqual(more, [])
    for (const each of [source, line]) {
      assert.deepEqual([each?.['requestId'], each?.['traceparent']], ['id-of-invocation', trace])
    }
    assert.deepEqual([source?.['Operator'], source?.['Outrun']], ['slow.example', 1])
    const { event, id, outcome, result, root, cached, cold, steps, sources, memory_mb } = line ?? {}
    assert.deepEqual(
      { event, id, outcome, result, root, cached, cold },
      { event: 'job', id: A, outcome: 'done', result: 'r', root: 'bafy', cached: true, cold: true },
    )
    assert.deepEqual(Object.keys(Object(steps)), ['scene', 'ndvi'])
    assert.equal(Object(sources)['https://slow.example'].max_ms, 900)
    assert.ok(Object(memory_mb).peak > 10)
    assert.deepEqual(line?.['warnings'], ['published, but nobody will look'])
    assert.deepEqual(metricsOf(line ?? {})['CacheHits']?.values, [1])
  })
})

describe('a worker that was killed', () => {
  /** As a killed worker leaves it: running, its lease over. */
  const leave = (jobs: Jobs, hoursAgo = 1) =>
    jobs.amend(A, (job) => takeLease(job, 1, systemClock.now() - hoursAgo * 3_600_000), signal)

  it('had its message hidden for two minutes, first of all', async () => {
    const order: string[] = []
    const { jobs, deliver, services } = await start()
    services.queue.postpone = async (_receipt, ms) => void order.push(`hidden for ${ms}`)
    const amend = jobs.amend.bind(jobs)
    jobs.amend = (...asked) => {
      order.push('lease')
      return amend(...asked)
    }
    await deliver([message('1', A)])
    assert.deepEqual(order.slice(0, 2), [`hidden for ${HELD_MS}`, 'lease'])
  })

  it('is followed by another, twice; the third time the job has failed, with advice, and is acknowledged', async () => {
    const { jobs, deliver, lines } = await start({
      compute: () => Promise.reject(nobody),
    })
    for (const hoursAgo of [3, 2, 1]) await leave(jobs, hoursAgo)
    assert.deepEqual(await deliver([message('1', A)]), [])
    const job = await jobs.get(A, signal)
    assert.deepEqual([job?.status, job?.reason?.code], ['failed', 'too_large'])
    assert.match(
      job?.reason?.message ?? '',
      /ran out of memory or was ended, 3 times: try a smaller/,
    )
    const { level, outcome, code } = lines.at(-1) ?? {}
    assert.deepEqual([level, outcome, code], ['warn', 'failed', 'too_large'])
  })

  it('counts as killed only where it gave nothing back', async () => {
    const { jobs, deliver } = await start({ compute: () => Promise.reject(nobody) })
    await leave(jobs)
    for (const receives of [2, 3, 4]) await deliver([message('1', A, receives)])
    const job = await jobs.get(A, signal)
    assert.deepEqual([job?.status, job?.kills], ['accepted', 1])
  })
})
