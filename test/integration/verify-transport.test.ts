// POST /verify of results whose files were read over TLS alone: fingerprints confirm or refute what was read, and a
// list that a stranger wrote costs little.

import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import type { Problem } from '../../lib/http/problem.ts'
import type { NdviReply, VerifyReply } from '../../lib/http/reply.ts'
import type { JsonObject } from '../../lib/model/json.ts'
import { type CopyHost, startCopyHost } from '../harness/copy-host.ts'
import { importDirectory } from '../harness/import-dag.ts'
import { sentinelItem } from '../harness/items.ts'
import { sceneFile } from '../harness/scenes.ts'
import { json, startSystem, type TestSystem } from '../harness/system.ts'

const SCENE = 's2-l2a-29RKH'
const red = await sceneFile(SCENE, 'red')
const nir = await sceneFile(SCENE, 'nir08')
const version = { etag: '"one"', modified: 'Tue, 03 Nov 2026 10:00:00 GMT' }
const asked = {
  bbox: [-11.5, 24.8, -11.4, 24.9],
  max_size: 'full',
  outputs: ['item', 'cog'],
  trust: 'transport',
} as const

let host: CopyHost
let system: TestSystem
before(async () => {
  host = await startCopyHost()
  system = await startSystem({ IPFS_GATEWAYS: 'http://127.0.0.1:9' })
})
after(async () => {
  await system.close()
  await host.close()
})

/** Each test's files lie at addresses of their own: nobody fingerprinted them before. */
let folder = 0
beforeEach(() => {
  folder++
  host.put(`${folder}/B04.tif`, red, version)
  host.put(`${folder}/B08.tif`, nir, version)
})

function item(): JsonObject {
  return {
    ...sentinelItem,
    assets: {
      red: { href: `${host.url}/${folder}/B04.tif` },
      nir: { href: `${host.url}/${folder}/B08.tif` },
    },
  }
}

function post(path: string, body: object): Promise<Response> {
  return fetch(`${system.base}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })
}

async function fingerprint(): Promise<void> {
  const response = await post('/fingerprint', { item: item() })
  assert.equal(response.status, 200, await response.text())
}

async function verify(body: object): Promise<VerifyReply> {
  const response = await post('/verify', body)
  assert.equal(response.status, 200, response.status === 200 ? '' : await response.text())
  return json<VerifyReply>(response)
}

const read = () => system.ndvi({ item: item(), ...asked })

async function fileOf(reply: NdviReply, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(`${system.base}/ipfs/${reply.root.cid}/${name}`)
  return new Uint8Array(await response.arrayBuffer())
}

/** The result with another transport.json; its CID. */
async function relisted(reply: NdviReply, list: string): Promise<string> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  for (const name of ['item.json', 'request.json', 'ndvi.tif'])
    files.set(name, await fileOf(reply, name))
  files.set('transport.json', new TextEncoder().encode(list))
  const { root, blocks } = await importDirectory(files, 'unixfs-v1-2025')
  const { signal } = new AbortController()
  for (const { cid, bytes } of blocks) await system.services.store.put(cid, bytes, signal)
  return root.toString()
}

describe('a result by transport', () => {
  it('is confirmed, range by range, by fingerprints of its files', async () => {
    const { root } = await read()
    await fingerprint()
    const told = await verify({ cid: root.cid })
    assert.equal(told.reproduced, null)
    assert.deepEqual([told.differs, told.assets, told.root], [[], {}, root])
    assert.equal(told.item.id, 'S2A_29RKH_20200219_0_L2A')
    assert.deepEqual(Object.keys(told.reads ?? {}), ['red', 'nir'])
    for (const [name, file, bytes] of [
      ['red', 'B04.tif', red],
      ['nir', 'B08.tif', nir],
    ] as const) {
      const verdict = told.reads?.[name]
      assert.ok(verdict?.status === 'confirmed', JSON.stringify(verdict))
      assert.ok(verdict.ranges > 1)
      assert.deepEqual(
        [verdict.href, verdict.size, verdict.etag],
        [`${host.url}/${folder}/${file}`, bytes.length, '"one"'],
      )
      assert.deepEqual(
        [told.proof.bands[name]?.trust, told.proof.bands[name]?.cid],
        ['fingerprint', verdict.cid],
      )
    }
    assert.equal(told.proof.trust, 'transport')
    assert.match(told.warnings.join('\n'), /not computed again/)
  })

  it('is refuted where the file that was fingerprinted is another of the same version', async () => {
    const reply = await read()
    host.put(
      `${folder}/B04.tif`,
      red.map((byte) => byte ^ 1),
      version,
    )
    await fingerprint()
    const { reads } = await verify({ cid: reply.root.cid })
    assert.equal(reads?.['nir']?.status, 'confirmed')
    const verdict = reads?.['red']
    assert.ok(verdict?.status === 'refuted', JSON.stringify(verdict))
    const { red: listed } = JSON.parse(
      new TextDecoder().decode(await fileOf(reply, 'transport.json')),
    )
    assert.equal(verdict.differing, listed.ranges.length)
    assert.deepEqual(verdict.first, listed.ranges.slice(0, 20))
  })

  it('is neither where no fingerprint is known, or one of another version alone', async () => {
    const { root } = await read()
    host.sent = 0
    const before = await verify({ cid: root.cid })
    assert.equal(host.sent, 0)
    assert.deepEqual(before.proof.bands, {})
    for (const verdict of Object.values(before.reads ?? {})) {
      assert.ok(verdict.status === 'unknown')
      assert.match(verdict.reason, /no fingerprint.*POST \/fingerprint/)
    }
    host.put(`${folder}/B04.tif`, red, { ...version, etag: '"two"' })
    await fingerprint()
    const { reads } = await verify({ cid: root.cid })
    const verdict = reads?.['red']
    assert.ok(verdict?.status === 'unknown', JSON.stringify(verdict))
    assert.match(verdict.reason, /another version.*"one".*"two"/)
    assert.equal(reads?.['nir']?.status, 'confirmed')
  })

  it('is confirmed as it was read, whatever lies at the address by now', async () => {
    const { root } = await read()
    await fingerprint()
    host.put(`${folder}/B04.tif`, red, { etag: '"later"' })
    const { reads } = await verify({ cid: root.cid })
    assert.equal(reads?.['red']?.status, 'confirmed')
  })

  it('is known to a job, too', async () => {
    const { root } = await read()
    const response = await post('/verify', { cid: root.cid })
    const { id } = await json<VerifyReply>(response)
    const kept = await system.services.verifications.get(id, new AbortController().signal)
    assert.equal(kept?.reproduced, null)
    assert.equal(kept.reads?.['red']?.status, 'unknown')
  })

  it('without its list, or with one that is none, is told as that', async () => {
    const reply = await read()
    await fingerprint()
    const list = JSON.parse(new TextDecoder().decode(await fileOf(reply, 'transport.json')))
    const withRed = (changed: object) =>
      JSON.stringify({ ...list, red: { ...list.red, ...changed } })
    const [one] = list.red.ranges
    const ranges = (...changed: object[]) =>
      withRed({ ranges: changed.map((each) => ({ ...one, ...each })) })
    const many = `{"offset":0,"length":0,"sha256":"${'0'.repeat(64)}"},`.repeat(200_000)
    const cases: readonly (readonly [list: string, detail: RegExp])[] = [
      ['{', /not JSON/],
      ['[]', /nothing for red/],
      ['null', /nothing for red/],
      ['['.repeat(1_000_000), /not JSON/],
      [JSON.stringify({ red: list.red }), /nothing for nir/],
      [withRed({ href: 7 }), /which file red is/],
      [withRed({ href: 'https://data.example/other.tif' }), /another file there than in the item/],
      [withRed({ size: -1 }), /which file red is/],
      [withRed({ ranges: {} }), /no ranges/],
      [withRed({ ranges: [] }), /no ranges/],
      [withRed({ ranges: [7] }), /an offset, a length and a SHA-256/],
      [ranges({ offset: -1 }), /an offset, a length/],
      [ranges({ offset: 0.5 }), /an offset, a length/],
      [ranges({ length: '10' }), /an offset, a length/],
      [ranges({ sha256: 'AB' }), /an offset, a length/],
      [ranges({ offset: 1e300 }), /an offset, a length/],
      [ranges({ length: Number.MAX_SAFE_INTEGER }), /bytes together, of a file of/],
      [ranges(...Array.from({ length: 9 }, () => ({ length: red.length }))), /bytes together/],
      [`{"red":{"ranges":[${many}]}}`, /at most \d+ are read/],
    ]
    for (const [text, detail] of cases) {
      const response = await post('/verify', { cid: await relisted(reply, text) })
      const problem = await json<Problem>(response)
      assert.deepEqual(
        [response.status, problem.code],
        [422, 'content_unusable'],
        text.slice(0, 99),
      )
      assert.match(problem.detail, detail)
    }
    const alone = { item: JSON.parse(new TextDecoder().decode(await fileOf(reply, 'item.json'))) }
    const problem = await json<Problem>(await post('/verify', alone))
    assert.equal(problem.code, 'item_invalid')
    assert.match(problem.detail, /CID of its directory/)
    const beyond = await relisted(reply, ranges({ offset: red.length }))
    const { reads } = await verify({ cid: beyond })
    assert.equal(reads?.['red']?.status, 'refuted')
    const copies = { blue: ['https://data.example/a.tif'] }
    const other = await json<Problem>(await post('/verify', { cid: reply.root.cid, copies }))
    assert.equal(other.code, 'invalid_request')
  })
})
