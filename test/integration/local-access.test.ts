// The local system holds its developer's keys: what the pages of other sites and borrowed names get of it.

import assert from 'node:assert/strict'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, describe, it } from 'node:test'
import { MemoryBlocks } from '../harness/blocks.ts'
import { startGateway } from '../harness/gateway.ts'
import { sceneItem } from '../harness/items.ts'
import { startSystem } from '../harness/system.ts'

const blocks = new MemoryBlocks()
const item = await sceneItem('l8-c2l2-brumadinho-before', blocks)
const gateway = await startGateway(blocks)
const system = await startSystem({ IPFS_GATEWAYS: gateway.url, PUBLIC_URL: 'https://ndvi.example' })
after(async () => {
  await system.close()
  await gateway.close()
})

const json = { 'content-type': 'application/json' }
const body = JSON.stringify({ item, max_size: 64, outputs: ['item'] })
const query = `/ndvi?max_size=64&outputs=item&item=${encodeURIComponent(JSON.stringify(item))}`

/** By node:http, which sends any header as it is. */
async function ask(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  sent?: string,
) {
  const { port } = new URL(system.base)
  const outgoing = request({ host: '127.0.0.1', port, path, method, headers, agent: false })
  outgoing.end(sent)
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.on('response', resolve)
    outgoing.on('error', reject)
  })
  const told = await text(response)
  const problem = response.headers['content-type'] === 'application/problem+json'
  return {
    status: response.statusCode,
    code: problem ? JSON.parse(told).code : null,
    detail: problem ? String(JSON.parse(told).detail) : '',
    readable: response.headers['access-control-allow-origin'] ?? null,
    sendable: response.headers['access-control-allow-headers'] ?? null,
  }
}

describe('a Host', () => {
  for (const host of ['127.0.0.1', 'localhost:8080', '[::1]:8080', 'a.localhost', 'ndvi.example']) {
    it(`${host} is answered`, async () => {
      assert.equal((await ask('GET', '/health', { host })).status, 200)
    })
  }
  for (const host of [
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '192.0.2.1',
  ]) {
    it(`${host} is not`, async () => {
      for (const path of ['/health', '/ipfs/bafkqaaa', '/stac', '/_local/notify', '/ndvi']) {
        const answer = await ask('GET', path, { host })
        assert.deepEqual([answer.status, answer.code], [421, 'misdirected'], path)
      }
    })
  }
})

const foreigners = [
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { origin: 'http://127.0.0.1:1' },
  { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
]
describe('a page of another site', () => {
  for (const foreign of foreigners) {
    it(`by ${JSON.stringify(foreign)} makes the system do nothing`, async () => {
      const asked: readonly [string, string, Record<string, string>, string?][] = [
        ['POST', '/ndvi', json, body],
        ['POST', '/ndvi', { 'content-type': 'text/plain' }, body],
        ['GET', `${query}&pin=true`, {}],
        ['GET', `${query}&colormap_name=magma`, {}],
        ['GET', query, { prefer: 'respond-async' }],
        ['GET', query, { 'cache-control': 'no-cache' }],
        ['GET', '/ndvi?item=https://192.0.2.1/item.json', {}],
        ['GET', '/ndvi?search={}', {}],
        ['GET', '/health?deep=1', {}],
        ['POST', '/fingerprint', json, body],
        ['POST', '/_local/notify', json, '{}'],
        ['POST', '/_local/schedule', json, '{}'],
      ]
      for (const [method, path, headers, sent] of asked) {
        const answer = await ask(method, path, { ...headers, ...foreign }, sent)
        assert.deepEqual([answer.status, answer.code], [403, 'cross_site'], path)
      }
    })
  }

  it('may post a search of what was made here, as STAC Browser does', async () => {
    const origin = 'https://radiantearth.github.io'
    const asking = {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    } // prettier-ignore
    const asked = await ask('OPTIONS', '/stac/search', { origin, ...asking })
    assert.deepEqual([asked.status, asked.readable, asked.sendable], [204, '*', 'content-type'])
    const answer = await ask('POST', '/stac/search', { origin, ...json }, '{"limit": 1}')
    assert.deepEqual([answer.status, answer.readable], [200, '*'])
    assert.equal((await ask('OPTIONS', '/ndvi', { origin, ...asking })).status, 403)
  })

  it('reads what is known', async () => {
    const foreign = { origin: 'https://other.example', 'sec-fetch-site': 'cross-site' }
    assert.equal((await ask('POST', '/ndvi', json, body)).status, 200)
    for (const path of ['/health', query]) {
      const answer = await ask('GET', path, foreign)
      assert.deepEqual([answer.status, answer.readable], [200, '*'], path.slice(0, 60))
    }
  })
})

describe('a program and the own page', () => {
  const own = [
    {},
    { origin: system.base },
    { origin: 'https://ndvi.example', host: 'ndvi.example' },
  ]
  for (const headers of [
    ...own,
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'none' },
  ]) {
    it(`with ${JSON.stringify(headers)} may compute`, async () => {
      assert.equal((await ask('POST', '/ndvi', { ...json, ...headers }, body)).status, 200)
    })
  }
})

describe('a body', () => {
  const others = [
    'text/plain;charset=UTF-8',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
  ]
  for (const type of others) {
    it(`of ${type} is refused with the header to send`, async () => {
      for (const path of ['/ndvi', '/fingerprint', '/_local/notify']) {
        const answer = await ask('POST', path, { 'content-type': type }, body)
        assert.deepEqual([answer.status, answer.code], [415, 'unsupported_media_type'], path)
        assert.match(answer.detail, /Content-Type: application\/json/)
      }
    })
  }
  for (const type of [
    'application/json; charset=utf-8',
    'application/geo+json',
    'APPLICATION/JSON',
  ]) {
    it(`of ${type} is read`, async () => {
      assert.equal((await ask('POST', '/ndvi', { 'content-type': type }, body)).status, 200)
    })
  }
})
