// From a request to a job: its id, its record, its message, and what is done again after a fault.
// Long: every way in which a submission may go, on one set of services.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemClock } from '../../../lib/async/clock.ts'
import { GreenprintError } from '../../../lib/errors.ts'
import { createFingerprints } from '../../../lib/fingerprints/fingerprints.ts'
import { readFingerprintResult } from '../../../lib/fingerprints/result-record.ts'
import { RAW } from '../../../lib/ipld/cid.ts'
import { fail, takeLease } from '../../../lib/jobs/job.ts'
import { createJobs, isJobId } from '../../../lib/jobs/job-store.ts'
import { type JobServices, submitJob } from '../../../lib/jobs/submit.ts'
import { createBlockStore } from '../../../lib/kept/block-store.ts'
import { createContentStore } from '../../../lib/kept/content-store.ts'
import type { NdviOrder } from '../../../lib/model/request.ts'
import type { NdviResult } from '../../../lib/model/result.ts'
import { readJointResult } from '../../../lib/publish/joint-record.ts'
import { createPublications } from '../../../lib/publish/publications.ts'
import { createPublished } from '../../../lib/publish/published.ts'
import { createResults, createResultsOf } from '../../../lib/publish/results.ts'
import { readVerification } from '../../../lib/publish/verification-record.ts'
import { readZonesResult } from '../../../lib/publish/zones-record.ts'
import { sampleItem, sampleRequest } from '../../../lib/sample/sample.ts'
import { softwareLine } from '../../../lib/software.ts'
import type { Documents } from '../../../lib/stac/documents.ts'
import { chooseRules } from '../../../lib/steps/choose-rules.ts'
import { findScene } from '../../../lib/steps/find-scene.ts'
import { writeRecipe } from '../../../lib/steps/recipe.ts'
import { createDigestRecords } from '../../../lib/store/digest-records.ts'
import { createRecordStore } from '../../../lib/store/records.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'
import { createMemoryStore } from '../../harness/memory-store.ts'

const signal = new AbortController().signal
const item = await sampleItem()
const request = await sampleRequest()
const order: NdviOrder = { request, pin: false }
const { item: _item, ...asked } = request

/** Services over a store in memory, and the ids that were sent to the queue. */
function start(documents: Partial<Documents> = {}, changes: Partial<JobServices> = {}) {
  const objects = createMemoryStore()
  const records = createRecordStore(objects)
  const sent: string[] = []
  const silent = () => Promise.reject(new GreenprintError('item_unreachable', 'Nothing there.'))
  const services: JobServices = {
    jobs: createJobs(records),
    results: createResults(records),
    fingerprints: createFingerprints(objects, createBlockStore(objects)),
    openCopy: () => null,
    catalogUrl: null,
    fingerprintResults: createResultsOf(records, readFingerprintResult),
    verifications: createResultsOf(records, readVerification),
    zonesResults: createResultsOf(records, readZonesResult),
    jointResults: createResultsOf(records, readJointResult),
    inputs: createDigestRecords(records, 'series/inputs'),
    publications: createPublications(records, systemClock),
    checkPlan: null,
    published: createPublished(records, systemClock),
    store: createContentStore(objects),
    queue: { send: async ({ id }) => void sent.push(id), postpone: async () => undefined },
    clock: systemClock,
    documents: { json: silent, post: silent, ...documents },
    stacApiUrl: 'https://stac.example',
    resolveName: silent,
    publishers: [],
    publishMinimum: 1,
    ...changes,
  }
  const recipeId = async (wanted: NdviOrder) => {
    const { scene } = await findScene(wanted, services, signal)
    return writeRecipe(wanted.request, scene, chooseRules(scene, wanted.request), softwareLine).id
  }
  /** A result, as the pipeline leaves it. */
  const keep = async (id: string) => {
    const bytes = new TextEncoder().encode(`root of ${id}`)
    const root = cidOfBlock(RAW, bytes)
    await services.store.put(root, bytes, signal)
    const proof = { software: softwareLine, bands: {} }
    const result = { id, root: root.toString(), proof, assets: {}, publications: [] }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is read of it here
    await services.results.put(result as unknown as NdviResult, signal)
    return root.toString()
  }
  return { services, sent, objects, recipeId, keep }
}

describe('a submission', () => {
  it('is named after its result, with the request in its record and its id in the queue', async () => {
    const { services, sent, recipeId } = start()
    const submitted = await submitJob(order, services, signal)
    assert.deepEqual(submitted, { id: await recipeId(order), status: 'accepted' })
    assert.deepEqual(sent, [submitted.id])
    const job = await services.jobs.get(submitted.id, signal)
    assert.deepEqual(job?.order.request.item, item)
    assert.deepEqual([job?.status, job?.outcome], ['accepted', 'created'])
  })

  it('of an address or a search has its item inlined, and names the same result again', async () => {
    const href = 'https://stac.example/items/a.json'
    // Without a self link, and with an address that only its own makes whole.
    const bare = { ...item, links: [{ rel: 'via', href: './a.json' }] }
    const documents: Partial<Documents> = {
      json: async () => ({ value: bare, href }),
      post: async () => ({
        value: { type: 'FeatureCollection', features: [bare], links: [] },
        href: 'https://stac.example/search',
      }),
    }
    const { services, recipeId } = start(documents)
    for (const wanted of [
      { ...order, request: { ...asked, item: href } },
      { ...order, request: { ...asked, search: { collections: ['landsat-c2l2-sr'] } } },
    ]) {
      const { id } = await submitJob(wanted, services, signal)
      assert.equal(id, await recipeId(wanted))
      const job = await services.jobs.get(id, signal)
      assert.ok(job)
      assert.ok(job.order.kind === undefined)
      assert.equal(job.order.request.search, undefined)
      const lonely = { ...services, documents: start().services.documents }
      const found = await findScene(job.order, lonely, signal)
      const whole = await findScene(wanted, services, signal)
      assert.deepEqual(found, whole)
      assert.equal(await recipeId(job.order), id)
    }
  })

  it('whose result is known is successful at once, and nobody works on it', async () => {
    const { services, sent, recipeId, keep } = start()
    const id = await recipeId(order)
    await keep(id)
    assert.deepEqual(await submitJob(order, services, signal), { id, status: 'successful' })
    assert.deepEqual(sent, [])
    assert.equal((await services.jobs.get(id, signal))?.result, id)
  })

  it('to publish a known result is a job, until it is published', async () => {
    const publisher = { name: 's3', publish: () => Promise.reject(new Error('not here')) }
    const { services, sent, recipeId, keep } = start({}, { publishers: [publisher] })
    const id = await recipeId(order)
    const root = await keep(id)
    await submitJob(order, services, signal)
    const pinned = { ...order, pin: true }
    assert.equal((await submitJob(pinned, services, signal)).status, 'accepted')
    assert.deepEqual(sent, [id])
    assert.equal((await services.jobs.get(id, signal))?.outcome, 'updated')
    await services.publications.merge(root, [{ service: 's3', status: 'held', cid: root }], signal)
    const other = start(
      {},
      { ...services, jobs: createJobs(createRecordStore(createMemoryStore())) },
    )
    assert.equal((await submitJob(pinned, other.services, signal)).status, 'successful')
  })

  it('of a scene that cannot be used is refused, and leaves nothing', async () => {
    const { services, sent, objects } = start()
    const collection = { ...order, request: { ...asked, item: { type: 'Collection', id: 'c' } } }
    await assert.rejects(submitJob(collection, services, signal), { code: 'item_invalid' })
    assert.deepEqual([sent, [...objects.objects.keys()]], [[], []])
  })

  it('where there is no queue is refused', async () => {
    const { services } = start({}, { queue: null })
    await assert.rejects(submitJob(order, services, signal), { code: 'invalid_configuration' })
  })
})

describe('a submission again', () => {
  it('sends no second message while one is on its way: while it waits, is worked on, or its worker is dead', async () => {
    const { services, sent } = start()
    const { id } = await submitJob(order, services, signal)
    assert.equal((await submitJob(order, services, signal)).status, 'accepted')
    await services.jobs.amend(id, (job) => takeLease(job, 1, systemClock.now()), signal)
    assert.equal((await submitJob(order, services, signal)).status, 'running')
    const later = { ...systemClock, now: () => systemClock.now() + 3_600_000 }
    assert.equal((await submitJob(order, { ...services, clock: later }, signal)).status, 'running')
    assert.deepEqual(sent, [id])
  })

  it('sends one where nothing was seen of the first for longer than any pause', async () => {
    const { services, sent } = start()
    const { id } = await submitJob(order, services, signal)
    const later = { ...systemClock, now: () => systemClock.now() + 3 * 3_600_000 }
    await submitJob(order, { ...services, clock: later }, signal)
    assert.deepEqual(sent, [id, id])
  })

  it('of a job that failed sends one', async () => {
    const { services, sent } = start()
    const { id } = await submitJob(order, services, signal)
    const reason = { code: 'outside_scene', message: 'no', details: [] } as const
    await services.jobs.amend(id, (job) => fail(job, reason, systemClock.now()), signal)
    await submitJob(order, services, signal)
    assert.deepEqual(sent, [id, id])
  })

  it('after a queue that failed finds the record and sends the message', async () => {
    const refuse = () => Promise.reject(new GreenprintError('queue_failed', 'Not now.'))
    const { services, sent } = start()
    const failing = { ...services, queue: { send: refuse, postpone: refuse } }
    await assert.rejects(submitJob(order, failing, signal), { code: 'queue_failed' })
    const { id, status } = await submitJob(order, services, signal)
    assert.deepEqual([status, sent], ['accepted', [id]])
  })

  it('does not begin anew what another has finished since it was looked at', async () => {
    const publisher = { name: 's3', publish: () => Promise.reject(new Error('not here')) }
    const { services, sent, recipeId, keep } = start({}, { publishers: [publisher] })
    const root = await keep(await recipeId(order))
    await submitJob(order, services, signal)
    const before = services.jobs
    let looked = 0
    const jobs: typeof services.jobs = {
      ...services.jobs,
      async amend(id, change, stop) {
        looked += 1
        if (looked === 1) {
          const held = [{ service: 's3', status: 'held', cid: root }] as const
          await services.publications.merge(root, held, stop)
          await before.amend(id, (job) => ({ ...job, attempts: job.attempts + 1 }), stop)
        }
        return before.amend(id, change, stop)
      },
    }
    const pinned = { ...order, pin: true }
    const { status } = await submitJob(pinned, { ...services, jobs }, signal)
    assert.deepEqual([status, looked, sent], ['successful', 2, []])
  })

  it('of a job that failed begins it anew', async () => {
    const { services, sent } = start()
    const { id } = await submitJob(order, services, signal)
    const reason = { code: 'content_unavailable', message: 'Nobody has it.', details: [] } as const
    await services.jobs.amend(id, (job) => fail(job, reason, systemClock.now()), signal)
    assert.equal((await submitJob(order, services, signal)).status, 'accepted')
    assert.deepEqual(sent, [id, id])
    assert.equal((await services.jobs.get(id, signal))?.reason, null)
  })
})

describe('a request that is not resolved in time', () => {
  const hang: Documents['json'] = (_url, _headers, stop) =>
    new Promise((_, reject) => stop.addEventListener('abort', () => reject(stop.reason)))

  it('has a job of its own, named by the request, whether published or not', async () => {
    const { services, sent } = start({ json: hang })
    const wanted = { ...order, request: { ...asked, item: 'https://slow.example/item.json' } }
    const { id, status } = await submitJob(wanted, services, signal, 20)
    assert.ok(isJobId(id))
    assert.deepEqual([status, sent], ['accepted', [id]])
    const job = await services.jobs.get(id, signal)
    assert.deepEqual(job?.order, wanted)
    const unasked = await submitJob({ ...wanted, pin: true }, services, signal, 0)
    assert.equal(unasked.id, id)
    assert.equal((await services.jobs.get(id, signal))?.order.pin, true)
    const named = { ...wanted, by: 'alice' }
    assert.equal((await submitJob(named, services, signal, 0)).id, id)
    const masked: NdviOrder = { ...order, request: { ...wanted.request, mask: ['cloud'] } }
    assert.notEqual((await submitJob(masked, services, signal, 0)).id, id)
  })

  it('ends with its caller’s own reason when the caller leaves', async () => {
    const { services } = start({ json: hang })
    const reason = new Error('gone home')
    const leaving = new AbortController()
    setTimeout(() => leaving.abort(reason), 20)
    const wanted = { ...order, request: { ...asked, item: 'https://slow.example/item.json' } }
    await assert.rejects(submitJob(wanted, services, leaving.signal), reason)
  })
})
