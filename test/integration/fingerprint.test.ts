// POST /fingerprint: from an item whose files nobody named by content to one that anybody can read by CID.
// Long: many situations of one subject, on one set of servers and helpers.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { FingerprintReply } from '../../lib/http/fingerprint-reply.ts'
import type { JobReply } from '../../lib/http/jobs.ts'
import type { Problem } from '../../lib/http/problem.ts'
import { decodeCar } from '../../lib/ipld/car.ts'
import { parseCid } from '../../lib/ipld/cid.ts'
import type { UnixFsProfile } from '../../lib/ipld/importer.ts'
import { isJsonObject, type JsonObject } from '../../lib/model/json.ts'
import { noise } from '../harness/blocks.ts'
import { type CopyHost, startCopyHost } from '../harness/copy-host.ts'
import { importFile } from '../harness/import-dag.ts'
import { assetsOf } from '../harness/items.ts'
import { sceneFile } from '../harness/scenes.ts'
import { json, startSystem, type TestSystem } from '../harness/system.ts'

const TOKEN = 'token-of-ann-0123456789'
const SCENE = 's2-l2a-29RKH'
const red = await sceneFile(SCENE, 'red')
const nir = await sceneFile(SCENE, 'nir08')
const sha = (algorithm: string, bytes: Uint8Array) =>
  createHash(algorithm).update(bytes).digest('hex')

let host: CopyHost
let system: TestSystem
before(async () => {
  host = await startCopyHost()
  host.put('B04.tif', red)
  host.put('B08.tif', nir)
  system = await startSystem({})
})
after(async () => {
  await system.close()
  await host.close()
})

/** An item as Earth Search has it: addresses, checksums and sizes. */
function plainItem(assets: JsonObject = {}): JsonObject {
  const file = (name: string, bytes: Uint8Array): JsonObject => ({
    href: `${host.url}/${name}`,
    type: 'image/tiff; application=geotiff; profile=cloud-optimized',
    'file:checksum': `1220${sha('sha256', bytes)}`,
    'file:size': bytes.length,
  })
  return {
    type: 'Feature',
    stac_version: '1.0.0',
    id: 'S2A_29RKH_20200219_0_L2A',
    collection: 'sentinel-2-c1-l2a',
    geometry: null,
    properties: { datetime: '2020-02-19T11:00:00Z', 's2:processing_baseline': '02.14' },
    assets: { red: file('B04.tif', red), nir: file('B08.tif', nir), ...assets },
    links: [],
  }
}

async function post(
  body: object,
  headers: Readonly<Record<string, string>> = {},
  to = system,
): Promise<Response> {
  return fetch(`${to.base}/fingerprint`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  })
}

async function print(body: object, headers?: Readonly<Record<string, string>>) {
  const response = await post(body, headers)
  assert.equal(response.status, 200, response.status === 200 ? '' : await response.text())
  return json<FingerprintReply>(response)
}

async function refused(body: object, headers = {}, to = system): Promise<Problem> {
  const response = await post(body, headers, to)
  assert.equal(response.headers.get('content-type'), 'application/problem+json')
  return json<Problem>(response)
}

const cidOf = async (bytes: Uint8Array<ArrayBuffer>, profile: UnixFsProfile = 'unixfs-v1-2025') =>
  (await importFile(bytes, profile)).root.toString()

describe('a scene without CIDs', () => {
  it('gets those of `ipfs add`, on its red and near-infrared bands', async () => {
    const { fingerprints, item, source, publications } = await print({ item: plainItem() })
    assert.deepEqual(Object.keys(fingerprints), ['red', 'nir'])
    assert.equal(fingerprints['red']?.cid, await cidOf(red))
    assert.equal(fingerprints['nir']?.cid, await cidOf(nir))
    assert.deepEqual(fingerprints['red']?.producer_checksum, {
      status: 'verified',
      algorithm: 'sha2-256',
      whose: null,
      by: null,
    })
    assert.equal(fingerprints['red']?.sha256, sha('sha256', red))
    assert.equal(source.id, 'S2A_29RKH_20200219_0_L2A')
    assert.equal(publications[0]?.status, 'held')
    const asset = assetsOf(item)['red']
    assert.ok(isJsonObject(asset))
    assert.deepEqual(asset['alternate'], {
      IPFS: { href: `ipfs://${await cidOf(red)}`, 'alternate:name': 'IPFS' },
    })
    assert.equal(asset['dgeo:cid'], await cidOf(red))
    assert.equal(asset['file:checksum'], `1220${sha('sha256', red)}`)
    assert.equal(asset['file:size'], red.length)
  })

  it('keeps a checksum of its producer that is one, and gets one where it is none', async () => {
    const sha1 = `1114${sha('sha1', red)}`
    for (const [given, kept] of [
      [sha1, sha1],
      [sha1.slice(0, -2), `1220${sha('sha256', red)}`],
      [sha('sha256', red), `1220${sha('sha256', red)}`],
    ]) {
      const asset = { href: `${host.url}/B04.tif`, 'file:checksum': given ?? '' }
      const { item } = await print({ item: plainItem({ red: asset }) })
      assert.equal(Object(assetsOf(item)['red'])['file:checksum'], kept)
    }
  })

  it('that names other CIDs is told what it no longer names', async () => {
    const [own, other] = [await cidOf(red), await cidOf(nir, 'unixfs-v0-2015')]
    const assets = assetsOf(plainItem())
    const named = (key: string, cid: string) => ({
      ...Object(assets[key]),
      alternate: { IPFS: { href: `ipfs://${cid}` } },
    })
    const item = { ...plainItem(), assets: { red: named('red', own), nir: named('nir', other) } }
    const { warnings, fingerprints } = await print({ item })
    const [warning = '', ...more] = warnings
    assert.match(warning, new RegExp(`^the item named ipfs://${other} for asset "nir", and its`))
    assert.ok(warning.includes(fingerprints['nir']?.cid ?? 'none'))
    assert.deepEqual(more, [])
    const [old, later] = [await cidOf(red, 'unixfs-v0-2015'), parseCid(other).toV1().toString()]
    const spelled = { red: named('red', old), nir: named('nir', later) }
    const same = await print({ item: { ...item, assets: spelled }, profile: 'unixfs-v0-2015' })
    assert.deepEqual(same.warnings, [])
  })

  it('is published as its item and its outboards', async () => {
    const { root, assets, fingerprints } = await print({
      item: plainItem(),
      profile: 'unixfs-v0-2015',
    })
    const cid = fingerprints['red']?.cid ?? ''
    assert.equal(cid, await cidOf(red, 'unixfs-v0-2015'))
    assert.ok(root.cid)
    assert.deepEqual(
      Object.values(assets).map(({ type }) => type),
      [
        'application/vnd.ipld.car; version=1',
        'application/vnd.ipld.car; version=1',
        'application/geo+json',
      ],
    )
    for (const address of [
      `${system.base}/ipfs/${root.cid}/${cid}.car`,
      `${system.base}/fingerprints/${cid}.car`,
    ]) {
      const response = await fetch(address)
      assert.equal(response.status, 200, address)
      assert.match(response.headers.get('content-type') ?? '', /^application\/vnd\.ipld\.car/)
      const { roots, blocks } = await decodeCar(new Uint8Array(await response.arrayBuffer()))
      assert.deepEqual(roots.map(String), [cid])
      assert.deepEqual(
        blocks.map((block) => block.cid.toString()),
        [cid],
      )
    }
    const raw = await fetch(`${system.base}/ipfs/${cid}?format=raw`)
    assert.equal(raw.status, 200)
    const whole = await fetch(`${system.base}/ipfs/${cid}`)
    assert.equal(whole.status, 404)
  })

  it('has its record under each of its CIDs', async () => {
    const { fingerprints } = await print({ item: plainItem() })
    const { cid = '', outboard, created } = fingerprints['red'] ?? {}
    const response = await fetch(`${system.base}/fingerprints/${cid}`)
    assert.equal(response.status, 200)
    assert.deepEqual(await response.json(), {
      href: `${host.url}/B04.tif`,
      size: red.length,
      etag: host.files.get('/B04.tif')?.etag,
      last_modified: host.files.get('/B04.tif')?.modified,
      checksum: `1220${sha('sha256', red)}`,
      checksum_verdict: 'verified',
      sha256: sha('sha256', red),
      cid,
      profile: 'unixfs-v1-2025',
      software: 'greenprint 0.6.0',
      created,
      outboard,
    })
    for (const name of ['bafkqaaa', 'nothing', `${cid.slice(0, -1)}q.car`]) {
      assert.equal((await fetch(`${system.base}/fingerprints/${name}`)).status, 404, name)
    }
  })

  it('is read once, and known from then on', async () => {
    await print({ item: plainItem() })
    host.sent = 0
    const again = await print({ item: plainItem() })
    assert.ok(host.sent <= 2, `${host.sent} bytes`)
    host.sent = 0
    const fresh = await print({ item: plainItem() }, { 'cache-control': 'no-cache' })
    assert.equal(host.sent, red.length + nir.length)
    assert.equal(fresh.fingerprints['red']?.cid, again.fingerprints['red']?.cid)
  })

  it('tells of a file that is known by another item what its own item says of it', async () => {
    host.put('known.tif', red)
    const of = async (fields: JsonObject) => {
      const asset: JsonObject = { href: `${host.url}/known.tif`, ...fields }
      const item = plainItem({ known: asset })
      const { fingerprints } = await print({ item, assets: ['known'] })
      return JSON.stringify(fingerprints['known']?.producer_checksum)
    }
    const right = { 'file:checksum': `1220${sha('sha256', red)}` }
    assert.match(await of(right), /"verified"/)
    assert.match(await of({}), /"absent"/)
    const md5 = { 'file:checksum': `d50110${sha('md5', nir)}` }
    assert.match(await of(md5), /"unsupported".* MD5/)
  })

  it('of which any asset is asked is fingerprinted there', async () => {
    const notes = noise(3000, 9)
    host.put('notes.pdf', notes)
    const item = plainItem({ notes: { href: `${host.url}/notes.pdf` } })
    const { fingerprints, warnings } = await print({ item, assets: ['notes'] })
    assert.deepEqual(Object.keys(fingerprints), ['notes'])
    assert.equal(fingerprints['notes']?.cid, await cidOf(notes))
    assert.equal(fingerprints['notes']?.producer_checksum.status, 'absent')
    assert.deepEqual(warnings, [])
    assert.equal((await refused({ item, assets: ['other'] })).code, 'asset_missing')
  })

  it('of which bands are named as for an NDVI has these fingerprinted', async () => {
    const item = plainItem({ visible: { href: `${host.url}/B04.tif` } })
    const named = await print({ item, assets: { red: 'visible' } })
    assert.deepEqual(Object.keys(named.fingerprints), ['visible', 'nir'])
    assert.equal((await refused({ item, assets: { red: 'none' } })).code, 'asset_missing')
    for (const assets of [[], {}, { green: 'x' }, 'red', { red: '' }] as const) {
      const code = JSON.stringify(assets) === '{}' ? undefined : 'invalid_request'
      assert.equal((await refused({ item, assets }).catch(() => null))?.code, code)
    }
  })
})

describe('a file that is not what its item says', () => {
  for (const [what, asset] of [
    ['of another checksum', { 'file:checksum': `1220${'0'.repeat(64)}` }],
    ['of another size', { 'file:size': 5 }],
  ] as const) {
    it(`${what} is refused, and nothing of it is kept`, async () => {
      host.put('other.tif', noise(5000, 8))
      const item = plainItem({ red: { href: `${host.url}/other.tif`, ...asset } })
      const problem = await refused({ item, assets: ['red'] })
      assert.equal(problem.status, 422)
      assert.equal(problem.code, 'checksum_mismatch')
      assert.match(problem.detail, /other\.tif/)
      const found = await system.services.fingerprints.byAddress(
        `${host.url}/other.tif`,
        'unixfs-v1-2025',
        new AbortController().signal,
      )
      assert.equal(found, null)
    })
  }

  it('because it changed since is told with both versions', async () => {
    host.put('moving.tif', noise(5000, 8))
    const item = plainItem({ red: { href: `${host.url}/moving.tif` } })
    await print({ item, assets: ['red'] })
    host.put('moving.tif', noise(5000, 9), { modified: 'Wed, 04 Nov 2026 10:00:00 GMT' })
    const problem = await refused({ item, assets: ['red'] })
    assert.equal(problem.status, 409)
    assert.equal(problem.code, 'source_changed')
    assert.match(problem.detail, /Tue, 03 Nov 2026.*Wed, 04 Nov 2026.*no-cache/)
    const { fingerprints } = await print({ item, assets: ['red'] }, { 'cache-control': 'no-cache' })
    assert.equal(fingerprints['red']?.cid, await cidOf(noise(5000, 9)))
    // The date stays where a file is written twice in a second.
    host.put('moving.tif', noise(6000, 9), { modified: 'Wed, 04 Nov 2026 10:00:00 GMT' })
    assert.match((await refused({ item, assets: ['red'] })).detail, /5000 bytes.*6000 bytes/)
  })

  it('because its checksum is that of another file known here is told with both', async () => {
    host.put('one.tif', noise(5000, 10))
    host.put('two.tif', noise(6000, 11))
    const sum = { 'file:checksum': `1220${sha('sha256', noise(5000, 10))}` }
    const of = (name: string) => plainItem({ red: { href: `${host.url}/${name}.tif`, ...sum } })
    await print({ item: of('one'), assets: ['red'] })
    const problem = await refused({ item: of('two'), assets: ['red'] })
    assert.deepEqual([problem.status, problem.code], [422, 'checksum_mismatch'])
    assert.match(problem.detail, /two\.tif.*5000 bytes.*one\.tif.*6000 bytes/)
  })

  it('because it has not the size that its item tells is refused, known or not', async () => {
    host.put('sized.tif', noise(5000, 12))
    const item = plainItem({ red: { href: `${host.url}/sized.tif` } })
    await print({ item, assets: ['red'] })
    const asset = { href: `${host.url}/sized.tif`, 'file:size': 4999 }
    const problem = await refused({ item: plainItem({ red: asset }), assets: ['red'] })
    assert.deepEqual([problem.status, problem.code], [422, 'checksum_mismatch'])
  })
})

describe('two who ask at once', () => {
  it('cause one download', async () => {
    host.put('once.tif', noise(3_000_000, 8))
    const item = plainItem({ red: { href: `${host.url}/once.tif` } })
    host.sent = 0
    const [one, other] = await Promise.all(
      [1, 2].map(() => print({ item, assets: ['red'], pin: false })),
    )
    assert.equal(one?.fingerprints['red']?.cid, other?.fingerprints['red']?.cid)
    // Each asks for one byte first, to tell how long it would take.
    assert.equal(host.sent, 3_000_002)
  })
})

describe('a file that would take too long', () => {
  it('becomes a job at once, which tells how far it is and ends with the same reply', async () => {
    host.put('large.tif', noise(3_000_000, 8))
    // The item says so; the file is smaller, as its job will find out.
    const item = plainItem({ red: { href: `${host.url}/large.tif`, 'file:size': 900_000_000 } })
    const response = await post({ item, assets: ['red'] })
    assert.equal(response.status, 202)
    assert.match(response.headers.get('location') ?? '', /^\/jobs\/[0-9a-f]{64}$/)
  })

  it('or one that is asked for', async () => {
    const item = plainItem()
    const response = await post({ item, profile: 'unixfs-v0-2015' }, { prefer: 'respond-async' })
    assert.equal(response.status, 202)
    const location = response.headers.get('location') ?? ''
    const { createWork, createJobCompute } = await import('../../lib/worker.ts')
    assert.ok(createWork)
    const id = location.split('/').at(-1) ?? ''
    const signal = new AbortController().signal
    const job = await system.services.jobs.get(id, signal)
    assert.ok(job)
    assert.equal(job.order.kind, 'fingerprint')
    const told: string[] = []
    const compute = createJobCompute(system.services)
    const result = await compute(
      job.order,
      (step, share) => void told.push(`${step} ${share}`),
      signal,
    )
    assert.equal(result.id, id)
    assert.ok(told.includes('fingerprint undefined'))
    await pause(0)
    const reply = await json<JobReply>(await fetch(`${system.base}${location}`))
    assert.ok(['accepted', 'running', 'successful'].includes(reply.status))
  })
})

describe('a deployment', () => {
  const deployed = { AWS_LAMBDA_FUNCTION_NAME: 'greenprint' }

  it('makes fingerprints for holders of a token alone', async () => {
    const closed = await startSystem(deployed)
    const open = await startSystem({ ...deployed, API_TOKENS: `ann:${TOKEN}` })
    const body = { item: plainItem() }
    try {
      assert.equal((await refused(body, {}, closed)).code, 'publishing_disabled')
      assert.equal((await refused(body, {}, open)).code, 'unauthorized')
      const as = { authorization: `Bearer ${TOKEN}` }
      // Loopback is refused to callers of a deployment: the token lets it come so far.
      assert.equal((await refused(body, as, open)).code, 'source_refused')
    } finally {
      await closed.close()
      await open.close()
    }
  })
})
