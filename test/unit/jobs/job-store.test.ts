// Records of jobs, over a disk and over S3: made once, changed by one at a time.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { takeLease } from '../../../lib/jobs/job.ts'
import { createJobs, type Jobs } from '../../../lib/jobs/job-store.ts'
import { createDiskStore } from '../../../lib/store/disk/disk.ts'
import type { ObjectStore } from '../../../lib/store/objects.ts'
import { createRecordStore } from '../../../lib/store/records.ts'
import { createS3Store, type S3Store } from '../../../lib/store/s3/s3.ts'
import { plainRequest } from '../../harness/requests.ts'
import { type S3Stub, startS3Stub } from '../../harness/s3-stub.ts'
import { aJob, ID, NOW } from './a-job.ts'

const signal = new AbortController().signal
const folder = await mkdtemp(join(tmpdir(), 'greenprint-'))
after(() => rm(folder, { recursive: true, force: true }))

let stub: S3Stub
let s3: S3Store
before(async () => {
  stub = await startS3Stub()
  const { accessKeyId, secretAccessKey, region } = stub.account
  const credentials = { accessKeyId, secretAccessKey }
  s3 = createS3Store({
    bucket: stub.bucket,
    prefix: '',
    region,
    endpoint: stub.endpoint,
    credentials,
  })
})
after(async () => {
  await s3.close()
  await stub.stop()
})

const stores: Record<string, () => ObjectStore> = {
  disk: () => createDiskStore(folder),
  S3: () => s3,
}
let count = 0
const freshId = () => (++count).toString(16).padStart(64, '0')

for (const [name, open] of Object.entries(stores)) {
  describe(`records of jobs, ${name}`, () => {
    let jobs: Jobs
    before(() => {
      jobs = createJobs(createRecordStore(open()))
    })

    it('come back as they were made, and are made once', async () => {
      const job = aJob({ id: freshId() })
      assert.equal(await jobs.get(job.id, signal), null)
      assert.equal(await jobs.create(job, signal), true)
      assert.equal(await jobs.create({ ...job, attempts: 9 }, signal), false)
      assert.deepEqual(await jobs.get(job.id, signal), job)
    })

    it('of many that take a lease at once, one has it', async () => {
      const job = aJob({ id: freshId() })
      await jobs.create(job, signal)
      const takers = Array.from({ length: 8 }, () =>
        jobs.amend(job.id, (now) => takeLease(now, 1, NOW), signal),
      )
      const taken = (await Promise.all(takers)).filter((amended) => amended?.after)
      assert.equal(taken.length, 1)
      assert.equal((await jobs.get(job.id, signal))?.attempts, 1)
    })

    it('of many changes at once, none is lost', async () => {
      const job = aJob({ id: freshId() })
      await jobs.create(job, signal)
      const changes = Array.from({ length: 6 }, () =>
        jobs.amend(job.id, (now) => ({ ...now, attempts: now.attempts + 1 }), signal),
      )
      await Promise.all(changes)
      assert.equal((await jobs.get(job.id, signal))?.attempts, 6)
    })

    it('are not there to be changed before they are made, and stay when the change is declined', async () => {
      const job = aJob({ id: freshId() })
      assert.equal(await jobs.amend(job.id, (now) => now, signal), null)
      await jobs.create(job, signal)
      const amended = await jobs.amend(job.id, () => null, signal)
      assert.deepEqual(amended, { before: job, after: null })
    })
  })
}

describe('the id of a job', () => {
  it('is a hash: nothing else is looked up', async () => {
    const jobs = createJobs(createRecordStore(createDiskStore(folder)))
    for (const id of ['', '..', '../results/x', ID.toUpperCase(), `${ID}0`, 'a b']) {
      assert.equal(await jobs.get(id, signal), null, id)
      assert.equal(await jobs.amend(id, (job) => job, signal), null, id)
    }
  })
})

describe('a job’s record', () => {
  it('from before orders is read as one, and written anew with the next change', async () => {
    const records = createRecordStore(createDiskStore(folder))
    const jobs = createJobs(records)
    const request = { item: { type: 'Feature', id: 'scene' }, ...plainRequest }
    const resolved = {
      href: 'https://stac.example/scene',
      chosen: 'The item was given by its address.',
    }
    const { order: _order, ...state } = aJob({ attempts: 1 })
    for (const [extra, order] of [
      [{ pin: false }, { request, pin: false }],
      [
        { pin: true, by: 'alice', resolved },
        { request, pin: true, by: 'alice', resolved },
      ],
    ] as const) {
      const id = freshId()
      await records.put(`jobs/${id}`, { ...state, id, request: { ...request, ...extra } }, signal)
      const expected = aJob({ id, attempts: 1, order })
      assert.deepEqual(await jobs.get(id, signal), expected)
      await jobs.amend(id, (job) => ({ ...job, attempts: 2 }), signal)
      assert.deepEqual(await records.get(`jobs/${id}`, signal), { ...expected, attempts: 2 })
    }
  })

  it('that is no job is a damaged one', async () => {
    const records = createRecordStore(createDiskStore(folder))
    const id = freshId()
    await records.put(`jobs/${id}`, { id }, signal)
    await assert.rejects(createJobs(records).get(id, signal), { code: 'store_failed' })
  })

  it('in a store that does not compare is given up, not tried for ever', async () => {
    const records = createRecordStore(createDiskStore(folder))
    const id = freshId()
    await createJobs(records).create(aJob({ id }), signal)
    let tries = 0
    const jobs = createJobs({
      ...records,
      putIf: async () => {
        tries += 1
        return false
      },
    })
    await assert.rejects(
      jobs.amend(id, (job) => job, signal),
      /changed by others 50 times in a row/,
    )
    assert.equal(tries, 50)
  })
})
