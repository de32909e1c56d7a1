// Failures that only the log tells: the line that each writes is one that the filter of its alarm counts, no other is.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { logFilters } from '../../../infra/log-filters.ts'
import { systemClock } from '../../../lib/async/clock.ts'
import { startDeadline } from '../../../lib/async/deadline.ts'
import { coldStart } from '../../../lib/async/invocation.ts'
import { readConfig } from '../../../lib/config/config.ts'
import { type ErrorCode, GreenprintError } from '../../../lib/errors.ts'
import { sweep } from '../../../lib/events/sweep.ts'
import { workDeliveries } from '../../../lib/jobs/deliveries.ts'
import { MOST_RECEIVES } from '../../../lib/jobs/job.ts'
import { createJobs } from '../../../lib/jobs/job-store.ts'
import { createLog } from '../../../lib/log.ts'
import type { NdviResult } from '../../../lib/model/result.ts'
import { createRecordStore } from '../../../lib/store/records.ts'
import { matchesFilter } from '../../harness/log-filter.ts'
import { createMemoryStore } from '../../harness/memory-store.ts'
import { backlogsOf, Desk, eventOf, printsOf } from '../events/notice-context.ts'
import { ScriptedApi } from '../stac/scripted-api.ts'
import { aJob } from './a-job.ts'

const ID = 'a'.repeat(64)
const signal = new AbortController().signal

/** A log whose lines are kept as they would be written. */
function keepLines() {
  const lines: string[] = []
  const timestamp = '2026-11-26T06:00:00.000Z'
  const write = (level: string, line: object) =>
    void lines.push(JSON.stringify({ timestamp, level: level.toUpperCase(), ...line }))
  return { lines, log: createLog(readConfig({}), write) }
}

/** Lines of the delivery of a job that fails with this code, or is done. */
async function linesOfJob(code: ErrorCode | null, receives: number): Promise<string[]> {
  const jobs = createJobs(createRecordStore(createMemoryStore()))
  await jobs.create(aJob({ id: ID }), signal)
  const { lines, log } = keepLines()
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the worker reads of a result
  const result = {
    id: 'r',
    item: { id: 's' },
    assets: {},
    publications: [],
    warnings: [],
  } as unknown as NdviResult
  const services = {
    jobs,
    clock: systemClock,
    compute: async () => {
      if (code === null) return result
      throw new GreenprintError(code, 'It failed.')
    },
    resubmit: async () => ID,
    announce: null,
    queue: null,
    startDeadline,
    functionName: 'worker',
    isCold: coldStart(),
    log,
  }
  const attributes = { ApproximateReceiveCount: String(receives) }
  const record = {
    messageId: '1',
    receiptHandle: 'r',
    body: JSON.stringify({ id: ID }),
    attributes,
  }
  await workDeliveries([record], services, { getRemainingTimeInMillis: () => 900_000 })
  return lines
}

const counted = (name: keyof typeof logFilters, lines: readonly string[]) =>
  lines.filter((line) => matchesFilter(logFilters[name].pattern, line)).length

describe('a job', () => {
  const rows = [
    ['outside_scene', 1, 1],
    ['content_unavailable', MOST_RECEIVES, 1],
    ['content_unavailable', 1, 0],
    [null, 1, 0],
  ] as const
  for (const [code, receives, times] of rows) {
    it(`with ${code ?? 'a result'} at delivery ${receives} is counted ${times} times`, async () => {
      const lines = await linesOfJob(code, receives)
      assert.ok(lines.length > 0)
      assert.equal(counted('JobsFailed', lines), times)
    })
  }
})

describe('a sweep', () => {
  const linesOfSweep = async (pages: number, backlogs = backlogsOf(), before = 0) => {
    const { lines, log } = keepLines()
    let page = before
    const api = new ScriptedApi(() => {
      page++
      const link = {
        rel: 'next',
        method: 'POST',
        href: 'https://stac.example/search',
        body: { page },
      }
      const features = [{ id: `s${page}` }]
      return { type: 'FeatureCollection', features, links: page < pages ? [link] : [] }
    })
    const services = {
      documents: api,
      stacApiUrl: 'https://stac.example',
      clock: systemClock,
      fingerprints: printsOf(),
      submit: new Desk().submit,
      log,
      backlogs,
    }
    await sweep(eventOf('scheduler'), services, signal)
    return lines
  }

  it('that does not catch up is counted, one that may is not', async () => {
    const backlogs = backlogsOf()
    const counts: number[] = []
    for (let sweeps = 0; sweeps < 4; sweeps++) {
      counts.push(counted('SweepsBehind', await linesOfSweep(1000, backlogs, 100 * sweeps)))
    }
    assert.deepEqual(counts, [0, 0, 1, 1])
    assert.equal(counted('SweepsBehind', await linesOfSweep(101)), 0)
    assert.equal(counted('SweepsBehind', await linesOfSweep(2)), 0)
  })

  it('writes a line that CloudWatch takes whole, however much it found', async () => {
    for (const line of await linesOfSweep(101)) assert.ok(line.length < 100_000)
  })
})

it('a line in a frame of text is counted by no filter: that is why there is none around ours', async () => {
  const [line = ''] = await linesOfJob('outside_scene', 1)
  assert.equal(matchesFilter(logFilters.JobsFailed.pattern, line), true)
  const framed = `2026-11-26T06:00:00.000Z\tid\tERROR\t${line}`
  assert.equal(matchesFilter(logFilters.JobsFailed.pattern, framed), false)
})
