// Jobs over HTTP: who may ask, what a job tells of itself, and what is offered where time was up.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { GreenprintError } from '../../../lib/errors.ts'
import { offerJob, prefersAsync } from '../../../lib/http/as-job.ts'
import { problemOf as describeProblem, type Problem } from '../../../lib/http/problem.ts'
import { fail, type Job, knownJob, newJob, takeLease } from '../../../lib/jobs/job.ts'
import { sampleItem, sampleRequest } from '../../../lib/sample/sample.ts'
import { serve } from '../net/loopback.ts'
import { problemOf, startApp } from './app-under-test.ts'

const TOKEN = '0123456789abcdef'
const lambda = { AWS_LAMBDA_FUNCTION_NAME: 'greenprint-api' }
const withToken = { authorization: `Bearer ${TOKEN}` }
const asJob = { prefer: 'respond-async' }

const local = await startApp()
const closed = await startApp({ ...lambda, QUEUE_URL: 'https://queue.example/1/jobs' })
const guarded = await startApp({
  ...lambda,
  API_TOKENS: `ci:${TOKEN}`,
  QUEUE_URL: 'http://127.0.0.1:9/1/jobs',
})
const queueless = await startApp({ ...lambda, API_TOKENS: `ci:${TOKEN}` })
const item = await sampleItem()
const signal = new AbortController().signal
const NOW = Date.now()
let count = 0
const freshId = () => (++count).toString(16).padStart(64, '0')

const post = (headers: Record<string, string>, fields: object = {}) =>
  ({
    method: 'POST',
    headers,
    body: JSON.stringify({ item, max_size: 100, outputs: ['item'], ...fields }),
  }) satisfies RequestInit

async function put(changes: (job: Job) => Job): Promise<string> {
  const job = changes(newJob(freshId(), { request: await sampleRequest(), pin: true }, false, NOW))
  await local.services.jobs.create(job, signal)
  return job.id
}
const told = async (id: string) => {
  const response = await local.ask(`/jobs/${id}`)
  assert.equal(response.status, 200)
  return { response, body: JSON.parse(await response.text()) }
}

describe('Prefer', () => {
  const rows: [string | undefined, boolean][] = [
    [undefined, false],
    ['', false],
    ['respond-async', true],
    ['Respond-Async', true],
    ['wait=10, respond-async', true],
    ['respond-async; foo=bar', true],
    ['respond-async-later', false],
    ['return=minimal', false],
    ['x="respond-async"', false],
  ]
  for (const [header, expected] of rows) {
    it(`${header} is ${expected ? '' : 'not '}for a job`, () =>
      assert.equal(prefersAsync(header), expected))
  }
})

describe('a request that would rather be a job', () => {
  it('is accepted, by POST and by GET, with the job’s address', async () => {
    const query = `item=${encodeURIComponent(JSON.stringify(item))}&max_size=100&outputs=item`
    for (const response of [
      await local.ask('/ndvi', post(asJob)),
      await local.ask(`/ndvi?${query}`, { headers: asJob }),
    ]) {
      assert.equal(response.status, 202)
      assert.equal(response.headers.get('preference-applied'), 'respond-async')
      assert.equal(response.headers.get('cache-control'), 'no-store')
      const { id, status, links } = JSON.parse(await response.text())
      assert.equal(response.headers.get('location'), `/jobs/${id}`)
      assert.equal(status, 'accepted')
      assert.deepEqual(links, [{ rel: 'self', href: `https://ndvi.example/jobs/${id}` }])
      const { body } = await told(id)
      assert.equal(body.status, 'accepted')
    }
  })

  it('of a scene that cannot be used is refused at once', async () => {
    const response = await local.ask('/ndvi', post(asJob, { item: { type: 'Collection' } }))
    assert.equal((await problemOf(response)).code, 'item_invalid')
  })

  it('is answered at once where there is no queue: it is a preference', async () => {
    const fields = { item: { type: 'Collection' } }
    const response = await queueless.ask('/ndvi', post({ ...asJob, ...withToken }, fields))
    assert.equal(response.headers.get('preference-applied'), null)
    assert.equal((await problemOf(response)).code, 'item_invalid')
  })

  it('whose queue fails is told so, without its address', async () => {
    const response = await guarded.ask('/ndvi', post({ ...asJob, ...withToken }))
    const problem = await problemOf(response)
    assert.deepEqual([problem.status, problem.code], [500, 'queue_failed'])
    assert.match(problem.detail, /^The queue jobs did not take the request/)
  })
})

describe('jobs on Lambda', () => {
  it('are 403 where no token is set, and 401 without one', async () => {
    for (const [app, code] of [
      [closed, 'publishing_disabled'],
      [guarded, 'unauthorized'],
    ] as const) {
      for (const response of [
        await app.ask('/ndvi', post(asJob, { pin: false })),
        await app.ask(`/jobs/${freshId()}`),
      ]) {
        const problem = await problemOf(response)
        assert.equal(problem.code, code)
        assert.match(problem.detail, /^Jobs /)
      }
    }
  })

  it('are told to who has a token', async () => {
    const response = await guarded.ask(`/jobs/${freshId()}`, { headers: withToken })
    assert.equal((await problemOf(response)).code, 'not_found')
  })
})

describe('a job tells', () => {
  it('404 where there is none', async () => {
    for (const id of [freshId(), 'nonsense', '..%2f..%2fetc']) {
      const problem = await problemOf(await local.ask(`/jobs/${id}`))
      assert.deepEqual([problem.status, problem.code], [404, 'not_found'])
    }
  })

  it('how far it is while it runs, and when to look again', async () => {
    const progress = { step: 'ndvi', share: 0.5 } as const
    const id = await put((job) => {
      const taken = takeLease(job, 1, NOW)
      assert.ok(taken)
      return { ...taken, progress }
    })
    const { response, body } = await told(id)
    assert.equal(response.headers.get('retry-after'), '5')
    assert.deepEqual(body, {
      id,
      status: 'running',
      created: new Date(NOW).toISOString(),
      updated: new Date(NOW).toISOString(),
      progress,
      links: [{ rel: 'self', href: `https://ndvi.example/jobs/${id}` }],
    })
  })

  it('why it failed, as the problem that it would have been', async () => {
    const reason = { code: 'outside_scene', message: 'Elsewhere.', details: ['a'] } as const
    const { body, response } = await told(await put((job) => fail(job, reason, NOW)))
    assert.equal(body.status, 'failed')
    assert.equal(response.headers.get('retry-after'), null)
    const { status, code, detail, details } = body.error
    assert.deepEqual([status, code, detail, details], [422, 'outside_scene', 'Elsewhere.', ['a']])
  })

  it('nothing of a mistake of ours', async () => {
    const reason = { code: 'internal', message: 'secret', details: [] } as const
    const { body } = await told(await put((job) => fail(job, reason, NOW)))
    assert.equal(body.error.code, 'internal')
    assert.doesNotMatch(JSON.stringify(body), /secret/)
  })

  it('that it has failed when nobody works on it any more', async () => {
    const { body } = await told(await put((job) => takeLease(job, 5, NOW - 3_600_000) ?? job))
    assert.deepEqual([body.status, body.error.code], ['failed', 'deadline_exceeded'])
  })

  it('what the job of its scene does, where it leads to that', async () => {
    const other = await put((job) => takeLease(job, 1, NOW) ?? job)
    const id = await put((job) => ({ ...job, status: 'successful', continues_as: other }))
    const { body } = await told(id)
    assert.deepEqual([body.id, body.status], [id, 'running'])
  })

  it('that it is done though its result is gone again', async () => {
    const id = await put((job) => knownJob(job.id, job.order, NOW))
    const { body } = await told(id)
    assert.deepEqual([body.status, body.result], ['successful', undefined])
  })
})

describe('where time was up', () => {
  const bindings = { lambdaContext: { getRemainingTimeInMillis: () => 1_080 } }
  const slow = async (app: typeof local, headers: Record<string, string> = {}) => {
    const origin = await serve(() => undefined)
    const path = `/ndvi?item=${encodeURIComponent(`${origin}/item.json`)}`
    return problemOf(await app.ask(path, { headers }, bindings))
  }

  it('the work goes on as a job', async () => {
    const problem = await slow(local)
    assert.deepEqual([problem.status, problem.code], [504, 'deadline_exceeded'])
    assert.match(problem.detail, /Or follow its job, which continues the work\.$/)
    const id = problem.job?.id ?? ''
    assert.equal(problem.job?.href, `https://ndvi.example/jobs/${id}`)
    assert.equal((await told(id)).body.status, 'accepted')
    assert.equal((await local.services.jobs.get(id, signal))?.order.resolved, undefined)
  })

  const late = new GreenprintError('deadline_exceeded', 'Time is up.', { details: ['a: slow'] })
  const offer = async (error: unknown, app: typeof local, authorization?: string) => {
    const order = { request: await sampleRequest(), pin: true }
    const { services, config } = app
    return offerJob(error, order, authorization, services, config, 'https://ndvi.example')
  }

  it('it is told how to ask for a job, with a token where one is missing', async () => {
    const strange = problemIn(await offer(late, guarded))
    assert.match(strange.detail, /Or send it with "Prefer: respond-async" and a token to get a job/)
    assert.deepEqual(strange.details, ['a: slow'])
    // The queue of this one cannot be reached.
    const failing = problemIn(await offer(late, guarded, withToken.authorization))
    assert.match(failing.detail, /Or send it with "Prefer: respond-async" to get a job/)
    assert.equal(failing.job, undefined)
  })

  it('nothing is offered where there are no jobs, nor for another fault', async () => {
    assert.equal(await offer(late, closed), late)
    assert.equal(await offer(late, queueless, withToken.authorization), late)
    const fault = new GreenprintError('store_failed', 'No.')
    assert.equal(await offer(fault, local), fault)
  })
})

function problemIn(error: unknown): Problem {
  assert.ok(error instanceof GreenprintError)
  assert.equal(error.code, 'deadline_exceeded')
  return describeProblem(error)
}
