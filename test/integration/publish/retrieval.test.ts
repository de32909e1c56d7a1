// Whether what was published can be retrieved: asked of others, kept by root, told over HTTP, planned on AWS.

import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import type { PublicationReply } from '../../../lib/http/publications.ts'
import type { NdviReply } from '../../../lib/http/reply.ts'
import { blockKey, parseCid } from '../../../lib/ipld/cid.ts'
import { sampleRequest } from '../../../lib/sample/sample.ts'
import { MemoryBlocks } from '../../harness/blocks.ts'
import { startGateway } from '../../harness/gateway.ts'
import { json, startSystem } from '../../harness/system.ts'

const has = new MemoryBlocks()
const lacks = new MemoryBlocks()
const [one, other] = [await startGateway(has), await startGateway(lacks)]
const token = 'a-token-of-sixteen-and-more'
const env = {
  IPFS_GATEWAYS: 'http://127.0.0.1:9',
  PUBLISHERS: 'local',
  // Both are on loopback: they are told apart by name.
  PUBLIC_GATEWAY: `${one.url} ${other.url.replace('127.0.0.1', 'localhost')}`,
}
const system = await startSystem(env)
after(async () => {
  await system.close()
  await one.close()
  await other.close()
})
const request = await sampleRequest()
const ask = (path: string, init?: RequestInit) => fetch(`${system.base}/publications/${path}`, init)
const check = (root: string) => ask(`${root}/checks`, { method: 'POST' })

async function published(): Promise<NdviReply> {
  const reply = await system.ndvi({ ...request, pin: true })
  const { store } = system.services
  const signal = new AbortController().signal
  // What the first operator has: everything that the own store has of it.
  for (const { cid } of [reply.root, ...Object.values(reply.assets)]) {
    const bytes = await store.get(parseCid(cid), signal)
    if (bytes !== null) has.put(parseCid(cid), bytes)
  }
  const cog = reply.assets['cog']
  assert.ok(cog !== undefined)
  const car = await fetch(`${system.base}/ipfs/${cog.cid}?format=car`)
  const { decodeCar } = await import('../../../lib/ipld/car.ts')
  const { blocks } = await decodeCar(new Uint8Array(await car.arrayBuffer()))
  for (const { cid, bytes } of blocks) has.put(cid, bytes)
  return reply
}

describe('a published result', async () => {
  const { root } = await published()

  it('is told with who holds it, and nobody was asked yet', async () => {
    const body = await json<PublicationReply>(await ask(root.cid))
    assert.deepEqual(body, {
      root: root.cid,
      publications: [{ service: 'local', status: 'held', cid: root.cid }],
      retrievable: [],
      missing: [],
    })
  })

  it('is looked for at every operator, root and leaves, and each answer is kept', async () => {
    const response = await check(root.cid)
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('cache-control'), 'no-store')
    const body = await json<PublicationReply>(response)
    assert.deepEqual(
      body.retrievable.map(({ operator }) => operator),
      ['127.0.0.1'],
    )
    const [missing] = body.missing
    assert.equal(missing?.operator, 'localhost')
    assert.match(missing.reason, new RegExp(`^${root.cid}: HTTP 404`))
    assert.deepEqual(await json<PublicationReply>(await ask(root.cid)), body)
    assert.deepEqual(body.publications[0]?.status, 'held')
  })

  it('counts as retrieved by its hashes only', async () => {
    const key = blockKey(parseCid(root.cid))
    const right = has.map.get(key)
    assert.ok(right !== undefined)
    has.map.set(key, right.with(right.length - 1, 0))
    const body = await json<PublicationReply>(await check(root.cid))
    assert.match(JSON.stringify(body.missing), /do not hash to the CID/)
    assert.equal(body.retrievable.length, 1, 'it was there before')
    has.map.set(key, right)
  })

  it('is found once the others have it too', async () => {
    for (const [key, bytes] of has.map) lacks.map.set(key, bytes)
    const body = await json<PublicationReply>(await check(root.cid))
    assert.deepEqual([body.retrievable.length, body.missing], [2, []])
  })
})

describe('what was not published', () => {
  it('is not found, and what is not a CID is refused', async () => {
    const nobody = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi'
    assert.equal((await ask(nobody)).status, 404)
    assert.equal((await check(nobody)).status, 404)
    assert.equal((await ask('manaus')).status, 400)
    assert.equal((await check('manaus')).status, 400)
  })
})

describe('on Lambda', async () => {
  const deployed = await startSystem({
    ...env,
    PUBLISHERS: '',
    AWS_LAMBDA_FUNCTION_NAME: 'f',
    API_TOKENS: `a:${token}`,
  })
  after(() => deployed.close())

  it('only the holder of a token has it looked for', async () => {
    const url = `${deployed.base}/publications/bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi/checks`
    assert.equal((await fetch(url, { method: 'POST' })).status, 401)
    const headers = { authorization: `Bearer ${token}` }
    assert.equal((await fetch(url, { method: 'POST', headers })).status, 404)
  })
})

describe('without a gateway of another operator', async () => {
  const alone = await startSystem({ IPFS_GATEWAYS: 'http://127.0.0.1:9' })
  after(() => alone.close())

  it('it is published, planned for nothing, and a check says what is missing', async () => {
    const { root } = await alone.ndvi({ ...request, pin: true })
    const response = await fetch(`${alone.base}/publications/${root.cid}/checks`, {
      method: 'POST',
    })
    assert.equal(response.status, 403)
    assert.match(await response.text(), /set PUBLIC_GATEWAY/)
    assert.equal(alone.services.checkPlan, null)
  })
})
