// A start on the store that version 0.1.0 left: its records are read, and none of its numbers answers a request of now.

import assert from 'node:assert/strict'
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { readConfig } from '../../lib/config/config.ts'
import { GreenprintError } from '../../lib/errors.ts'
import type { JobReply } from '../../lib/http/jobs.ts'
import { workJob } from '../../lib/jobs/run-job.ts'
import { softwareLine } from '../../lib/software.ts'
import { createWork } from '../../lib/worker.ts'
import { json, startSystem } from '../harness/system.ts'

const old = fileURLToPath(new URL('../fixtures/stores/0.1.0', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'greenprint-'))
after(() => rm(folder, { recursive: true, force: true }))
await cp(old, folder, { recursive: true })
const system = await startSystem({
  DATA_DIR: folder,
  PUBLISHERS: 'local',
  IPFS_GATEWAYS: 'http://127.0.0.1:9',
  ALLOW_PRIVATE_HOSTS: 'true',
})
after(() => system.close())
const { signal } = new AbortController()

const [resultFile = ''] = await readdir(join(old, 'results'))
const record = JSON.parse(await readFile(join(old, 'results', resultFile), 'utf8'))
const jobs = await Promise.all(
  (await readdir(join(old, 'jobs'))).map(async (name) =>
    JSON.parse(await readFile(join(old, 'jobs', name), 'utf8')),
  ),
)
const done = jobs.find(({ status }) => status === 'successful')
const interrupted = jobs.find(({ status }) => status === 'running')

describe('a store written by 0.1.0', () => {
  it('was written by 0.1.0, and is read by a later version', () => {
    assert.equal(record.proof.software, 'greenprint 0.1.0')
    assert.notEqual(softwareLine, record.proof.software)
  })

  it('still gives its results by id, their publications by root and their files by CID', async () => {
    const result = await system.services.results.get(record.id, signal)
    assert.equal(result?.root, record.root)
    assert.equal(result?.statistics.mean, record.statistics.mean)
    const published = await system.services.publications.get(record.root, signal)
    const publication = published?.publications[0]
    assert.deepEqual(publication, { service: 'local', status: 'held', cid: record.root })
    for (const { producer_checksum } of Object.values(result?.proof.bands ?? {}))
      assert.deepEqual(producer_checksum, { status: 'verified' })
    const item = await fetch(`${system.base}/ipfs/${record.root}/item.json`)
    const { properties } = await json<{ properties: Record<string, unknown> }>(item)
    assert.deepEqual(properties['processing:software'], { greenprint: '0.1.0' })
  })

  it('still tells what became of its jobs', async () => {
    const told = await json<JobReply>(await fetch(`${system.base}/jobs/${done.id}`))
    assert.equal(told.status, 'successful')
    assert.equal(told.result?.root.cid, record.root)
    assert.equal(told.result?.proof.software, 'greenprint 0.1.0')
    const unfinished = await fetch(`${system.base}/jobs/${interrupted.id}`)
    assert.equal(unfinished.status, 200)
  })

  it('never answers a request of now, though it is the very request that made it', async () => {
    const { pin: _pin, by: _by, resolved: _resolved, ...request } = done.request
    const first = await system.ndvi({ ...request, pin: false })
    assert.equal(first.cached, false)
    assert.notEqual(first.id, record.id)
    assert.notEqual(first.root.cid, record.root)
    assert.equal(first.proof.software, softwareLine)
    const again = await system.ndvi({ ...request, pin: false })
    assert.equal(again.cached, true)
    assert.equal(again.id, first.id)
  })

  it('goes on with the jobs that were running, once their lease is over', async () => {
    const { services } = system
    const clock = { ...services.clock, now: () => interrupted.lease_until + 1000 }
    const work = { ...createWork(services, readConfig({})), clock }
    const delivery = { id: interrupted.id, receives: 2, hold: async () => undefined }
    const { outcome, error } = await workJob(delivery, work, { work: signal, end: signal })
    assert.equal(outcome, 'again')
    assert.ok(error instanceof GreenprintError)
    assert.equal(error.code, 'search_failed', error.message)
    const after = await services.jobs.get(interrupted.id, signal)
    assert.equal(after?.attempts, interrupted.attempts + 1)
  })
})
