// COMPUTE=token: without a token what is known is answered, and nothing is made or fetched.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { signTiles, tileSigner } from '../../../lib/http/tile-signature.ts'
import { sampleItem } from '../../../lib/sample/sample.ts'
import { problemOf, startApp } from './app-under-test.ts'

const TOKEN = '0123456789abcdef'
const withToken = { authorization: `Bearer ${TOKEN}` }
const onLambda = { AWS_LAMBDA_FUNCTION_NAME: 'api', COMPUTE: 'token' }
const guarded = await startApp({ ...onLambda, API_TOKENS: `ci:${TOKEN}` })
const closed = await startApp(onLambda)
const item = await sampleItem()

const post = (headers: Record<string, string>, fields: object = {}) =>
  ({
    method: 'POST',
    headers,
    body: JSON.stringify({ item, max_size: 64, outputs: ['item'], pin: false, ...fields }),
  }) satisfies RequestInit

describe('a deployment that computes for holders of a token', () => {
  it('refuses others what is not known, and computes it for them who have one', async () => {
    const problem = await problemOf(await guarded.ask('/ndvi', post({})))
    assert.deepEqual([problem.status, problem.code], [401, 'unauthorized'])
    assert.match(problem.detail, /^Computing what is not known here needs a token/)
    const response = await guarded.ask('/ndvi', post(withToken))
    assert.equal(response.status, 200)
  })

  it('answers what is known by then to everybody, and nothing else', async () => {
    await guarded.ask('/ndvi', post(withToken))
    const known = await guarded.ask('/ndvi', post({}))
    assert.equal(known.status, 200)
    assert.equal(JSON.parse(await known.text()).cached, true)
    const fresh = await guarded.ask('/ndvi', post({ 'cache-control': 'no-cache' }))
    assert.equal((await problemOf(fresh)).code, 'unauthorized')
    const other = await guarded.ask('/ndvi', post({}, { max_size: 65 }))
    assert.equal((await problemOf(other)).code, 'unauthorized')
  })

  it('fetches nothing for others: no item, no search, no tiles of a scene', async () => {
    const address = encodeURIComponent('https://stac.example/item.json')
    for (const path of [
      `/ndvi?item=${address}`,
      `/tilejson.json?item=${address}`,
      `/point?item=${address}&lon=0&lat=0`,
      '/scenes?bbox=0,0,1,1',
    ]) {
      assert.equal((await problemOf(await guarded.ask(path))).code, 'unauthorized', path)
    }
  })

  it('says that it is off where there is no token at all', async () => {
    const problem = await problemOf(await closed.ask('/ndvi', post({})))
    assert.deepEqual([problem.status, problem.code], [403, 'publishing_disabled'])
  })

  it('tells its health to everybody', async () => {
    assert.equal((await closed.ask('/health')).status, 200)
  })
})

describe('tiles of such a deployment', () => {
  const query = new URLSearchParams({ item: JSON.stringify(item), rescale: '0,1' }).toString()
  const askAt = async (address: string, init?: RequestInit) => {
    const { pathname, search } = new URL(address)
    return guarded.ask(`${pathname}${search}`, init)
  }
  const tileOf = (template: string) =>
    template.replace('{z}', '12').replace('{x}', '1366').replace('{y}', '2083')

  async function template(): Promise<string> {
    const told = await guarded.ask(`/tilejson.json?${query}`, { headers: withToken })
    assert.equal(told.status, 200)
    assert.equal(told.headers.get('cache-control'), 'private, max-age=300')
    assert.match(told.headers.get('vary') ?? '', /Authorization/)
    return JSON.parse(await told.text()).tiles[0]
  }

  it('are signed for the map that a holder of a token asked about', async () => {
    const address = tileOf(await template())
    const tile = await askAt(address)
    assert.equal(tile.status, 200)
    assert.equal(tile.headers.get('content-type'), 'image/png')
    const [, left] = /^private, max-age=(\d+)$/.exec(tile.headers.get('cache-control') ?? '') ?? []
    assert.ok(Number(left) > 86_000 && Number(left) <= 90_000, left)
    assert.equal(await template(), await template())
    const wmts = await guarded.ask(`/WMTSCapabilities.xml?${query}`, { headers: withToken })
    assert.match(await wmts.text(), /template="[^"]*&amp;sig=\d+\.[\w-]{43}"/)
  })

  it('that a token opens are kept by no cache of others', async () => {
    const address = new URL(tileOf(await template()))
    address.searchParams.delete('sig')
    const tile = await askAt(address.href, { headers: withToken })
    assert.equal(tile.status, 200)
    assert.match(tile.headers.get('cache-control') ?? '', /^private, /)
    assert.match(tile.headers.get('vary') ?? '', /Authorization/)
  })

  it('are refused without the signature, and with that of another map', async () => {
    const address = new URL(tileOf(await template()))
    const signature = address.searchParams.get('sig') ?? ''
    const [end, code] = signature.split('.')
    const changes: readonly Readonly<Record<string, string>>[] = [
      { rescale: '0,0.9' },
      { colormap_name: 'viridis' },
      { trust: 'transport' },
      { item: JSON.stringify({ ...item, id: 'other' }) },
      { sig: `${Number(end) + 1}.${code}` },
      { sig: `${end}.${'A'.repeat(43)}` },
      { sig: 'x' },
      { sig: '' },
    ]
    for (const change of changes) {
      const other = new URL(address)
      for (const [name, value] of Object.entries(change)) other.searchParams.set(name, value)
      const problem = await problemOf(await askAt(other.href))
      assert.equal(problem.code, 'unauthorized', JSON.stringify(change))
    }
    const bare = new URL(address)
    bare.searchParams.delete('sig')
    assert.equal((await problemOf(await askAt(bare.href))).code, 'unauthorized')
    // It opens nothing else.
    for (const path of ['/tilejson.json', '/point', '/ndvi']) {
      const place = path === '/point' ? '&lon=-59.9&lat=-3.12' : ''
      const response = await guarded.ask(`${path}${address.search}${place}`)
      assert.ok([400, 401].includes(response.status), path)
    }
  })

  it('are neither named in a log with what signs them, nor in a problem', async () => {
    const address = tileOf(await template())
    const signature = new URL(address).searchParams.get('sig') ?? assert.fail()
    await askAt(address)
    const far = new URL(address)
    far.pathname = '/tiles/99/0/0.png'
    const texts = [await (await askAt(far.href)).text(), ...guarded.lines]
    assert.ok(
      guarded.lines.some((line) => line.includes('"token":"ci"') && line.includes('/tiles/')),
    )
    for (const text of texts) assert.ok(!text.includes(signature.slice(-20)), text.slice(0, 200))
  })
})

describe('the signature of tiles', () => {
  const source = {
    kind: 'result',
    root: 'bafy',
    style: { rescale: [-1, 1], colormap_name: 'rdylgn' },
    resampling: 'nearest',
  } as const
  const ci = { name: 'ci', token: TOKEN }
  const other = { name: 'other', token: 'fedcba9876543210' }
  const now = Date.parse('2026-11-26T09:20:00Z')
  const hours = (count: number) => now + count * 3_600_000

  it('is good for a day, of each of several tokens, and not in another time', () => {
    const signature = signTiles(source, ci, now)
    assert.equal(signTiles(source, ci, hours(0.6)), signature)
    assert.notEqual(signTiles(source, ci, hours(0.7)), signature)
    assert.deepEqual(tileSigner(signature, source, [other, ci], now), { name: 'ci', left: 88_800 })
    assert.equal(tileSigner(signature, source, [ci], hours(24.6)).left, 240)
    for (const at of [hours(24.7), hours(-1)])
      assert.throws(() => tileSigner(signature, source, [ci], at), { code: 'unauthorized' })
    assert.throws(() => tileSigner(signature, source, [other], now), /not that of these tiles/)
    assert.throws(() => tileSigner(signature, source, [], now), /not that of these tiles/)
  })
})
