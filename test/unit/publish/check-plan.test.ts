// When checks are made: by the clock of a process that stays, by schedules that run once where none does.

import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { systemClock } from '../../../lib/async/clock.ts'
import { createLocalPlan } from '../../../lib/publish/check-plan.ts'
import { createScheduledPlan } from '../../../lib/publish/check-scheduler.ts'
import { startAwsStub } from '../jobs/aws-stub.ts'

const signal = new AbortController().signal
const ROOT = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi'

describe('the plan of a process that stays', () => {
  it('looks after 1, 10 and 60 minutes, once each, whatever one of them comes to', async () => {
    const asked: string[] = []
    const waits: (readonly [ms: number, wake: () => void, keepsAlive: boolean | undefined])[] = []
    const clock = {
      sleep: (ms: number, _signal: AbortSignal, options: { keepsAlive?: boolean } = {}) =>
        new Promise<void>((wake) => waits.push([ms, wake, options.keepsAlive])),
    }
    const plan = createLocalPlan(async (root) => {
      asked.push(root)
      throw new Error('not yet')
    }, clock)
    await plan.plan(ROOT, signal)
    await plan.plan(ROOT, signal)
    assert.deepEqual(
      waits.map(([ms, , keepsAlive]) => [ms / 60_000, keepsAlive]),
      [
        [1, false],
        [10, false],
        [60, false],
      ],
    )
    for (const [, wake] of waits) wake()
    await setImmediate()
    assert.deepEqual(asked, [ROOT, ROOT, ROOT])
    await plan.plan(ROOT, signal)
    assert.equal(waits.length, 6, 'a later publication is looked for anew')
  })
})

describe('the plan of a function', async () => {
  process.env['AWS_ACCESS_KEY_ID'] = 'STUBKEY'
  process.env['AWS_SECRET_ACCESS_KEY'] = 'stub-secret'
  const json = { 'content-type': 'application/json' }
  let status = 200
  let type = ''
  const stub = await startAwsStub(() => ({
    status,
    headers: { ...json, ...(type === '' ? {} : { 'x-amzn-errortype': type }) },
    body: status === 200 ? '{"ScheduleArn":"arn:s"}' : '{"Message":"no"}',
  }))
  after(() => stub.stop())
  process.env['AWS_ENDPOINT_URL_SCHEDULER'] = stub.origin
  const target = {
    target: 'arn:aws:lambda:eu-west-9:123456789012:function:greenprint-Schedule',
    role: 'arn:aws:iam::123456789012:role/greenprint-checks',
    group: 'greenprint-checks',
  }
  const now = Date.parse('2026-11-26T10:30:15.500Z')
  const plan = createScheduledPlan(target, { now: () => now })

  it('is three schedules that run once and are deleted then', async () => {
    await plan.plan(ROOT, signal)
    const bodies = stub.arrived.map(({ body }) => JSON.parse(body))
    assert.deepEqual(
      stub.arrived.map(({ method, path }) => `${method} ${path}`).toSorted(),
      ['1', '10', '60'].map((minutes) => `POST /schedules/${ROOT}-${minutes}`),
    )
    assert.deepEqual(
      bodies.map(({ ScheduleExpression }) => String(ScheduleExpression)).toSorted(),
      ['at(2026-11-26T10:31:15)', 'at(2026-11-26T10:40:15)', 'at(2026-11-26T11:30:15)'],
    )
    for (const body of bodies) {
      assert.equal(body.ActionAfterCompletion, 'DELETE')
      assert.deepEqual(body.FlexibleTimeWindow, { Mode: 'OFF' })
      assert.equal(body.Target.Arn, target.target)
      assert.equal(body.Target.RoleArn, target.role)
      assert.equal(body.GroupName, target.group)
      assert.deepEqual(JSON.parse(body.Target.Input), { check: ROOT })
    }
  })

  it('that is there already stays as it is', async () => {
    status = 409
    type = 'ConflictException'
    await plan.plan(ROOT, signal)
  })

  it('that is refused is told', async () => {
    status = 403
    type = 'AccessDeniedException'
    await assert.rejects(plan.plan(ROOT, signal), {
      code: 'queue_failed',
      message: /checks could not be scheduled/,
    })
  })
})

it('a pause that keeps nothing alive ends all the same', async () => {
  await systemClock.sleep(1, signal)
  const gone = new AbortController()
  const sleeping = systemClock.sleep(60_000, gone.signal, { keepsAlive: false })
  gone.abort(new Error('gone'))
  await assert.rejects(sleeping)
})
