// What callers without a token leave: apart, found by everybody while it is there, and of no part in what lasts.

import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { after, it } from 'node:test'
import type { JsonObject } from '../../lib/model/json.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { startGateway } from '../harness/gateway.ts'
import { sceneItem } from '../harness/items.ts'
import { json, startSystem } from '../harness/system.ts'

const TOKEN = 'token-of-ann-0123456789'
const ann = { authorization: `Bearer ${TOKEN}` }

const blocks = new MemoryBlocks()
const item = await sceneItem('l8-c2l2-brumadinho-before', blocks)
const gateway = await startGateway(blocks)
const system = await startSystem({
  AWS_LAMBDA_FUNCTION_NAME: 'greenprint',
  API_TOKENS: `ann:${TOKEN}`,
  ALLOW_PRIVATE_HOSTS: 'false',
  IPFS_GATEWAYS: gateway.url,
})
after(async () => {
  await system.close()
  await gateway.close()
})

/** Folders of the store that hold anything, of what visitors left and of all else. */
async function folders(): Promise<{ theirs: Set<string>; ours: Set<string> }> {
  await system.services.settle()
  const entries = await readdir(system.dataDir, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(system.dataDir.length + 1))
    .filter((path) => !/^(cache|scratch|~)/.test(path))
  const isTheirs = (path: string) => path.startsWith('visitors/')
  const first = (path: string) => path.replace(/^visitors\//, '').split('/')[0] ?? ''
  return {
    theirs: new Set(paths.filter(isTheirs).map(first)),
    ours: new Set(paths.filter((path) => !isTheirs(path)).map(first)),
  }
}

it('lies in a folder of its own, and is served like all else', async () => {
  const body = { item, max_size: 64, outputs: ['figure', 'item'] }
  const made = await system.ndvi(body)
  assert.equal(made.cached, false)
  const { theirs, ours } = await folders()
  assert.deepEqual([...ours], [])
  for (const folder of ['blocks', 'results', 'beside', 'catalogue']) {
    assert.ok(theirs.has(folder), folder)
  }
  const again = await system.ndvi(body)
  assert.deepEqual([again.cached, again.root.cid], [true, made.root.cid])
  const file = await fetch(`${system.base}/ipfs/${made.root.cid}/figure.png`)
  assert.equal(file.status, 200)
  assert.equal((await file.arrayBuffer()).byteLength, made.assets['figure']?.size)
  const sources = await fetch(`${system.base}/results/${made.root.cid}/sources.json`)
  assert.equal(sources.status, 200)
  const found = await json<{ features: readonly JsonObject[] }>(
    await fetch(`${system.base}/stac/search?limit=10`),
  )
  assert.equal(found.features.length, 1)
  const place = `result=${made.root.cid}&lon=-44.12&lat=-20.12`
  assert.notEqual((await fetch(`${system.base}/point?${place}`)).status, 404)
})

it('is made anew for a token, from then on lasting and known to all', async () => {
  const body = { item, max_size: 64, outputs: ['figure', 'item'], pin: false }
  const made = await system.ndvi(body, ann)
  assert.equal(made.cached, false)
  const { ours } = await folders()
  for (const folder of ['blocks', 'results', 'beside', 'catalogue']) assert.ok(ours.has(folder))
  assert.equal((await system.ndvi(body, ann)).cached, true)
  assert.equal((await system.ndvi({ ...body, pin: false })).root.cid, made.root.cid)
  const found = await json<{ features: readonly JsonObject[] }>(
    await fetch(`${system.base}/stac/search?limit=10`),
  )
  assert.equal(found.features.length, 1)
})

it('is no verification of theirs either', async () => {
  const { ours } = await folders()
  const made = await system.ndvi({ item, max_size: 64, outputs: ['figure', 'item'] })
  const asked = { cid: made.root.cid }
  const headers = { 'content-type': 'application/json' }
  const request = { method: 'POST', body: JSON.stringify(asked), headers }
  const response = await fetch(`${system.base}/verify`, request)
  assert.equal(response.status, 200, await response.text())
  assert.deepEqual((await folders()).ours, ours)
})
