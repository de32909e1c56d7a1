// From our own store to the publishers: what is whole goes out, what is lost or too large is told.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemClock } from '../../../lib/async/clock.ts'
import { blockKey, parseCid } from '../../../lib/ipld/cid.ts'
import { createContentStore } from '../../../lib/kept/content-store.ts'
import type { NdviResult } from '../../../lib/model/result.ts'
import { StatisticsBuilder } from '../../../lib/pixels/statistics.ts'
import { packDirectory } from '../../../lib/publish/directory.ts'
import { createPublications } from '../../../lib/publish/publications.ts'
import { type Publishing, publishResult, recall } from '../../../lib/publish/publish-result.ts'
import type { Publisher } from '../../../lib/publish/publisher.ts'
import type { Results } from '../../../lib/publish/results.ts'
import { readContent } from '../../../lib/store/file-content.ts'
import { createRecordStore } from '../../../lib/store/records.ts'
import { createMemoryStore, type MemoryStore } from '../../harness/memory-store.ts'
import { sampleFiles } from './sample-files.ts'

const signal = new AbortController().signal
const objects = createMemoryStore()
const { root, assets } = await packDirectory(
  sampleFiles(),
  createContentStore(objects),
  'made',
  signal,
)
const one = { scale: 1, offset: 0 }

const result: NdviResult = {
  id: 'a-result',
  cached: false,
  item: { id: 'scene', collection: null, datetime: null, href: null, chosen: 'given' },
  statistics: new StatisticsBuilder().finish(),
  grid: { crs: null, transform: [1, 0, 0, 0, -1, 0], shape: [1, 1], level: 0 },
  radiometry: { applied: 'none', red: one, nir: one, reason: '' },
  mask: [],
  root: root.toString(),
  assets,
  publications: [],
  proof: { software: 'greenprint 0.1.0', trust: 'cid', bands: {} },
  warnings: ['an earlier one'],
}

/** What is known by whatever id. */
const results: Results = {
  get: async () => result,
  offer: async () => undefined,
  put: async () => undefined,
}

function services(known: MemoryStore = objects): Publishing & { readonly asked: string[] } {
  const asked: string[] = []
  const publisher: Publisher = {
    name: 'a',
    publish: async (upload) => {
      asked.push(upload.root.toString())
      return { status: 'held' }
    },
  }
  return {
    asked,
    store: createContentStore(known),
    publications: createPublications(createRecordStore(createMemoryStore()), systemClock),
    checkPlan: null,
    published: { note: async () => undefined },
    publishers: [publisher],
    publishMinimum: 1,
  }
}

function without(lost: string): MemoryStore {
  const others = createMemoryStore()
  for (const [key, body] of objects.objects) if (key !== lost) others.objects.set(key, body)
  assert.equal(others.objects.size, objects.objects.size - 1, lost)
  return others
}

describe('a result that is kept', () => {
  it('goes to the publishers from the store, once', async () => {
    const given = services()
    for (let time = 0; time < 2; time++) {
      const { publications, warnings } = await publishResult(result, {}, given, signal)
      assert.deepEqual(
        publications.map(({ service, status }) => [service, status]),
        [['a', 'held']],
      )
      assert.deepEqual(warnings, ['an earlier one'])
    }
    assert.deepEqual(given.asked, [root.toString()])
  })

  it('that enough services hold is answered from its record: no block is read, nothing is written', async () => {
    const given = services()
    await publishResult(result, {}, given, signal)
    const fail = () => assert.fail('there is nothing to do')
    const resting: Publishing = {
      ...given,
      store: { ...given.store, get: fail, put: fail },
      publications: { ...given.publications, merge: fail, mergeChecks: fail },
      published: { note: fail },
      publishers: [{ name: 'a', publish: fail }],
    }
    const known = await recall('a-result', { pin: true, by: 'alice' }, results, resting, signal)
    assert.deepEqual(
      known?.publications.map(({ service, status }) => [service, status]),
      [['a', 'held']],
    )
  })

  it('that turns out to be damaged while it is sent is computed anew, unless somebody holds it', async () => {
    const key = `files/${assets['cog']?.cid}`
    const damaged = without(key)
    const bytes = objects.objects.get(key)
    assert.ok(bytes !== undefined)
    damaged.objects.set(key, bytes.with(2_097_500, 1))
    const reads: Publisher = {
      name: 'b',
      async publish({ car }, stop) {
        await readContent(car, stop)
        return { status: 'held' }
      },
    }
    const [holder] = services().publishers
    assert.ok(holder !== undefined)
    const alone = { ...services(damaged), publishers: [reads] }
    assert.equal(await recall('a-result', { pin: true }, results, alone, signal), null)
    await assert.rejects(publishResult(result, {}, alone, signal), { code: 'store_failed' })
    const both = { ...services(damaged), publishers: [reads, holder] }
    const told = await recall('a-result', { pin: true }, results, both, signal)
    const outcomes = told?.publications.map(({ service, status }) => [service, status])
    assert.deepEqual(outcomes, [
      ['b', 'failed'],
      ['a', 'held'],
    ])
  })

  it('is looked for once by all who ask at the same time, and anew by who asks later', async () => {
    let looks = 0
    const counted: Results = {
      ...results,
      get: async () => {
        looks++
        return result
      },
    }
    const ask = () => recall('a-result', { pin: false }, counted, services(), signal)
    const told = await Promise.all(Array.from({ length: 50 }, ask))
    assert.deepEqual([looks, told.at(-1)?.root], [1, root.toString()])
    await ask()
    assert.equal(looks, 2)
  })

  it('is computed anew when a block is gone, or refused when that was only just put there', async () => {
    const figure = `blocks/${blockKey(parseCid(assets['figure']?.cid ?? ''))}`
    for (const lost of [figure, `files/${assets['cog']?.cid}`]) {
      const shared = services(without(lost))
      assert.equal(await recall('a-result', { pin: false }, results, shared, signal), null, lost)
      assert.equal(await recall('a-result', { pin: true }, results, shared, signal), null, lost)
    }
    const given = services(without(`blocks/${blockKey(root)}`))
    assert.equal(await recall('a-result', { pin: true }, results, given, signal), null)
    assert.equal(await recall('a-result', { pin: false }, results, given, signal), null)
    await assert.rejects(publishResult(result, {}, given, signal), { code: 'store_failed' })
    assert.deepEqual(given.asked, [])
  })
})
