// Trust, told per band and for the whole: one scene by its item's CIDs, by fingerprints, and over TLS alone.
// Long: one scene, in every way that it can be read.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { readConfig } from '../../lib/config/config.ts'
import type { FingerprintReply } from '../../lib/http/fingerprint-reply.ts'
import type { JobReply } from '../../lib/http/jobs.ts'
import type { NdviReply } from '../../lib/http/reply.ts'
import type { TileJson } from '../../lib/http/tilejson.ts'
import type { JsonObject } from '../../lib/model/json.ts'
import type { PointResult } from '../../lib/model/point.ts'
import { createWork } from '../../lib/worker.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { type CopyHost, startCopyHost } from '../harness/copy-host.ts'
import { startGateway, type TestGateway } from '../harness/gateway.ts'
import { importFile } from '../harness/import-dag.ts'
import { ipfsAsset, sentinelItem, withAssets } from '../harness/items.ts'
import { sceneFile } from '../harness/scenes.ts'
import { json, startSystem, type TestSystem } from '../harness/system.ts'
import { serve } from '../unit/net/loopback.ts'

const never = new AbortController().signal
const SCENE = 's2-l2a-29RKH'
const red = await sceneFile(SCENE, 'red')
const nir = await sceneFile(SCENE, 'nir08')
/** Of a few tiles, so that no reading has all of the file. */
const area = { bbox: [-11.5, 24.8, -11.4, 24.9], max_size: 'full' } as const
const digest = (bytes: Uint8Array) => `1220${createHash('sha256').update(bytes).digest('hex')}`

const blocks = new MemoryBlocks()
const redCid = await blocks.add(red, 'unixfs-v1-2025')
const nirCid = await blocks.add(nir, 'unixfs-v1-2025')

let host: CopyHost
let gateway: TestGateway
let system: TestSystem
before(async () => {
  host = await startCopyHost()
  gateway = await startGateway(blocks)
})
beforeEach(async () => {
  host.put('B04.tif', red)
  host.put('B08.tif', nir)
  host.instead = () => false
  system = await startSystem({ IPFS_GATEWAYS: gateway.url })
})
afterEach(() => system.close())
after(async () => {
  await gateway.close()
  await host.close()
})

function plainItem(): JsonObject {
  return {
    ...sentinelItem,
    assets: {
      red: { href: `${host.url}/B04.tif`, 'file:checksum': digest(red) },
      nir: { href: `${host.url}/B08.tif`, 'file:checksum': digest(nir) },
    },
  }
}

function itemWithCids(): JsonObject {
  return {
    ...sentinelItem,
    assets: { red: ipfsAsset(redCid.toString()), nir: ipfsAsset(nirCid.toString()) },
  }
}

async function textOf(reply: NdviReply, file: string): Promise<string> {
  const response = await fetch(`${system.base}/ipfs/${reply.root.cid}/${file}`)
  assert.equal(response.status, 200, file)
  return response.text()
}

describe('a scene whose item names no CIDs', () => {
  it('is fingerprinted by default, and gives the very result of an item that names them', async () => {
    const made = await system.ndvi({ item: plainItem(), ...area })
    assert.equal(made.proof.trust, 'fingerprint')
    assert.equal(made.proof.bands['red']?.trust, 'fingerprint')
    assert.equal(made.proof.bands['red']?.cid, redCid.toString())
    assert.deepEqual(made.proof.bands['red']?.producer_checksum, {
      status: 'verified',
      algorithm: 'sha2-256',
    })
    assert.ok(made.warnings.every((warning) => !warning.includes('verified')))
    const again = await system.ndvi({ item: itemWithCids(), ...area })
    assert.equal(again.id, made.id)
    assert.equal(again.cached, true)
    assert.equal(again.root.cid, made.root.cid)
    assert.equal(again.proof.trust, 'cid')
    assert.equal(again.proof.bands['nir']?.trust, 'cid')
    const fresh = await system.ndvi(
      { item: itemWithCids(), ...area },
      { 'cache-control': 'no-cache' },
    )
    assert.equal(fresh.root.cid, made.root.cid)
    const known = await system.ndvi({ item: plainItem(), ...area })
    assert.deepEqual([known.cached, known.proof.trust], [true, 'fingerprint'])
  })

  it('is read once for its fingerprint, and in ranges from then on', async () => {
    await system.ndvi({ item: plainItem(), ...area })
    host.sent = 0
    gateway.asked.length = 0
    const other = await system.ndvi({ item: plainItem(), ...area, bbox: [-11.1, 24.4, -11, 24.5] })
    assert.equal(other.proof.trust, 'fingerprint')
    assert.ok(host.sent < red.length + nir.length, `${host.sent} bytes`)
    // Its copy is known to have the file; nobody else is.
    assert.deepEqual(gateway.asked, [])
  })

  it('is refused where a CID of the item is wanted', async () => {
    const problem = await system.refused({ item: plainItem(), ...area, trust: 'cid' })
    assert.deepEqual([problem.status, problem.code], [422, 'asset_unusable'])
    assert.match(problem.detail, /No IPFS CID is known for asset "red", "nir"/)
  })

  it('that changed since is told, whoever has its leaves', async () => {
    await system.ndvi({ item: plainItem(), ...area })
    host.put('B08.tif', nir, { modified: 'Wed, 04 Nov 2026 10:00:00 GMT', etag: '"other"' })
    const problem = await system.refused({ item: plainItem(), ...area, rescale: [0, 1] })
    assert.deepEqual([problem.status, problem.code], [409, 'source_changed'])
    assert.match(
      problem.detail,
      /"nir".*B08\.tif changed since.*Tue, 03 Nov 2026.*Wed, 04 Nov 2026/,
    )
    const healed = await system.ndvi(
      { item: plainItem(), ...area, rescale: [0, 1] },
      { 'cache-control': 'no-cache' },
    )
    assert.equal(healed.proof.trust, 'fingerprint')
  })

  it('whose bytes changed without a word is told by the leaf that does not fit', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'greenprint-'))
    const deployment = { IPFS_GATEWAYS: 'http://127.0.0.1:9', DATA_DIR: folder }
    const silent = await startSystem(deployment)
    try {
      await silent.ndvi({ item: plainItem(), ...area })
      await silent.services.settle()
      const { etag } = host.files.get('/B04.tif') ?? { etag: null }
      host.put(
        'B04.tif',
        red.map((byte) => byte ^ 1),
        { etag },
      )
      // Another process of the same deployment, whose caches are empty.
      await rm(join(folder, 'cache'), { recursive: true, force: true })
      const other = await startSystem(deployment)
      const elsewhere = { ...area, bbox: [-11.1, 24.4, -11, 24.5] }
      const problem = await other.refused({ item: plainItem(), ...elsewhere })
      assert.equal(problem.code, 'source_changed')
      assert.match(problem.detail, /"red".*B04\.tif changed since/)
      await other.close()
    } finally {
      await silent.close()
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('with another checksum than the record is fingerprinted anew, and refused where it is another file', async () => {
    await system.ndvi({ item: plainItem(), ...area })
    const item = plainItem()
    const other = digest(new Uint8Array(5))
    const file = { href: `${host.url}/B04.tif`, 'file:checksum': other }
    const changed = withAssets(item, { red: file })
    const problem = await system.refused({ item: changed, ...area })
    assert.equal(problem.code, 'checksum_mismatch')
  })
})

describe('a scene over TLS alone', () => {
  it('says in figure, item, reply and recipe that it is not verified', async () => {
    const reply = await system.ndvi({ item: plainItem(), ...area, trust: 'transport' })
    assert.equal(reply.proof.trust, 'transport')
    const band = reply.proof.bands['red']
    assert.deepEqual([band?.trust, band?.cid], ['transport', null])
    assert.deepEqual(band?.transport, {
      href: `${host.url}/B04.tif`,
      size: red.length,
      etag: host.files.get('/B04.tif')?.etag,
      last_modified: 'Tue, 03 Nov 2026 10:00:00 GMT',
    })
    assert.match(
      reply.warnings.join('\n'),
      /not verified: the red band.*\n.*not verified: the nir band/,
    )
    const item = JSON.parse(await textOf(reply, 'item.json'))
    assert.deepEqual(item.properties['greenprint:inputs'].red.transport, band?.transport)
    assert.equal(item.properties['greenprint:trust'], 'transport')
    assert.match(item.properties['processing:lineage'], /[Nn]ot verified/)
    const request = JSON.parse(await textOf(reply, 'request.json'))
    assert.deepEqual(request.inputs.red.transport, band?.transport)
    const byCid = await system.ndvi({ item: itemWithCids(), ...area })
    assert.notEqual(byCid.id, reply.id)
    assert.notEqual(byCid.assets['figure']?.cid, reply.assets['figure']?.cid)
    assert.equal(byCid.assets['cog']?.cid === undefined, reply.assets['cog'] === undefined)
    assert.deepEqual(byCid.statistics, reply.statistics)
    const byCidItem = JSON.parse(await textOf(byCid, 'item.json'))
    assert.equal(byCidItem.properties['greenprint:trust'], undefined)
  })

  it('says where a file has not the size that its item tells', async () => {
    const red = { href: `${host.url}/B04.tif`, 'file:size': 5 }
    const item = withAssets(plainItem(), { red })
    const { warnings } = await system.ndvi({ item, ...area, trust: 'transport' })
    assert.match(warnings.join('\n'), /asset "red" has \d+ bytes, and its file:size is 5/)
    const again = await system.ndvi({ item, ...area, trust: 'transport' })
    assert.deepEqual([again.cached, again.warnings], [true, warnings])
  })

  it('is known by version, and not where a copy tells none', async () => {
    const first = await system.ndvi({ item: plainItem(), ...area, trust: 'transport' })
    const again = await system.ndvi({ item: plainItem(), ...area, trust: 'transport' })
    assert.deepEqual([again.id, again.cached], [first.id, true])
    host.put('B04.tif', red, { etag: '"new"' })
    const other = await system.ndvi({ item: plainItem(), ...area, trust: 'transport' })
    assert.notEqual(other.id, first.id)
    host.put('B04.tif', red, { etag: null, modified: null })
    const unknown = await system.ndvi({ item: plainItem(), ...area, trust: 'transport' })
    const twice = await system.ndvi({ item: plainItem(), ...area, trust: 'transport' })
    assert.deepEqual([twice.id, twice.cached], [unknown.id, false])
    const told = unknown.warnings.map((warning) => /tells neither ETag/.test(warning))
    assert.deepEqual(told, [true, false])
    assert.doesNotMatch(other.warnings.join(), /neither ETag/)
  })

  it('is better than asked where the CIDs are known', async () => {
    await fetch(`${system.base}/fingerprint`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ item: plainItem() }),
    })
    const reply = await system.ndvi({ item: plainItem(), ...area, trust: 'transport' })
    assert.equal(reply.proof.trust, 'fingerprint')
    assert.ok(!reply.warnings.join().includes('not verified'))
  })

  it('says so on a map and at a place, of the scene and of its result', async () => {
    const outputs = ['cog', 'item']
    const asked = { ...area, outputs, trust: 'transport' }
    const { root } = await system.ndvi({ item: plainItem(), ...asked })
    const checked = await system.ndvi({ item: itemWithCids(), ...area, outputs })
    const scene = { item: JSON.stringify(plainItem()), trust: 'transport' }
    for (const [query, trust, name] of [
      [scene, 'transport', /, not verified$/],
      [{ root: root.cid }, 'transport', /, not verified$/],
      [{ root: checked.root.cid }, 'cid', /^bafy\w+$/],
    ] as const) {
      const about = new URLSearchParams(query).toString()
      const map = await json<TileJson>(await fetch(`${system.base}/tilejson.json?${about}`))
      assert.equal(map.trust, trust)
      assert.match(map.name, name)
      const wmts = await (await fetch(`${system.base}/WMTSCapabilities.xml?${about}`)).text()
      assert.equal(/<ows:Title>NDVI of .*, not verified</.test(wmts), trust === 'transport')
      const [west = 0, south = 0, east = 0, north = 0] = map.bounds
      const place = `lon=${(west + east) / 2}&lat=${(south + north) / 2}`
      const point = await fetch(`${system.base}/point?${about}&${place}`)
      assert.equal((await json<PointResult>(point)).trust, trust)
    }
  })

  it('may be published, and its publication says what it is', async () => {
    const reply = await system.ndvi({ item: plainItem(), ...area, trust: 'transport', pin: true })
    assert.equal(reply.publications[0]?.status, 'held')
    assert.match(reply.warnings.join('\n'), /not verified/)
  })

  it('is told from others in the catalogue of results', async () => {
    const unverified = await system.ndvi({ item: plainItem(), ...area, trust: 'transport' })
    const verified = await system.ndvi({ item: itemWithCids(), ...area })
    const itemsBy = async (filter: object) => {
      const query = new URLSearchParams({ filter: JSON.stringify(filter), limit: '250' })
      const response = await fetch(`${system.base}/stac/collections/ndvi/items?${query.toString()}`)
      return response.text()
    }
    const trust = { property: 'greenprint:trust' }
    const checked = await itemsBy({ op: 'isNull', args: [trust] })
    const unchecked = await itemsBy({ op: '=', args: [trust, 'transport'] })
    const [yes, no] = [verified.root, unverified.root].map((root) => root.cid)
    assert.ok(checked.includes(`${yes}`) && !checked.includes(`${no}`))
    assert.ok(unchecked.includes(`${no}`) && !unchecked.includes(`${yes}`))
  })

  it('carries no signature into anything', async () => {
    const item = plainItem()
    const assets = {
      red: { href: `${host.url}/B04.tif?X-Amz-Signature=CANARY&v=1` },
      nir: { href: `${host.url}/B08.tif?sig=CANARY` },
    }
    const reply = await system.ndvi({ item: { ...item, assets }, ...area, trust: 'transport' })
    assert.ok(host.asked.some(({ url }) => url?.includes('CANARY')))
    assert.equal(reply.proof.bands['red']?.transport?.href, `${host.url}/B04.tif?v=1`)
    const texts = [
      JSON.stringify(reply),
      ...(await Promise.all(
        ['item.json', 'request.json', 'transport.json'].map((file) => textOf(reply, file)),
      )),
    ]
    for (const text of texts) assert.doesNotMatch(text, /CANARY/)
  })
})

describe('a deployment', () => {
  const deployed = {
    AWS_LAMBDA_FUNCTION_NAME: 'greenprint',
    API_TOKENS: 'ann:token-of-ann-0123456789',
  }

  it('tells who has no token both ways on', async () => {
    const closed = await startSystem(deployed)
    try {
      const problem = await closed.refused({ item: plainItem(), ...area })
      assert.deepEqual([problem.status, problem.code], [403, 'fingerprint_needed'])
      assert.match(problem.detail, /"red", "nir".*token.*"trust": "transport"/)
      const [withToken, unverified] = problem.ways ?? []
      assert.deepEqual(withToken?.headers, { authorization: 'Bearer <token>' })
      assert.equal(unverified?.body?.['trust'], 'transport')
      assert.equal(unverified?.method, 'POST')
    } finally {
      await closed.close()
    }
  })
})

describe('a job', () => {
  it('makes the fingerprints that it needs, and names its result', async () => {
    const response = await system.post({ item: plainItem(), ...area }, { prefer: 'respond-async' })
    assert.equal(response.status, 202)
    const { id } = await json<JobReply>(response)
    const { services } = system
    const job = await services.jobs.get(id, never)
    assert.ok(job)
    const steps: string[] = []
    const work = createWork(services, readConfig({}))
    const result = await work.compute(job.order, (step) => void steps.push(step), never)
    assert.ok(steps.includes('fingerprint'))
    const made = await system.ndvi({ item: plainItem(), ...area })
    assert.deepEqual([made.id, made.cached], [result.id, true])
  })
})

describe('jobs of one scene whose CIDs nobody knows yet', () => {
  it('are apart by the trust that they accept', async () => {
    const [strict, own, unchecked] = await Promise.all(
      ['cid', 'fingerprint', 'transport'].map(async (trust) => {
        const body = { item: plainItem(), ...area, trust }
        const response = await system.post(body, { prefer: 'respond-async' })
        assert.equal(response.status, 202)
        return json<JobReply>(response)
      }),
    )
    assert.equal(new Set([strict?.id, own?.id, unchecked?.id]).size, 3)
    const job = await system.services.jobs.get(strict?.id ?? '', never)
    assert.ok(job)
    const work = createWork(system.services, readConfig({}))
    // Also once the others are done: a fingerprint is less than what was asked for.
    await system.ndvi({ item: plainItem(), ...area })
    await assert.rejects(
      work.compute(job.order, () => undefined, never),
      /No IPFS CID is known/,
    )
  })
})

describe('a deployment whose catalogue of CIDs is its own', () => {
  // As the local system's is.
  it('knows fingerprinted files as that, and not as those of any item of the same id', async () => {
    let answering = ''
    const own = await serve(async (request, response) => {
      const answer = await fetch(`${answering}${request.url}`, {
        method: request.method ?? 'GET',
        headers: { 'content-type': 'application/json' },
        ...(request.method === 'POST' ? { body: await text(request) } : {}),
      })
      response.writeHead(answer.status, { 'content-type': 'application/json' })
      response.end(await answer.text())
    })
    const alone = await startSystem({ PUBLIC_URL: own, CATALOG_URL: `${own}/stac` })
    answering = alone.base
    try {
      const placed = { bbox: [-12, 24.3, -10.8, 25.4], geometry: null }
      const item = { ...plainItem(), ...placed }
      const post = { method: 'POST', headers: { 'content-type': 'application/json' } }
      const body = JSON.stringify({ item })
      assert.equal((await fetch(`${alone.base}/fingerprint`, { ...post, body })).status, 200)
      const { id } = sentinelItem
      const listed = await fetch(`${own}/stac/search`, {
        ...post,
        body: JSON.stringify({ ids: [id] }),
      })
      assert.equal((await json<{ features: unknown[] }>(listed)).features.length, 1)

      const made = await alone.ndvi({ item, ...area })
      assert.equal(made.proof.trust, 'fingerprint')
      assert.equal((await alone.refused({ item, ...area, trust: 'cid' })).code, 'asset_unusable')
      // Red and near infrared the other way round.
      const assets = { red: { href: `${host.url}/B08.tif` }, nir: { href: `${host.url}/B04.tif` } }
      const other = await alone.ndvi({ item: { ...item, collection: 'mine', assets }, ...area })
      assert.equal(other.statistics.mean, -(made.statistics.mean ?? Number.NaN))
      host.put('B04.tif', nir)
      const changed = await alone.refused({ item, ...area, outputs: ['item'] })
      assert.equal(changed.code, 'source_changed')
    } finally {
      await alone.close()
    }
  })
})

describe('another deployment', () => {
  it('without the record reads the enriched item verified, with the outboard and the mirror alone', async () => {
    const response = await fetch(`${system.base}/fingerprint`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ item: plainItem() }),
    })
    const { item } = await json<FingerprintReply>(response)
    // Raw blocks of the outboards, and nothing else of the files.
    const outboards = new MemoryBlocks()
    for (const bytes of [red, nir]) {
      const { root, blocks: all } = await importFile(bytes, 'unixfs-v1-2025')
      const top = all.find(({ cid }) => cid.equals(root))
      assert.ok(top)
      outboards.put(top.cid, top.bytes)
    }
    const elsewhere = await startGateway(outboards)
    const stranger = await startSystem({ IPFS_GATEWAYS: elsewhere.url })
    try {
      const reply = await stranger.ndvi({ item, ...area })
      assert.equal(reply.proof.trust, 'cid')
      assert.ok((reply.proof.bands['red']?.sources[host.url] ?? 0) > 0)
      const own = await system.ndvi({ item: plainItem(), ...area })
      assert.equal(reply.root.cid, own.root.cid)
    } finally {
      await stranger.close()
      await elsewhere.close()
    }
  })
})

it('what cannot be read over TLS is told as it is', async () => {
  const item = {
    ...plainItem(),
    assets: { red: { href: `${host.url}/none.tif` }, nir: { href: `${host.url}/B08.tif` } },
  }
  const problem = await system.refused({ item, ...area, trust: 'transport' })
  assert.equal(problem.code, 'content_unavailable')
})
