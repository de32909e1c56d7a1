// Results beside a real Kubo: the root that it would make, a scene read from it, and what it fetches from us.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createSecureServer } from 'node:http2'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { encodeCar } from '../../lib/ipld/car.ts'
import { parseCid } from '../../lib/ipld/cid.ts'
import { verifyBlock } from '../../lib/ipld/verify.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { makeCertificate } from '../harness/certificate.ts'
import { startDelegatedRouter } from '../harness/delegated-router.ts'
import { startGateway } from '../harness/gateway.ts'
import { walkDag } from '../harness/import-dag.ts'
import { sceneItem } from '../harness/items.ts'
import { type Kubo, startKubo } from '../harness/kubo.ts'
import { skipWithoutKubo } from '../harness/peers.ts'
import { startSystem, type TestSystem } from '../harness/system.ts'

const blocks = new MemoryBlocks()
const item = await sceneItem('s2-l2a-29RKH', blocks)
const gateway = await startGateway(blocks)
const system = await startSystem({ IPFS_GATEWAYS: gateway.url, PUBLISHERS: 'local' })
const request = { item, outputs: ['figure', 'cog', 'item'] }
const reply = await system.ndvi(request)
const folder = await mkdtemp(join(tmpdir(), 'greenprint-results-'))
after(async () => {
  await system.close()
  await gateway.close()
  await rm(folder, { recursive: true, force: true })
})

/** Every file of the result, in a folder. */
async function download(): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  await mkdir(join(folder, 'ours'), { recursive: true })
  const names = Object.values(reply.assets).map(({ href }) => href.split('/').at(-1) ?? '')
  for (const name of names) {
    const response = await fetch(`${system.base}/ipfs/${reply.root.cid}/${name}`)
    const bytes = Buffer.from(await response.arrayBuffer())
    files.set(name, bytes)
    await writeFile(join(folder, 'ours', name), bytes)
  }
  return files
}

describe('a result', () => {
  it('has the root that `ipfs add -r` gives its files', async (t) => {
    if (skipWithoutKubo(t)) return
    await using node = await startKubo({ profiles: ['unixfs-v1-2025'] })
    const files = await download()
    assert.ok(files.size >= 3)
    const root = await node.ipfs('add', '-r', '-Q', '--pin=false', join(folder, 'ours'))
    assert.equal(root.trim(), reply.root.cid)
  })

  it('is the same when its scene is read through Kubo alone', { timeout: 60_000 }, async (t) => {
    if (skipWithoutKubo(t)) return
    await using node = await startKubo()
    for (const cid of await bandsOf(system)) await give(node, cid)
    const through = await startSystem({ IPFS_GATEWAYS: node.gateway })
    try {
      const again = await through.ndvi(request)
      assert.equal(again.root.cid, reply.root.cid)
      const sources = Object.values(again.proof.bands).flatMap((band) => Object.keys(band.sources))
      assert.ok(
        sources.length > 0 && sources.every((name) => name === node.gateway),
        sources.join(' '),
      )
    } finally {
      await through.close()
    }
  })

  it('is fetched by Kubo from us, once our gateway stands behind TLS and HTTP/2', {
    timeout: 90_000,
  }, async (t) => {
    if (skipWithoutKubo(t)) return
    const front = await startFront(system.base)
    await using router = await startDelegatedRouter(`/ip4/127.0.0.1/tcp/${front.port}/tls/http`)
    await using node = await startKubo({
      online: true,
      config: {
        'HTTPRetrieval.Enabled': true,
        'HTTPRetrieval.TLSInsecureSkipVerify': true,
        'Routing.Type': 'delegated',
        'Routing.DelegatedRouters': [router.url],
        'Gateway.NoFetch': false,
        'Provide.Enabled': false,
      },
    })
    try {
      await node.ipfs('get', '-o', join(folder, 'theirs'), '--progress=false', reply.root.cid)
      for (const [name, bytes] of await download()) {
        assert.ok(bytes.equals(await readFile(join(folder, 'theirs', name))), name)
      }
      assert.ok(front.asked.some((line) => line.startsWith('HEAD /ipfs/bafkqaaa')))
      assert.ok(front.asked.every((line) => !line.includes('car')))
    } finally {
      await front.stop()
    }
  })
})

async function bandsOf({ services }: TestSystem): Promise<string[]> {
  const result = await services.results.get(reply.id, new AbortController().signal)
  return Object.values(result?.proof.bands ?? {}).flatMap(({ cid }) => cid ?? [])
}

/** Puts a file into the node, block by block as it is. */
async function give(node: Kubo, cid: string): Promise<void> {
  const root = parseCid(cid)
  const dag = await walkDag(root, async (child) => {
    const bytes = blocks.get(child)
    return bytes && verifyBlock(child, bytes)
  })
  assert.ok(dag !== null)
  const path = join(folder, `${cid}.car`)
  await writeFile(path, (await encodeCar(root, dag)).bytes)
  await node.ipfs('dag', 'import', path)
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only a pipe's address is a string
  return (server.address() as AddressInfo).port
}

/** HTTP/2 over TLS before our gateway, as a load balancer. */
async function startFront(base: string) {
  const asked: string[] = []
  const { key, cert } = makeCertificate()
  const server = createSecureServer({ key, cert, allowHTTP1: true }, (request, response) => {
    void (async () => {
      asked.push(`${request.method} ${request.url}`)
      const { accept = '*/*' } = request.headers
      const reply = await fetch(`${base}${request.url}`, {
        method: request.method,
        headers: { accept },
      })
      const kept = [...reply.headers].filter(
        ([name]) => !/^(connection|keep-alive|transfer)/.test(name),
      )
      response.writeHead(reply.status, Object.fromEntries(kept))
      response.end(Buffer.from(await reply.arrayBuffer()))
    })()
  })
  const port = await listen(server)
  return { port, asked, stop: async () => void server.close() }
}
