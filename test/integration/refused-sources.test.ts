// Files and documents that no second attempt can read: a fault of who names them, told by its name, and no job is
// tried again for it.

import assert from 'node:assert/strict'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { readConfig } from '../../lib/config/config.ts'
import type { Problem } from '../../lib/http/problem.ts'
import { workJob } from '../../lib/jobs/run-job.ts'
import type { JsonObject } from '../../lib/model/json.ts'
import { createWork } from '../../lib/worker.ts'
import { MemoryBlocks, noise } from '../harness/blocks.ts'
import { startCopyHost } from '../harness/copy-host.ts'
import { startGateway } from '../harness/gateway.ts'
import { sceneFile } from '../harness/scenes.ts'
import { json, startSystem, type TestSystem } from '../harness/system.ts'

const host = await startCopyHost()
host.put('B04.tif', await sceneFile('s2-l2a-29RKH', 'red'))
host.put('noise.tif', noise(1024 * 1024, 1))
host.put('B08.tif', await sceneFile('s2-l2a-29RKH', 'nir08'))
/** Reads from anywhere; the other one from one host alone, where nothing of the items is. */
const open = await startSystem({ IPFS_GATEWAYS: 'http://127.0.0.1:9' })
const strict = await startSystem({
  IPFS_GATEWAYS: 'http://127.0.0.1:9',
  ALLOWED_HOSTS: 'files.example',
})
after(async () => {
  await open.close()
  await strict.close()
  await host.close()
})

function plainItem(red: JsonObject = {}, nir: JsonObject = {}): JsonObject {
  return {
    type: 'Feature',
    stac_version: '1.0.0',
    id: 'S2A_29RKH_20200219_0_L2A',
    collection: 'sentinel-2-c1-l2a',
    geometry: null,
    properties: { datetime: '2020-02-19T11:00:00Z', 's2:processing_baseline': '02.14' },
    assets: {
      red: { href: `${host.url}/B04.tif`, ...red },
      nir: { href: `${host.url}/B08.tif`, ...nir },
    },
    links: [],
  }
}

const offList = /127\.0\.0\.1 is not among ALLOWED_HOSTS \(files\.example\)/

function isRefused({ status, code, detail, details = [] }: Problem, why: RegExp): void {
  assert.deepEqual([status, code], [422, 'source_refused'], detail)
  assert.match(detail, why)
  assert.match(details.join('\n'), why)
}

async function ask(system: TestSystem, path: string, body: object): Promise<Problem> {
  const headers = { 'content-type': 'application/json' }
  const request = { method: 'POST', body: JSON.stringify(body), headers }
  return json(await fetch(`${system.base}${path}`, request))
}

describe('a plain copy at a host that is not read from', () => {
  it('is refused whatever is wanted of it', async () => {
    const item = plainItem()
    for (const trust of ['fingerprint', 'transport']) {
      isRefused(await strict.refused({ item, trust }), offList)
    }
    isRefused(await ask(strict, '/fingerprint', { item }), offList)
  })

  it('ends its job with the first attempt', async () => {
    const prefer = { prefer: 'respond-async' }
    const response = await strict.post({ item: plainItem(), max_size: 64 }, prefer)
    assert.equal(response.status, 202)
    const { id } = await json<{ id: string }>(response)
    const work = createWork(strict.services, readConfig({}))
    const delivery = { id, receives: 1, hold: async () => undefined }
    const signal = AbortSignal.timeout(20_000)
    const { outcome } = await workJob(delivery, work, { work: signal, end: signal })
    const job = await strict.services.jobs.get(id, signal)
    assert.notEqual(outcome, 'again')
    assert.deepEqual(
      [job?.status, job?.attempts, job?.reason?.code],
      ['failed', 1, 'source_refused'],
    )
    assert.match(job?.reason?.message ?? '', offList)
  })

  it('is refused too where the file was fingerprinted before', async () => {
    const item = plainItem()
    assert.ok('assets' in (await ask(open, '/fingerprint', { item })))
    const dataDir = await mkdtemp(join(tmpdir(), 'greenprint-'))
    for (const stored of ['fingerprints', 'outboards']) {
      await cp(join(open.dataDir, stored), join(dataDir, stored), { recursive: true })
    }
    const nobody = await startGateway(new MemoryBlocks())
    const known = await startSystem({
      IPFS_GATEWAYS: nobody.url,
      DATA_DIR: dataDir,
      ALLOWED_HOSTS: 'files.example',
    })
    try {
      isRefused(await known.refused({ item }), offList)
    } finally {
      await known.close()
      await nobody.close()
      await rm(dataDir, { recursive: true, force: true })
    }
  })

  it('does not decide where another copy may come back', async () => {
    const there = new URL(host.url).port
    const alternate = { elsewhere: { href: `http://localhost:${there}/none.tif` } }
    const mixed = await startSystem({ ALLOWED_HOSTS: 'localhost' })
    try {
      const {
        status,
        code,
        details = [],
      } = await mixed.refused({
        item: plainItem({ alternate }, { alternate }),
        trust: 'transport',
      })
      assert.deepEqual([status, code], [502, 'content_unavailable'])
      assert.match(details.join('\n'), /not among ALLOWED_HOSTS[^]*HTTP 404/)
    } finally {
      await mixed.close()
    }
  })
})

it('a host that says no for good is told with what it said', async () => {
  const item = plainItem({ href: `${host.url}/gone.tif` })
  host.instead = (request, response) => {
    if (request.url !== '/gone.tif') return false
    response.writeHead(410).end()
    return true
  }
  isRefused(await open.refused({ item, trust: 'transport' }), /HTTP 410/)
  host.instead = () => false
  host.ranges = false
  const large = plainItem({ href: `${host.url}/noise.tif` })
  isRefused(await open.refused({ item: large, trust: 'transport' }), /does not answer ranges/)
  host.ranges = true
})

it('a document larger than any item is no item, and no search API is the caller’s to correct', async () => {
  host.put('large.json', new Uint8Array(1024 * 1024 + 1).fill(0x20))
  const large = await open.refused({ item: `${host.url}/large.json` })
  assert.deepEqual([large.status, large.code], [422, 'item_invalid'])
  assert.match(large.detail, /more than 1048576 bytes: too large for a STAC item/)
  host.instead = (_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end('{"type":"Catalog","id":"root","links":[]}')
    return true
  }
  const search = await open.refused({ search: { api: host.url, collections: ['a'] } })
  assert.deepEqual([search.status, search.code], [400, 'invalid_request'])
  assert.match(search.detail, /Give the root URL of a STAC API/)
  host.instead = (_request, response) => {
    const page = { type: 'FeatureCollection', features: [], filler: 'x'.repeat(11 * 1024 * 1024) }
    response.end(JSON.stringify(page))
    return true
  }
  const page = await open.refused({ search: { api: host.url, collections: ['a'] } })
  assert.deepEqual([page.status, page.code], [413, 'too_large'])
  host.instead = () => false
})
