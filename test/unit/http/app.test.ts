// The routes: what is there, what is not, what a body may be, and how long an answer may take.
// Long: many situations of one subject, on one set of servers and helpers.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sampleItem } from '../../../lib/sample/sample.ts'
import { serve } from '../net/loopback.ts'
import { problemOf, startApp } from './app-under-test.ts'

const TOKEN = '0123456789abcdef'
const secrets = {
  W3UP_URL: 'https://up.example.org',
  W3UP_DID: 'did:web:up.example.org',
  W3UP_KEY: 'SECRET-key',
  W3UP_PROOF: 'SECRET-proof',
  API_TOKENS: `ci:SECRET-${TOKEN}`,
  IPFS_GATEWAYS: 'https://gw.example/SECRET-path|Authorization: Bearer SECRET-header',
  S3_BUCKET: 'bucket',
  S3_ENDPOINT: 'https://s3.example',
  S3_ACCESS_KEY_ID: 'SECRET-id',
  S3_SECRET_ACCESS_KEY: 'SECRET-secret',
  PUBLISHERS: 'w3up',
}
const lambda = { AWS_LAMBDA_FUNCTION_NAME: 'greenprint-api' }

const local = await startApp()
const closed = await startApp(lambda)
const guarded = await startApp({ ...lambda, API_TOKENS: `ci:${TOKEN}` })

const post = (body: string, headers: Record<string, string> = {}) =>
  ({ method: 'POST', body, headers }) satisfies RequestInit
const anItem = JSON.stringify({ item: { type: 'Collection' } })

describe('health', () => {
  it('tells version and configuration and no secret', async () => {
    const app = await startApp(secrets)
    const response = await app.ask('/health')
    const text = await response.text()
    assert.equal(response.status, 200)
    assert.doesNotMatch(text, /SECRET/)
    const { software, node, ...rest } = JSON.parse(text)
    assert.match(software, /^greenprint \d+\.\d+\.\d+/)
    assert.equal(node, process.version)
    assert.deepEqual(rest, {
      status: 'ok',
      gateways: ['https://gw.example'],
      stac_api: 'http://127.0.0.1:8080/stac',
      store: 's3',
      publishers: ['w3up'],
      publishing: 'open',
    })
  })

  it('tells whether publishing is open, by token or off', async () => {
    const told = async (app: typeof local) => JSON.parse(await (await app.ask('/health')).text())
    assert.equal((await told(local)).publishing, 'open')
    assert.equal((await told(guarded)).publishing, 'by token')
    assert.equal((await told(closed)).publishing, 'off')
    assert.equal((await told(closed)).store, 'disk')
  })

  it('answers HEAD', async () => {
    const response = await local.ask('/health', { method: 'HEAD' })
    assert.equal(response.status, 200)
    assert.equal(await response.text(), '')
  })
})

describe('OPTIONS', () => {
  it('is answered with the methods of the address', async () => {
    const response = await local.ask('/ndvi', { method: 'OPTIONS' })
    assert.deepEqual([response.status, await response.text()], [204, ''])
    assert.equal(response.headers.get('allow'), 'GET, HEAD, POST, OPTIONS')
    // Pages of other sites may not ask the local system for more than it shows to them.
    assert.equal(response.headers.get('access-control-allow-origin'), null)
    assert.equal((await problemOf(await local.ask('/no', { method: 'OPTIONS' }))).status, 404)
  })
})

describe('what is not there', () => {
  const rows = [
    ['GET', '/nothing'],
    ['POST', '/nothing'],
    ['GET', '/ndvi/'],
    ['GET', '/NDVI'],
  ] as const
  for (const [method, path] of rows) {
    it(`${method} ${path} is a problem that names what is`, async () => {
      const problem = await problemOf(await local.ask(path, { method }))
      assert.deepEqual([problem.status, problem.code], [404, 'not_found'])
      assert.ok(
        problem.detail.startsWith(
          `There is no route ${method} ${path}; the routes are GET /health, GET /ndvi, POST /ndvi`,
        ),
      )
    })
  }
})

describe('a method that an address does not take', () => {
  const rows = [
    ['POST', '/health', 'GET, HEAD, OPTIONS'],
    ['PUT', '/ndvi', 'GET, HEAD, POST, OPTIONS'],
    ['DELETE', '/ndvi', 'GET, HEAD, POST, OPTIONS'],
    ['PATCH', '/ndvi', 'GET, HEAD, POST, OPTIONS'],
    ['GET', '/verify', 'POST, OPTIONS'],
    ['PUT', '/stac/collections/ndvi/items/a', 'GET, HEAD, OPTIONS'],
  ] as const
  for (const [method, path, allow] of rows) {
    it(`${method} ${path} is a problem that names those that it takes`, async () => {
      const response = await local.ask(path, { method })
      assert.equal(response.headers.get('allow'), allow)
      const problem = await problemOf(response)
      assert.deepEqual([problem.status, problem.code], [405, 'method_not_allowed'])
    })
  }
})

describe('a body', () => {
  const bodies = ['', '{', 'item=x', '{"item":"x"', '<item/>', '\u0000']
  for (const body of bodies) {
    it(`of ${JSON.stringify(body)} is not JSON`, async () => {
      const problem = await problemOf(await local.ask('/ndvi', post(body)))
      assert.deepEqual([problem.status, problem.code], [400, 'invalid_request'])
      assert.match(problem.detail, /not valid JSON/)
    })
  }

  it('of JSON that is no request is told field by field', async () => {
    const problem = await problemOf(await local.ask('/ndvi', post('{"scale":"x","item":"y"}')))
    assert.equal(problem.code, 'invalid_request')
    assert.deepEqual(
      problem.details?.map((line) => line.split(':')[0]),
      ['scale'],
    )
  })

  it('may be 1 MiB and not a byte more, whether it tells its length or not', async () => {
    const padded = (bytes: number) => anItem.padEnd(bytes, ' ')
    for (const lengths of [true, false]) {
      const send = (body: string) => {
        const headers: Record<string, string> = lengths
          ? { 'content-length': String(body.length) }
          : {}
        return local.ask('/ndvi', post(body, headers))
      }
      assert.equal((await problemOf(await send(padded(1_048_576)))).code, 'item_invalid')
      const problem = await problemOf(await send(padded(1_048_577)))
      assert.deepEqual([problem.status, problem.code], [413, 'too_large'])
      assert.match(problem.detail, /at most 1048576 bytes: give an item by its URL, an area/)
    }
  })

  it('is read as JSON whatever it calls itself', async () => {
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
      const response = await local.ask('/ndvi', post(anItem, { 'content-type': type }))
      assert.equal((await problemOf(response)).code, 'item_invalid')
    }
  })

  it('nested without end is a fault of the caller', async () => {
    const nested = `{"item":{"a":${'['.repeat(300_000)}${']'.repeat(300_000)}}}`
    const problem = await problemOf(await local.ask('/ndvi', post(nested)))
    assert.deepEqual([problem.status, problem.code], [400, 'invalid_request'])
  })
})

describe('a question', () => {
  const ask = (query: string, headers: Record<string, string> = {}) =>
    local.ask(`/ndvi?${query}`, { headers })

  it('about nothing is refused', async () => {
    const problem = await problemOf(await local.ask('/ndvi'))
    assert.match(problem.detail, /give exactly one of item and search/)
  })

  it('for another format than json, png and webp is refused', async () => {
    const problem = await problemOf(await ask('item={"type":"Collection"}&f=tiff'))
    assert.match(problem.detail, /f must be json, png or webp/)
  })

  it('about an item that is none says so, in any format', async () => {
    for (const suffix of ['', '&f=json', '&f=png']) {
      const response = await ask(`item={"type":"Collection"}${suffix}`, { accept: 'image/png' })
      assert.equal((await problemOf(response)).code, 'item_invalid')
    }
  })

  it('about an item at a private address is refused on Lambda', async () => {
    for (const item of [
      'http://127.0.0.1/item.json',
      'https://169.254.169.254/',
      'file:///etc/passwd',
    ]) {
      const response = await closed.ask(`/ndvi?item=${encodeURIComponent(item)}`)
      const problem = await problemOf(response)
      assert.deepEqual([problem.status, problem.code], [400, 'host_refused'], item)
    }
  })
})

describe('an area', async () => {
  const item = await sampleItem()
  const ask = async (bbox?: readonly number[] | string) =>
    local.ask(
      '/ndvi',
      post(JSON.stringify({ item, bbox, max_size: 250, outputs: ['item'], pin: false })),
    )

  it('that is the whole world, or a continent, is the whole scene', async () => {
    const whole = JSON.parse(await (await ask()).text())
    assert.deepEqual(whole.grid.shape, [117, 212])
    for (const bbox of [
      [-180, -90, 180, 90],
      [-180, -60, 0, 60],
      [-82, -56, -34, 13],
      [100, -80, 99, 80],
    ]) {
      const response = await ask(bbox)
      const { grid, statistics } = JSON.parse(await response.text())
      assert.equal(response.status, 200, bbox.join(' '))
      assert.deepEqual([grid, statistics], [whole.grid, whole.statistics], bbox.join(' '))
    }
  })

  it('may be text by comma, as a query has it; other text is told what it must be', async () => {
    const box = [-59.95, -3.17, -59.85, -3.11]
    const [list, text] = [await ask(box), await ask(box.join(', '))]
    const [one, other] = [JSON.parse(await list.text()), JSON.parse(await text.text())]
    assert.deepEqual([other.id, text.status], [one.id, 200])
    for (const wrong of ['POLYGON((0 0, 1 1, 1 0, 0 0))', '1,2,,4', '1 2 3 4', '--1,2,3,4']) {
      const { code, detail } = await problemOf(await ask(wrong))
      assert.equal(code, 'invalid_request')
      assert.match(detail, /bbox: must be four numbers/, wrong)
    }
  })

  it('on the other side of the Earth is told where the scene is', async () => {
    for (const bbox of [
      [119, 2, 121, 4],
      [0, -4, 1, -3],
    ]) {
      const problem = await problemOf(await ask(bbox))
      assert.equal(problem.code, 'outside_scene')
      assert.match(problem.detail, /does not touch the scene, which covers \[-60\.0091, -3\.2077, /)
    }
  })
})

describe('publishing on Lambda', () => {
  const withToken = { authorization: `Bearer ${TOKEN}` }
  const pinned = JSON.stringify({ item: { type: 'Collection' }, pin: true })

  it('is 403 without any configured token, by POST and by GET', async () => {
    for (const response of [
      await closed.ask('/ndvi', post(pinned)),
      await closed.ask('/ndvi', post(pinned, withToken)),
      await closed.ask('/ndvi?item={}&pin=true'),
    ]) {
      const problem = await problemOf(response)
      assert.deepEqual([problem.status, problem.code], [403, 'publishing_disabled'])
    }
  })

  it('is 401 without a token of the caller, before anything is read or computed', async () => {
    for (const headers of [{}, { authorization: 'Bearer wrong' }]) {
      const response = await guarded.ask('/ndvi', post(pinned, headers))
      assert.equal(response.headers.get('www-authenticate'), 'Bearer')
      assert.equal((await problemOf(response)).code, 'unauthorized')
      const got = await guarded.ask('/ndvi?item={}&pin=true', { headers })
      assert.equal((await problemOf(got)).code, 'unauthorized')
    }
  })

  it('goes on to the item with one', async () => {
    const response = await guarded.ask('/ndvi', post(pinned, withToken))
    assert.equal((await problemOf(response)).code, 'item_invalid')
  })

  it('is not asked for by default without a token', async () => {
    for (const app of [closed, guarded]) {
      assert.equal((await problemOf(await app.ask('/ndvi', post(anItem)))).code, 'item_invalid')
    }
  })
})

describe('time', () => {
  it('ends an answer a second before the function would be stopped', async () => {
    const origin = await serve(() => undefined)
    const started = performance.now()
    const response = await local.ask(
      `/ndvi?item=${encodeURIComponent(`${origin}/item.json`)}`,
      {},
      { lambdaContext: { getRemainingTimeInMillis: () => 1_080 } },
    )
    const problem = await problemOf(response)
    assert.deepEqual([problem.status, problem.code], [504, 'deadline_exceeded'])
    assert.match(problem.detail, /Ask for a smaller max_size or area/)
    assert.ok(performance.now() - started < 5_000)
  })

  it('that is up already is told at once', async () => {
    const origin = await serve(() => undefined)
    const response = await local.ask(
      `/ndvi?item=${encodeURIComponent(`${origin}/item.json`)}`,
      {},
      { lambdaContext: { getRemainingTimeInMillis: () => 10 } },
    )
    assert.equal((await problemOf(response)).code, 'deadline_exceeded')
  })
})
