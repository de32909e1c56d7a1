// A catalogue and files inside: hosts that PRIVATE_HOSTS names are asked by plain http:, wherever they are, and no
// other private host is, neither by a caller's word nor by a redirect nor by a name that is bound anew.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { JsonObject } from '../../../lib/model/json.ts'
import { MemoryBlocks } from '../../harness/blocks.ts'
import { stacApi } from '../../harness/catalogue-hosts.ts'
import { startGateway, type TestGateway } from '../../harness/gateway.ts'
import { sceneItem } from '../../harness/items.ts'
import { PUBLIC_ADDRESS, type PublicHost, startPublicHost } from '../../harness/public-host.ts'
import { startSystem, type TestSystem } from '../../harness/system.ts'
import { serve } from '../../unit/net/loopback.ts'

const SCENE = 's2-l2a-29RKH'
const blocks = new MemoryBlocks()
const asked: string[] = []

let item: JsonObject
let inside: string
let publicHost: PublicHost
let gateway: TestGateway
let system: TestSystem

before(async () => {
  item = { ...(await sceneItem(SCENE, blocks)), collection: 'scenes' }
  gateway = await startGateway(blocks)
  publicHost = await startPublicHost((request, response) => {
    const location = new URL(request.url ?? '', 'https://x').searchParams.get('to')
    // A closed connection makes the next request ask for the name again.
    const headers = { connection: 'close' }
    if (location === null) response.writeHead(200, headers).end('{"type":"Collection"}')
    else response.writeHead(302, { ...headers, location }).end()
  })
  const answer = stacApi(() => [item], '')
  inside = await serve((request, response) => {
    asked.push(`${request.headers.host} ${request.url}`)
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
    const to = url.searchParams.get('to')
    if (url.pathname === '/item.json') response.end(JSON.stringify(item))
    else if (to === null) void answer(request, response, url, String)
    else response.writeHead(302, { location: to }).end()
  })
  // As a deployment is: what is not listed has to be public.
  system = await startSystem(
    {
      IPFS_GATEWAYS: gateway.url,
      ALLOW_PRIVATE_HOSTS: 'false',
      PRIVATE_HOSTS: 'localhost',
      STAC_API_URL: named(''),
    },
    publicHost.lookup,
  )
})
after(async () => {
  await system.close()
  await gateway.close()
  await publicHost.close()
})

/** By the name that is listed; the server listens at an address that is not. */
const named = (path: string) => `${inside.replace('127.0.0.1', 'localhost')}${path}`

describe('a host that is listed', () => {
  it('is asked by plain http: for a search and for an item', async () => {
    const found = await system.ndvi({ search: { collections: ['scenes'] }, max_size: 64 })
    assert.equal(found.item.id, item['id'])
    const read = await system.ndvi({ item: named('/item.json'), max_size: 64 })
    assert.equal(read.root.cid, found.root.cid)
    assert.ok(asked.length >= 2 && asked.every((line) => line.startsWith('localhost:')))
  })

  it('is where a public host, or itself, may redirect to', async () => {
    for (const from of [publicHost.url, named('')]) {
      const hop = `${from}/?to=${encodeURIComponent(named('/item.json'))}`
      const { item: read } = await system.ndvi({ item: hop, max_size: 64 })
      assert.equal(read.id, item['id'], from)
    }
  })
})

describe('every other private host', () => {
  it('is refused, by its address too, and by a redirect of the one that is listed', async () => {
    const before = asked.length
    const address = `${inside}/item.json`
    for (const url of [
      address,
      address.replace('http:', 'https:'),
      address.replace('127.0.0.1', 'below.localhost'),
      'https://169.254.169.254/latest/meta-data/',
    ]) {
      const { code } = await system.refused({ item: url })
      assert.equal(code, 'host_refused', url)
      const hop = named(`/?to=${encodeURIComponent(url)}`)
      assert.equal((await system.refused({ item: hop })).code, 'host_refused', hop)
    }
    const own = asked.slice(before).filter((line) => !line.includes('/?to='))
    assert.deepEqual(own, [])
  })

  it('is refused by a name that is bound anew', async () => {
    publicHost.names.set('rebound.public.example', [[PUBLIC_ADDRESS], ['127.0.0.1']])
    const url = `https://rebound.public.example:${publicHost.port}/item.json`
    assert.equal((await system.refused({ item: url })).code, 'item_invalid')
    const { code, detail } = await system.refused({ item: url })
    assert.equal(code, 'host_refused')
    assert.match(detail, /resolves to an address that is not public/)
  })
})
