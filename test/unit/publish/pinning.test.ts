// What IPFS Cluster and the Pinning Service API have of their own: pins that take their time.

import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { systemClock } from '../../../lib/async/clock.ts'
import { createHttp } from '../../../lib/net/http.ts'
import { createClusterPublisher } from '../../../lib/publish/cluster.ts'
import { createPsaPublisher } from '../../../lib/publish/psa.ts'
import { fakeKey, startFakeCluster, startFakePsa } from '../../harness/publishing-fakes.ts'
import { type StubAnswer } from '../../harness/stub-service.ts'
import { sampleFiles, uploadOf } from './sample-files.ts'

const signal = new AbortController().signal
const upload = await uploadOf(sampleFiles())
const root = upload.root.toString()
const other = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi'
const http = createHttp({ allowedHosts: [], allowPrivate: false })
const times = { callMs: 2_000, mebibyteMs: 50, pauseMs: 5 }
const fails = (message: RegExp) => ({ code: 'publishing_failed', message })

describe('an IPFS Cluster', async () => {
  const { service } = await startFakeCluster()
  after(() => service.stop())
  const publish = () =>
    createClusterPublisher(
      { url: service.url, auth: `user:${fakeKey}` },
      http,
      systemClock,
      times,
    ).publish(upload, signal)
  const pins = (...statuses: readonly string[]): StubAnswer => ({
    body: {
      cid: root,
      peer_map: Object.fromEntries(
        statuses.map((status, at) => [
          `p${at}`,
          { status, error: status === 'pin_error' ? 'disk full' : '' },
        ]),
      ),
    },
  })
  const factor = (least: number): StubAnswer => ({ body: { replication_factor_min: least } })
  const added: StubAnswer = { body: `${JSON.stringify({ name: '', cid: root })}\n` }

  const rows: readonly (readonly [string, StubAnswer, readonly string[], string])[] = [
    ['every peer that is wanted', factor(2), ['pinned', 'pinned', 'remote'], 'held'],
    ['one peer where two are wanted', factor(2), ['pinned', 'pinning'], 'unproven'],
    ['all peers where all are wanted', factor(-1), ['pinned', 'pinned'], 'held'],
    ['one of all peers', factor(-1), ['pinned', 'pin_queued'], 'unproven'],
    ['no peer', factor(1), ['pin_error', 'remote'], 'unproven'],
  ]
  for (const [name, wanted, statuses, expected] of rows) {
    it(`that has pinned it on ${name} is ${expected}`, async () => {
      service.ills.push(pins('unpinned'), added, wanted)
      for (let look = 0; look < 5; look++) service.ills.push(pins(...statuses))
      const receipt = await publish()
      service.ills.length = 0
      assert.equal(receipt.status, expected)
      if (statuses.includes('pin_error'))
        assert.match(JSON.stringify(receipt), /pin_error: disk full/)
    })
  }

  it('that imported another root, or broke off, has failed', async () => {
    service.ills.push(pins('unpinned'), { body: `${JSON.stringify({ cid: other })}\n` })
    await assert.rejects(publish(), fails(/imported .* instead of/))
    service.ills.push(pins('unpinned'), { ...added, trailers: { 'X-Stream-Error': 'no peers' } })
    await assert.rejects(publish(), fails(/broke off the import: no peers/))
  })

  it('whose answer to the upload is cut is sent it again', async () => {
    service.ills.push(pins('unpinned'), 'cut')
    assert.deepEqual(await publish(), { status: 'held' })
  })

  it('takes a token instead of a password', async () => {
    const publisher = createClusterPublisher(
      { url: service.url, auth: 'a.b.c' },
      http,
      systemClock,
      times,
    )
    await assert.rejects(publisher.publish(upload, signal), fails(/CLUSTER_AUTH \(HTTP 401\)/))
    assert.equal(service.requests.at(-1)?.headers.authorization, 'Bearer a.b.c')
  })
})

describe('a pinning service', async () => {
  const { service, pins } = await startFakePsa()
  after(() => service.stop())
  const publish = () =>
    createPsaPublisher({ url: service.url, token: fakeKey }, http, systemClock, times).publish(
      upload,
      signal,
    )
  const pin = (status: string, cid = root, more = {}) => ({
    body: { requestid: 'r-1', status, pin: { cid }, delegates: [], ...more },
  })
  const listed = (...found: readonly ReturnType<typeof pin>[]) => ({
    body: { count: found.length, results: found.map(({ body }) => body) },
  })

  it('is asked for what it has before it is asked to pin', async () => {
    assert.deepEqual(await publish(), { status: 'held' })
    const [first, second] = service.asked
    assert.match(first ?? '', /^GET \/pins\?cid=bafy.*status=queued,pinning,pinned/)
    assert.equal(second, 'POST /pins')
    assert.equal(pins.size, 1)
  })

  it('that is still fetching is queued, never held, and told by its request', async () => {
    service.ills.push(listed(), pin('queued'), ...Array.from({ length: 4 }, () => pin('pinning')))
    const receipt = await publish()
    assert.deepEqual(receipt, {
      status: 'queued',
      request: 'r-1',
      reason: 'the service fetches it (pinning); its request is r-1',
    })
  })

  it('that could not pin has failed, with its reason', async () => {
    const info = { info: { status_details: 'no provider found' } }
    service.ills.push(listed(), pin('failed', root, info))
    await assert.rejects(publish(), fails(/could not pin it: no provider found/))
  })

  it('that answers about something else is not believed', async () => {
    service.ills.push(listed(pin('pinned', other)), pin('pinned', other))
    await assert.rejects(publish(), fails(/did not take the request/))
    service.ills.push({ body: [] }, { body: 'null' })
    await assert.rejects(publish(), fails(/did not take the request/))
  })

  it('that tells of another pin later has told nothing of ours', async () => {
    const others = Array.from({ length: 4 }, () => pin('pinned', other))
    service.ills.push(listed(), pin('queued'), ...others)
    assert.equal((await publish()).status, 'queued')
  })

  it('is not asked twice to pin when its answer is lost', async () => {
    service.ills.push(listed(), 'reset')
    const before = service.asked.length
    await assert.rejects(publish(), fails(/could not be reached/))
    assert.equal(service.asked.slice(before).filter((line) => line === 'POST /pins').length, 1)
  })
})
