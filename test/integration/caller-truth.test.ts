// A known result, asked for by another caller: what is told of it is true of that caller's own item.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import type { NdviReply } from '../../lib/http/reply.ts'
import { fail, knownJob, newJob } from '../../lib/jobs/job.ts'
import type { JsonObject } from '../../lib/model/json.ts'
import type { NdviOrder } from '../../lib/model/request.ts'
import { readNdviBody } from '../../lib/request/read.ts'
import { MemoryBlocks, noise } from '../harness/blocks.ts'
import { startCopyHost } from '../harness/copy-host.ts'
import { startGateway } from '../harness/gateway.ts'
import { assetsOf, sceneItem, withAssets } from '../harness/items.ts'
import { sceneFile } from '../harness/scenes.ts'
import { startSystem } from '../harness/system.ts'

const never = new AbortController().signal
const SCENE = 'l8-c2l2-brumadinho-before'
const [A, B] = ['first-token-of-some-length', 'other-token-of-some-length']
const blocks = new MemoryBlocks()
const plain = await sceneItem(SCENE, blocks)
const files = { red: await sceneFile(SCENE, 'red'), nir08: await sceneFile(SCENE, 'nir08') }
const gateway = await startGateway(blocks)
const hosts = [await startCopyHost(), await startCopyHost()] as const
for (const host of hosts) {
  for (const [name, bytes] of Object.entries(files)) host.put(`${name}.tif`, bytes)
}
const local = await startSystem({ IPFS_GATEWAYS: gateway.url })
const deployed = await startSystem({
  AWS_LAMBDA_FUNCTION_NAME: 'greenprint-truth',
  IPFS_GATEWAYS: gateway.url,
  API_TOKENS: `a:${A},b:${B}`,
  QUEUE_URL: 'http://127.0.0.1:9/1/jobs',
})
after(async () => {
  await local.close()
  await deployed.close()
  await gateway.close()
  for (const host of hosts) await host.close()
})

const digest = (bytes: Uint8Array) => `1220${createHash('sha256').update(bytes).digest('hex')}`
const right = digest(files.red)
const wrong = digest(noise(10))

/** The scene as a caller has it: a checksum of red, copies on a host of theirs, a link to where they found it. */
function itemOf(checksum: string | null, host: string | null, self: string): JsonObject {
  const known = assetsOf(plain)
  const assets = Object.entries(known).map(([key, asset]) => {
    const href = host === null ? {} : { href: `${host}/${key}.tif` }
    const said = key === 'red' && checksum !== null ? { 'file:checksum': checksum } : {}
    return [key, { ...Object(asset), ...href, ...said }]
  })
  // By which it is the same item, wherever it was found.
  const canonical = { rel: 'canonical', href: 'https://catalogue.example/item.json' }
  const links = [canonical, { rel: 'self', href: self }]
  return { ...withAssets(plain, Object.fromEntries(assets)), links }
}

const body = (item: JsonObject, fields: object = {}) => ({ item, max_size: 'full', ...fields })
const contradiction = (reply: NdviReply) =>
  reply.warnings.filter((warning) => warning.includes('the catalogue contradicts itself')).length

describe('a known result', () => {
  const first = itemOf(wrong, hosts[0].url, 'https://first.example/item.json')
  const second = itemOf(right, hosts[1].url, 'https://second.example/item.json')
  const bare = itemOf(null, null, 'https://third.example/item.json')
  const odd = itemOf('1114000102', null, 'https://fourth.example/item.json')

  it('is compared with each caller’s own checksum', async () => {
    const made = await local.ndvi(body(first))
    assert.deepEqual([made.cached, contradiction(made)], [false, 1])
    const rows: readonly (readonly [JsonObject, string, number])[] = [
      [first, 'mismatch', 1],
      [second, 'not_read', 0],
      [bare, 'absent', 0],
      [odd, 'unsupported', 0],
    ]
    for (const [item, status, warnings] of rows) {
      const known = await local.ndvi(body(item))
      assert.deepEqual([known.cached, known.id], [true, made.id])
      assert.equal(known.proof.bands['red']?.producer_checksum.status, status)
      assert.equal(contradiction(known), warnings, status)
    }
    // Whose file was verified is no other file: another checksum of that kind contradicts it.
    const verified = await local.ndvi(body(second), { 'cache-control': 'no-cache' })
    assert.equal(verified.proof.bands['red']?.producer_checksum.status, 'verified')
    assert.equal(contradiction(await local.ndvi(body(second))), 0)
    const other = await local.ndvi(body(first))
    assert.equal(other.proof.bands['red']?.producer_checksum.status, 'mismatch')
    assert.equal(contradiction(other), 1)
  })

  it('names no copy and no address of another caller, in a reply or in the record', async () => {
    const fresh = await local.ndvi(body(first, { max_size: 300 }), { 'cache-control': 'no-cache' })
    const text = JSON.stringify(await local.ndvi(body(bare, { max_size: 300 })))
    const record = await readFile(join(local.dataDir, 'results', `${fresh.id}.json`), 'utf8')
    for (const theirs of [hosts[0].url, 'first.example', wrong]) {
      assert.ok(!text.includes(theirs), theirs)
      if (theirs !== wrong) assert.ok(!record.includes(theirs), theirs)
    }
    const { item } = await local.ndvi(body(second, { max_size: 300 }))
    assert.equal(item.href, 'https://second.example/item.json')
  })

  it('has the warnings of this caller’s item', async () => {
    const odd = { ...bare, properties: { ...Object(bare['properties']), 'eo:cloud_cover': -7 } }
    const fresh = await local.ndvi(body(odd), { 'cache-control': 'no-cache' })
    const known = await local.ndvi(body(odd))
    assert.deepEqual([known.cached, known.warnings], [true, fresh.warnings])
  })

  it('is refused, as it would be made, to an item that says the scene lies elsewhere', async () => {
    const elsewhere = { ...bare, bbox: [10, 50, 11, 51] }
    const { code } = await local.refused(body(elsewhere))
    assert.equal(code, 'raster_unusable')
    assert.equal((await local.ndvi(body(bare))).cached, true)
  })
})

describe('no-cache', () => {
  const item = itemOf(null, null, 'https://first.example/item.json')
  const lying = itemOf(wrong, null, 'https://liar.example/item.json')
  const headers = { 'cache-control': 'no-cache' }
  const recordOf = async ({ id }: NdviReply) => {
    await deployed.services.settle()
    return readFile(join(deployed.dataDir, 'results', `${id}.json`), 'utf8')
  }

  it('of somebody without a token replaces no record; with one it does', async () => {
    const holder = { ...headers, authorization: `Bearer ${A}` }
    const before = await recordOf(await deployed.ndvi(body(item, { pin: false }), holder))
    const fresh = await deployed.ndvi(body(lying), headers)
    assert.deepEqual([fresh.cached, contradiction(fresh)], [false, 1])
    assert.ok((await recordOf(fresh)) === before)
    const replaced = await deployed.ndvi(body(lying, { pin: false }), holder)
    assert.notEqual(await recordOf(replaced), before)
  })
})

describe('a job', async () => {
  const secret = 'https://first.example/item.json'
  const item = itemOf(null, null, secret)
  const holder = { authorization: `Bearer ${A}` }
  const made = await deployed.ndvi(body(item, { max_size: 200, pin: false }), holder)
  const order: NdviOrder = {
    request: readNdviBody(body(item, { max_size: 200 })).request,
    pin: false,
    by: 'a',
    resolved: {
      href: secret,
      chosen: 'Best of the 2 items found at https://api.first.example/search.',
    },
  }
  const look = async (id: string, token: string) => {
    const headers = { authorization: `Bearer ${token}` }
    const response = await fetch(`${deployed.base}/jobs/${id}`, { headers })
    assert.equal(response.status, 200)
    return response.text()
  }

  it('shows its own caller where the item came from, and nobody else', async () => {
    await deployed.services.jobs.create(knownJob(made.id, order, Date.now()), never)
    const own = await look(made.id, A)
    assert.ok(own.includes(secret) && own.includes('Best of the 2 items'))
    const others = await look(made.id, B)
    assert.ok(!others.includes('first.example'), others)
    assert.deepEqual(JSON.parse(others).result.statistics, made.statistics)
  })

  it('that failed tells the addresses of its item to its own caller alone', async () => {
    const id = 'f'.repeat(64)
    const reason = {
      code: 'content_unavailable',
      message: 'https://first.example/red.tif could not be read.',
      details: ['https://first.example: HTTP 403'],
    } as const
    const failed = fail(newJob(id, order, false, Date.now()), reason, Date.now())
    await deployed.services.jobs.create(failed, never)
    assert.ok((await look(id, A)).includes('first.example: HTTP 403'))
    const others = await look(id, B)
    assert.ok(!others.includes('first.example') && others.includes('HTTP 403'), others)
  })
})
