// DELETE /jobs/{id}: who may end a job, and what is told of it.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fail, type Job, newJob, takeLease } from '../../../lib/jobs/job.ts'
import { sampleRequest } from '../../../lib/sample/sample.ts'
import { startApp } from './app-under-test.ts'

const local = await startApp()
const guarded = await startApp({
  AWS_LAMBDA_FUNCTION_NAME: 'greenprint-api',
  API_TOKENS: 'ci:0123456789abcdef',
  QUEUE_URL: 'http://127.0.0.1:9/1/jobs',
})
const signal = new AbortController().signal
const NOW = Date.now()
let count = 0
const freshId = () => (++count).toString(16).padStart(64, '0')

async function put(changes: (job: Job) => Job): Promise<string> {
  const job = changes(newJob(freshId(), { request: await sampleRequest(), pin: true }, false, NOW))
  await local.services.jobs.create(job, signal)
  return job.id
}

describe('DELETE /jobs/{id}', () => {
  const end = async (id: string) => {
    const response = await local.ask(`/jobs/${id}`, { method: 'DELETE' })
    return { status: response.status, body: JSON.parse(await response.text()) }
  }

  it('ends a job that runs', async () => {
    const id = await put((job) => takeLease(job, 1, NOW) ?? job)
    const { status, body } = await end(id)
    assert.deepEqual([status, body.status, body.progress], [200, 'dismissed', null])
    const told = await local.ask(`/jobs/${id}`)
    assert.match(await told.text(), /"status":"dismissed"/)
  })

  it('leaves one that somebody else waits for', async () => {
    const id = await put((job) => ({ ...job, awaited: true }))
    assert.equal((await end(id)).body.status, 'accepted')
  })

  it('leaves one that has failed', async () => {
    const reason = { code: 'item_unreachable', message: 'Nobody answers.', details: [] } as const
    const id = await put((job) => fail(job, reason, NOW))
    assert.equal((await end(id)).body.status, 'failed')
  })

  it('knows of no other', async () => {
    assert.deepEqual((await end(freshId())).body.code, 'not_found')
  })

  it('wants a token where jobs do', async () => {
    const response = await guarded.ask(`/jobs/${freshId()}`, { method: 'DELETE' })
    assert.equal(response.status, 401)
  })
})
