// Publishing to a real Kubo: what the node then holds, gives out and exports, and what it refuses.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { createHttp } from '../../lib/net/http.ts'
import { createKuboPublisher } from '../../lib/publish/kubo.ts'
import { type Kubo, startKubo } from '../harness/kubo.ts'
import { kubo as kuboBinary, skipWithoutKubo } from '../harness/peers.ts'
import { startSystem, type TestSystem } from '../harness/system.ts'
import { carOfBytes, sampleFiles, uploadOf } from '../unit/publish/sample-files.ts'

const signal = new AbortController().signal
const http = createHttp({ allowedHosts: [], allowPrivate: false })
const token = 'a-token-of-the-node'
const authorizations = {
  'API.Authorizations': {
    greenprint: { AuthSecret: `bearer:${token}`, AllowedPaths: ['/api/v0'] },
  },
}

describe('a result published to Kubo', () => {
  let node: Kubo
  let system: TestSystem
  let root = ''
  let skipped = false

  before(async (t) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a hook's context skips as a test's does
    skipped = skipWithoutKubo(t as never)
    if (skipped) return
    node = await startKubo()
    // The sample's blocks are at hand: no gateway is asked.
    system = await startSystem({ KUBO_RPC_URL: node.rpc, IPFS_GATEWAYS: 'http://127.0.0.1:9' })
  })
  after(async () => {
    if (skipped) return
    await system.close()
    await node[Symbol.asyncDispose]()
  })

  it('is held by the node, with its evidence', async (t) => {
    if (skipped) return t.skip()
    const { sampleRequest } = await import('../../lib/sample/sample.ts')
    const reply = await system.ndvi({ ...(await sampleRequest()), pin: true })
    assert.deepEqual(reply.publications, [{ service: 'kubo', status: 'held', cid: reply.root.cid }])
    root = reply.root.cid
    const pins = await node.ipfs('pin', 'ls', '--type=recursive', '--quiet')
    assert.ok(pins.split('\n').includes(root))
  })

  it('is read from the node by path, by its gateway, and counted there', async (t) => {
    if (skipped) return t.skip()
    const ours = await fetch(`${system.base}/ipfs/${root}/figure.png`)
    const figure = Buffer.from(await ours.arrayBuffer())
    const theirs = await fetch(`${node.gateway}/ipfs/${root}/figure.png`)
    assert.equal(theirs.status, 200)
    assert.ok(Buffer.from(await theirs.arrayBuffer()).equals(figure))
    const cat = await run(node, 'cat', `${root}/figure.png`)
    assert.ok(cat.equals(figure))
    const stat = JSON.parse(await node.ipfs('dag', 'stat', '--enc=json', '--progress=false', root))
    const { bytes } = await carOf(system, root)
    assert.equal(stat.UniqueBlocks, (await blocksOf(bytes)).length)
  })

  it('is exported by the node as the very CAR that /ipfs serves', async (t) => {
    if (skipped) return t.skip()
    const exported = await run(node, 'dag', 'export', root)
    const { bytes, headers } = await carOf(system, root)
    assert.ok(exported.equals(bytes))
    const theirs = await fetch(`${node.gateway}/ipfs/${root}?format=car`)
    assert.ok(Buffer.from(await theirs.arrayBuffer()).equals(bytes))
    assert.equal(headers.get('content-type'), theirs.headers.get('content-type'))
  })

  it('is answered from the record afterwards, and the node is asked no more', async (t) => {
    if (skipped) return t.skip()
    const { sampleRequest } = await import('../../lib/sample/sample.ts')
    const again = await system.ndvi({ ...(await sampleRequest()), pin: true })
    assert.deepEqual([again.cached, again.publications[0]?.status], [true, 'held'])
  })
})

describe('Kubo itself', () => {
  it('takes an upload with a token, refuses it without, and once more costs nothing', async (t) => {
    if (skipWithoutKubo(t)) return
    await using node = await startKubo({ config: authorizations })
    const upload = await uploadOf(sampleFiles())
    const publisher = (authorization: string) =>
      createKuboPublisher({ url: node.rpc, headers: { authorization } }, http)
    await assert.rejects(publisher('Bearer wrong-token').publish(upload, signal), {
      code: 'publishing_failed',
      message: /does not accept KUBO_RPC_HEADERS \(HTTP 403\)/,
    })
    const right = publisher(`Bearer ${token}`)
    const receipts = await Promise.all([right, right].map((one) => one.publish(upload, signal)))
    assert.deepEqual(receipts, [{ status: 'held' }, { status: 'held' }])
    assert.deepEqual(await right.publish(upload, signal), { status: 'held' })
  })

  it('answers 200 for a root whose blocks it lacks, and that is not held', async (t) => {
    if (skipWithoutKubo(t)) return
    await using node = await startKubo()
    const upload = await uploadOf(sampleFiles())
    const { encodeCar } = await import('../../lib/ipld/car.ts')
    const { verifyBlock } = await import('../../lib/ipld/verify.ts')
    const { offset = 0, length = 0 } =
      upload.sampleBlocks.find(({ cid }) => cid.equals(upload.root)) ?? {}
    const bytes = verifyBlock(upload.root, upload.bytes.slice(offset, offset + length))
    assert.ok(bytes !== null)
    const { bytes: car } = await encodeCar(upload.root, [{ cid: upload.root, bytes }])
    const publisher = createKuboPublisher({ url: node.rpc, headers: {} }, http)
    await assert.rejects(publisher.publish({ ...upload, car: carOfBytes(car) }, signal), {
      code: 'publishing_failed',
      message: /does not pin it: .*not found/,
    })
    const cut = upload.bytes.slice(0, upload.bytes.length - 100)
    await assert.rejects(
      publisher.publish({ ...upload, car: carOfBytes(cut) }, signal),
      /unexpected EOF/,
    )
    const flipped = upload.bytes.with(upload.bytes.length - 1, (upload.bytes.at(-1) ?? 0) ^ 1)
    await assert.rejects(
      publisher.publish({ ...upload, car: carOfBytes(new Uint8Array(flipped)) }, signal),
      /mismatch in content integrity/,
    )
  })
})

async function carOf(system: TestSystem, root: string) {
  const response = await fetch(`${system.base}/ipfs/${root}?format=car`)
  assert.equal(response.status, 200)
  return { bytes: Buffer.from(await response.arrayBuffer()), headers: response.headers }
}

async function blocksOf(car: Buffer) {
  const { decodeCar } = await import('../../lib/ipld/car.ts')
  return (await decodeCar(new Uint8Array(car))).blocks
}

/** What `ipfs` printed, as bytes. */
async function run(node: Kubo, ...args: readonly string[]): Promise<Buffer> {
  const options = {
    env: { ...process.env, IPFS_PATH: node.repository },
    encoding: 'buffer',
    maxBuffer: 64 * 1024 * 1024,
  } as const
  const { stdout } = await promisify(execFile)(kuboBinary(), [...args], options)
  return stdout
}
