// A finished series after the store let go of a part of it, as a bucket's lifecycle does: no link is dead, and the same
// root is made again.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { SeriesReply } from '../../lib/http/series-reply.ts'
import { blockKey, parseCid } from '../../lib/ipld/cid.ts'
import { recentStates } from '../../lib/jobs/series-jobs.ts'
import type { JsonObject } from '../../lib/model/json.ts'
import { recallSeries } from '../../lib/series.ts'
import { createSeriesRecords } from '../../lib/store/series-records.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { startGateway } from '../harness/gateway.ts'
import { type JobWorker, startWorker } from '../harness/job-worker.ts'
import { makeSeason, seasonZones } from '../harness/season.ts'
import { serveStac } from '../harness/stac-server.ts'
import { json, startSystem, type TestSystem } from '../harness/system.ts'

const SIDE = 60
const { signal } = new AbortController()

const folder = await mkdtemp(join(tmpdir(), 'season-'))
const blocks = new MemoryBlocks()
const gateway = await startGateway(blocks)
const plan = { side: SIDE, dates: ['2023-05-01', '2023-06-01'], joined: [] }
const { items } = await makeSeason(plan, blocks, folder)
const features = await seasonZones(SIDE, 3)
const api = await serveStac(() => items)
let system: TestSystem
let worker: JobWorker
let whole: SeriesReply
before(async () => {
  system = await startSystem({ IPFS_GATEWAYS: gateway.url, STAC_API_URL: api })
  worker = startWorker(system.services)
  whole = await made()
  assert.equal(whole.progress.failed, 0)
})
after(async () => {
  await worker.stop()
  await system.close()
  await gateway.close()
  await rm(folder, { recursive: true, force: true })
})

async function ask(): Promise<SeriesReply> {
  const body: JsonObject = { search: { collections: ['landsat-c2l2-sr'] }, features, mask: [] }
  const response = await fetch(`${system.base}/series`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })
  return json<SeriesReply>(response)
}

async function recalled(id: string): Promise<SeriesReply> {
  return json<SeriesReply>(await fetch(`${system.base}/series/${id}`))
}

/** Asked for, and waited for. */
async function made(): Promise<SeriesReply> {
  let reply = await ask()
  while (reply.status === 'running') {
    await new Promise((resolve) => setTimeout(resolve, 20))
    reply = await recalled(reply.id)
  }
  return reply
}

async function expire(...cids: readonly string[]): Promise<void> {
  for (const cid of cids) {
    const parsed = parseCid(cid)
    await rm(join(system.dataDir, 'blocks', blockKey(parsed)))
    const isHere = await system.services.store.has(parsed, signal)
    assert.equal(isHere, false, cid)
  }
}

async function requireWhole(reply: SeriesReply): Promise<void> {
  assert.equal(reply.root?.cid, whole.root?.cid)
  assert.deepEqual(reply.rows, whole.rows)
  assert.deepEqual(reply.assets, whole.assets)
  for (const { href, size } of Object.values(reply.assets)) {
    const file = await fetch(`${system.base}${new URL(href).pathname}`)
    assert.equal(file.status, 200, href)
    assert.equal((await file.arrayBuffer()).byteLength, size)
  }
}

describe('a finished series', () => {
  it('of which any one file has expired is packed again, and its links lead somewhere', async () => {
    const worked = worker.worked()
    const { root, assets } = whole
    for (const cid of [root?.cid ?? '', ...Object.values(assets).map((asset) => asset.cid)]) {
      await expire(cid)
      await requireWhole(await recalled(whole.id))
    }
    await expire(Object.values(assets)[0]?.cid ?? '')
    await requireWhole(await ask())
    assert.equal(worker.worked(), worked)
  })

  it('too long to be kept whole is packed again likewise', async () => {
    const { store, records } = system.services
    const isKept = async ({ root }: { readonly root: string }) => store.has(parseCid(root), signal)
    const series = createSeriesRecords(records, isKept, 1)
    const services = { ...system.services, series: { ...series, finished: async () => null } }
    for (const _ of ['kept by what it is made of', 'expired']) {
      const again = await recallSeries(whole.id, services, signal)
      assert.equal(again?.root, whole.root?.cid)
      assert.ok(await store.has(parseCid(again?.root ?? ''), signal))
      await expire(again?.root ?? '')
    }
    await requireWhole(await recalled(whole.id))
  })

  it('was asked about while it ran without reading again what was counted, for a while', async () => {
    const { series, jobs, zonesResults } = system.services
    const { groups = [] } = (await series.get(whole.id, signal)) ?? {}
    let reads = 0
    let now = Date.now()
    const counted = {
      jobs: {
        ...jobs,
        get: (...asked: Parameters<typeof jobs.get>) => (reads++, jobs.get(...asked)),
      },
      zonesResults: {
        ...zonesResults,
        get: (...asked: Parameters<typeof zonesResults.get>) => (
          reads++, zonesResults.get(...asked)
        ),
      },
      clock: { ...system.services.clock, now: () => now },
    }
    const services = { ...system.services, ...counted }
    const first = await recentStates(groups, services, signal)
    assert.deepEqual([reads, first.isRemembered], [2 * groups.length, false])
    assert.deepEqual(await recentStates(groups, services, signal), { ...first, isRemembered: true })
    assert.equal(reads, 2 * groups.length)
    now += 11 * 60_000
    assert.deepEqual(await recentStates(groups, services, signal), first)
    assert.equal(reads, 4 * groups.length)
  })

  it('of which nothing is left but its record says so, and is counted again when it is asked for', async () => {
    const [first] = Object.values(whole.assets)
    await expire(first?.cid ?? '', ...new Set(whole.rows.map((row) => row.root ?? '')))
    const left = await recalled(whole.id)
    assert.deepEqual([left.root, left.assets], [null, {}])
    assert.deepEqual([...new Set(left.rows.map(({ problem }) => problem?.code))], ['store_failed'])
    const worked = worker.worked()
    await requireWhole(await made())
    assert.equal(worker.worked(), worked + plan.dates.length)
  })
})
