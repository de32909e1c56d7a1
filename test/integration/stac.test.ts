// /stac: what was made here, found again as the STAC API specification says, and what is asked wrongly refused.
// Long: many situations of one subject, on one set of servers and helpers.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createCatalogue } from '../../lib/catalogue/catalogue.ts'
import type { Problem } from '../../lib/http/problem.ts'
import type { JsonObject } from '../../lib/model/json.ts'
import { sampleItem } from '../../lib/sample/sample.ts'
import { createDiskStore } from '../../lib/store/disk/disk.ts'
import { json, startSystem, type TestSystem } from '../harness/system.ts'

const { signal } = new AbortController()

interface Page {
  readonly features: readonly (JsonObject & { readonly id: string; readonly collection: string })[]
  readonly numberReturned: number
  readonly links: readonly {
    readonly rel: string
    readonly href: string
    readonly method?: string
    readonly body?: JsonObject
  }[]
}

let system: TestSystem
let made: string
before(async () => {
  system = await startSystem({ IPFS_GATEWAYS: 'http://127.0.0.1:9' })
  const { root } = await system.ndvi({ item: await sampleItem(), outputs: ['item', 'cog'] })
  made = root.cid
  for (const [id, datetime, bbox, more] of others) await put(id, datetime, bbox, more)
})
after(() => system.close())

const others: readonly (readonly [
  id: string,
  datetime: string,
  bbox: readonly number[],
  more?: JsonObject,
])[] = [
  ['a', '2020-01-01T00:00:00Z', [0, 0, 1, 1], { 'eo:cloud_cover': 5, platform: 'landsat-8' }],
  ['b', '2021-06-15T12:30:31.279905Z', [10, -10, 11, -9], { 'eo:cloud_cover': 50 }],
  ['c', '2022-12-31T23:59:59Z', [0.5, 0.5, 2, 2], { platform: 'landsat-9' }],
  ['fiji', '2023-01-01T00:00:00Z', [179.5, -18, -179.5, -17]],
  ['month', '2019-03-01T00:00:00Z/2019-03-31T23:59:59Z', [50, 50, 51, 51]],
]

function put(
  id: string,
  datetime: string,
  bbox: readonly number[],
  more: JsonObject = {},
  into = system.services.catalogue,
): Promise<boolean> {
  const [west = 0, south = 0, east = 0, north = 0] = bbox
  const end = east < west ? east + 360 : east
  const ring = [
    [west, south],
    [end, south],
    [end, north],
    [west, north],
    [west, south],
  ]
  const [start, last] = datetime.split('/')
  const time =
    last === undefined
      ? { datetime }
      : { datetime: null, start_datetime: start ?? '', end_datetime: last }
  const item = {
    type: 'Feature',
    stac_version: '1.1.0',
    id,
    geometry: { type: 'Polygon', coordinates: [ring] },
    bbox,
    properties: { ...time, ...more },
    links: [{ rel: 'self', href: 'https://elsewhere.example/item' }],
    assets: {},
  }
  return into.put({ collection: 'scenes', item, root: null }, signal)
}

const get = (path: string) => fetch(`${system.base}/stac${path}`)
const post = (body: unknown) =>
  fetch(`${system.base}/stac/search`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })

async function found(response: Response): Promise<Page> {
  assert.equal(response.status, 200, response.status === 200 ? '' : await response.text())
  assert.equal(response.headers.get('content-type'), 'application/geo+json')
  const page = await json<Page>(response)
  assert.equal(page.numberReturned, page.features.length)
  return page
}

const idsOf = ({ features }: Page) => features.map(({ id }) => id)

const rows: readonly (readonly [name: string, search: JsonObject, ids: readonly string[]])[] = [
  ['clouds at most, by query', { query: { 'eo:cloud_cover': { lte: 40 } } }, ['a']],
  ['clouds between, by query', { query: { 'eo:cloud_cover': { gt: 5, lt: 51 } } }, ['b']],
  [
    'texts, by query',
    { query: { platform: { startsWith: 'land', contains: 'sat', endsWith: '9' } } },
    ['c'],
  ],
  ['some, by query', { query: { platform: { in: ['landsat-8', 'x'] }, id: { neq: 'b' } } }, ['a']],
  ['nothing in particular, the newest first', {}, ['fiji', 'c', 'b', 'a', 'month']],
  ['one id', { ids: ['c'] }, ['c']],
  ['several ids', { ids: ['c', 'a', 'nobody', 'a'] }, ['c', 'a']],
  [
    'ids, the newest first',
    { ids: ['a', 'c', 'month', 'b'], sortby: [{ field: 'datetime', direction: 'desc' }] },
    ['c', 'b', 'a', 'month'],
  ],
  [
    'ids, the oldest first',
    { ids: ['a', 'c', 'month', 'b'], sortby: [{ field: 'datetime', direction: 'asc' }] },
    ['month', 'a', 'b', 'c'],
  ],
  ['ids and a box', { ids: ['c', 'b'], bbox: [10, -10, 11, -9] }, ['b']],
  ['a box around', { bbox: [-180, -90, 180, 90] }, ['fiji', 'c', 'b', 'a', 'month']],
  ['a box over two', { bbox: [0.6, 0.6, 0.7, 0.7] }, ['c', 'a']],
  ['a box that touches', { bbox: [-1, -1, 0, 0] }, ['a']],
  ['a box that nearly does', { bbox: [1.02, 0, 1.05, 0.4] }, []],
  ['a box with heights', { bbox: [10, -10, 0, 11, -9, 100] }, ['b']],
  ['a box over the antimeridian', { bbox: [179, -20, -179, -10] }, ['fiji']],
  ['a box west of it', { bbox: [-179.9, -18, -179.6, -17.5] }, ['fiji']],
  ['a box at it, by the other end', { bbox: [179.6, -18, 180, -17.5] }, ['fiji']],
  [
    'a triangle',
    {
      intersects: {
        type: 'Polygon',
        coordinates: [
          [
            [1.5, 1.5],
            [3, 1.5],
            [3, 3],
            [1.5, 1.5],
          ],
        ],
      },
    },
    ['c'],
  ],
  ['a point', { intersects: { type: 'Point', coordinates: [0.2, 0.2] } }, ['a']],
  ['an instant', { datetime: '2020-01-01T00:00:00Z' }, ['a']],
  ['the same instant elsewhere', { datetime: '2020-01-01T02:00:00+02:00' }, ['a']],
  [
    'a fraction of a second',
    { datetime: '2021-06-15T12:30:31.2799Z/2021-06-15T12:30:31.28Z' },
    ['b'],
  ],
  ['a range', { datetime: '2020-01-01T00:00:00Z/2021-12-31T00:00:00Z' }, ['b', 'a']],
  ['an open end', { datetime: '2021-06-15T00:00:00Z/..' }, ['fiji', 'c', 'b']],
  ['an open start', { datetime: '/2020-06-15T00:00:00Z' }, ['a', 'month']],
  ['a moment within a month', { datetime: '2019-03-15T00:00:00Z' }, ['month']],
  ['the end of a month', { datetime: '2019-03-31T23:59:59Z/2019-04-30T00:00:00Z' }, ['month']],
  ['after the month', { datetime: '2019-04-01T00:00:01Z/2019-04-30T00:00:00Z' }, []],
  [
    'the oldest first',
    { sortby: [{ field: 'properties.datetime', direction: 'asc' }] },
    ['month', 'a', 'b', 'c', 'fiji'],
  ],
  ['clouds below', { filter: { op: '<', args: [{ property: 'eo:cloud_cover' }, 10] } }, ['a']],
  [
    'what has no clouds told',
    { filter: { op: 'isNull', args: [{ property: 'eo:cloud_cover' }] } },
    ['fiji', 'c', 'month'],
  ],
  [
    'either',
    {
      filter: {
        op: 'or',
        args: [
          { op: '=', args: [{ property: 'id' }, 'b'] },
          { op: '=', args: [{ property: 'properties.platform' }, 'landsat-9'] },
        ],
      },
    },
    ['c', 'b'],
  ],
  [
    'not',
    { filter: { op: 'not', args: [{ op: 'in', args: [{ property: 'id' }, ['a', 'b', 'c']] }] } },
    ['fiji', 'month'],
  ],
  ['between', { filter: { op: 'between', args: [{ property: 'eo:cloud_cover' }, 5, 49] } }, ['a']],
  [
    'a time by a filter',
    {
      filter: { op: '>=', args: [{ property: 'datetime' }, { timestamp: '2022-01-01T00:00:00Z' }] },
    },
    ['fiji', 'c'],
  ],
  [
    'ground by a filter',
    {
      filter: {
        op: 's_intersects',
        args: [{ property: 'geometry' }, { type: 'Point', coordinates: [-180, -17.5] }],
      },
    },
    ['fiji'],
  ],
]

describe('a search', () => {
  for (const [name, search, ids] of rows) {
    it(`finds ${name}, by POST and by GET`, async () => {
      const asked: JsonObject = { collections: ['scenes'], ...search }
      assert.deepEqual(idsOf(await found(await post(asked))), ids)
      const query = new URLSearchParams()
      for (const [key, value] of Object.entries(asked)) query.set(key, written(key, value))
      if (asked['filter'] !== undefined) query.set('filter-lang', 'cql2-json')
      assert.deepEqual(idsOf(await found(await get(`/search?${query.toString()}`))), ids)
      query.delete('collections')
      assert.deepEqual(
        idsOf(await found(await get(`/collections/scenes/items?${query.toString()}`))),
        ids,
      )
    })
  }

  it('gives every item once, page by page, either way and in any order', async () => {
    for (const asked of [
      {},
      { collections: ['scenes', 'ndvi'] },
      { sortby: [{ field: 'datetime', direction: 'asc' }] },
      { sortby: [{ field: 'datetime', direction: 'desc' }] },
      { bbox: [0, 0, 60, 60] },
      { ids: ['a', 'c', 'month', 'nobody'] },
      { ids: ['a', 'c', 'month'], sortby: [{ field: 'datetime', direction: 'asc' }] },
    ]) {
      const whole = idsOf(await found(await post({ ...asked, limit: 100 })))
      for (const limit of [1, 2]) {
        const ids: string[] = []
        let page = await found(await post({ ...asked, limit }))
        for (;;) {
          ids.push(...idsOf(page))
          const next = page.links.find(({ rel }) => rel === 'next')
          if (next === undefined) break
          assert.ok(page.features.length === limit && ids.length < 20)
          assert.equal(next.method, 'POST')
          page = await found(await post(next.body))
        }
        assert.deepEqual(ids, whole, JSON.stringify(asked))
      }
    }
    const first = await found(await get('/search?limit=3'))
    const { href = '' } = first.links.find(({ rel }) => rel === 'next') ?? {}
    const { search } = new URL(href)
    const second = await found(await get(`/search${search}`))
    assert.equal(new Set([...idsOf(first), ...idsOf(second)]).size, 6)
  })

  it('gives the fields that are asked for', async () => {
    const of = async (fields: string): Promise<JsonObject> => {
      const [item] = (await found(await get(`/search?ids=a&fields=${encodeURIComponent(fields)}`)))
        .features
      return item ?? {}
    }
    assert.deepEqual(Object.keys(await of('-links,-assets')).toSorted(), [
      'bbox',
      'collection',
      'geometry',
      'id',
      'properties',
      'stac_version',
      'type',
    ])
    const chosen = await of('properties.eo:cloud_cover')
    assert.deepEqual(chosen['properties'], { 'eo:cloud_cover': 5 })
    assert.deepEqual(Object.keys(chosen).toSorted(), [
      'collection',
      'id',
      'links',
      'properties',
      'type',
    ])
    assert.deepEqual((await of('-properties,+properties.platform'))['properties'], {
      platform: 'landsat-8',
    })
    assert.deepEqual((await of(''))['properties'], { datetime: '2020-01-01T00:00:00Z' })
    assert.deepEqual((await of('-properties.platform'))['properties'], {
      datetime: '2020-01-01T00:00:00Z',
      'eo:cloud_cover': 5,
    })
    assert.equal((await of('-id,-collection'))['id'], 'a')
  })
})

/** As a query string has it. */
function written(key: string, value: unknown): string {
  if (key === 'sortby') {
    return (Array.isArray(value) ? value : [])
      .map(
        (each: unknown) => `${Object(each).direction === 'asc' ? '+' : '-'}${Object(each).field}`,
      )
      .join(',')
  }
  if (Array.isArray(value)) return value.join(',')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

describe('what is asked wrongly', () => {
  const wrong: readonly (readonly [search: JsonObject | string, fault: RegExp])[] = [
    [{ limit: 0 }, /limit/],
    [{ limit: -1 }, /limit/],
    [{ limit: 'many' }, /limit/],
    [{ bbox: [1] }, /bbox: must be four/],
    [{ bbox: [1, 2, 3, 4, 5] }, /bbox: must be four/],
    [{ bbox: [0, 10, 1, -10] }, /bbox: must be west, south/],
    [{ bbox: ['a', 'b', 'c', 'd'] }, /bbox/],
    [{ bbox: [0, 0, 1, 1], intersects: { type: 'Point', coordinates: [0, 0] } }, /not both/],
    [{ intersects: { type: 'Point', coordinates: ['0', 0] } }, /GeoJSON geometry/],
    [{ intersects: { type: 'Circle', coordinates: [0, 0] } }, /GeoJSON geometry/],
    [{ datetime: '2020' }, /datetime/],
    [{ datetime: '2020-13-01T00:00:00Z' }, /datetime/],
    [{ datetime: '../..' }, /datetime/],
    [{ datetime: '2021-01-01T00:00:00Z/2020-01-01T00:00:00Z' }, /datetime/],
    [{ sortby: [{ field: 'eo:cloud_cover' }] }, /sortby: must be of datetime/],
    [{ query: { a: 1 } }, /query: a: must be an object/],
    [{ query: { a: { like: 'b' } } }, /query: a: "like" is none of eq, neq/],
    [{ filter: { op: 'like', args: [] } }, /filter: has the operator "like"/],
    [{ filter: { op: '=', args: [1] } }, /filter: has "=" with 1 arguments/],
    [{ filter: { a: 1 } }, /filter: is not CQL2 JSON/],
    [{ token: '!' }, /token/],
    // By comma is how a query has it: https://api.stacspec.org/v1.0.0/item-search
    ['{"bbox": "0,0,1,1"}', /bbox: must be four/],
    ['nonsense', /not valid JSON/],
    ['[]', /search: /],
  ]
  for (const [search, fault] of wrong) {
    it(`is refused: ${typeof search === 'string' ? search : JSON.stringify(search)}`, async () => {
      const responses = [await post(search)]
      if (typeof search !== 'string' && !('token' in search)) {
        const query = new URLSearchParams()
        for (const [key, value] of Object.entries(search)) query.set(key, written(key, value))
        responses.push(await get(`/search?${query.toString()}`))
      }
      for (const response of responses) {
        assert.equal(response.status, 400)
        assert.match((await json<Problem>(response)).detail ?? '', fault)
      }
    })
  }

  it('is not there', async () => {
    for (const path of [
      '/collections/none',
      '/collections/none/items',
      '/collections/scenes/items/none',
      '/collections/none/items/a',
      '/collections/none/queryables',
    ]) {
      const response = await get(path)
      assert.equal(response.status, 404, path)
      assert.equal((await json<Problem>(response)).code, 'not_found')
    }
  })
})

it('an address may end with a slash, as many write that of an API', async () => {
  for (const path of ['', '/collections', '/collections/ndvi', '/collections/scenes/items/a']) {
    const [plain, slashed] = await Promise.all([get(path), get(`${path}/`)])
    assert.deepEqual([slashed.status, slashed.redirected], [200, false], path)
    const of = (response: Response) => json<JsonObject>(response)
    assert.equal((await of(slashed))['id'], (await of(plain))['id'])
  }
  const page = await found(await get('/search/?ids=a'))
  assert.deepEqual(idsOf(page), ['a'])
  assert.equal((await get('//')).status, 404)
})

describe('an item', () => {
  it('of a result has addresses that lead to it', async () => {
    const { features } = await found(await get('/search?collections=ndvi'))
    const [item] = features
    assert.ok(item)
    const { id, links, assets } = Object(item)
    const link = (rel: string) => links.find((each: { rel: string }) => each.rel === rel)?.href
    const path = (href: string) => new URL(href).pathname
    const alone = await json<JsonObject>(await fetch(`${system.base}${path(link('self'))}`))
    assert.deepEqual(alone, item)
    assert.equal(path(link('canonical')), `/ipfs/${made}/item.json`)
    assert.equal(path(link('collection')), '/stac/collections/ndvi')
    assert.ok(id.includes('_ndvi_'))
    const cog = await fetch(`${system.base}${path(assets.cog.href)}`, { method: 'HEAD' })
    assert.equal(cog.status, 200)
    assert.equal(Number(cog.headers.get('content-length')), assets.cog['file:size'])
  })

  it('is verified as it is served', async () => {
    const { features } = await found(await get('/search?collections=ndvi'))
    const response = await fetch(`${system.base}/verify`, {
      method: 'POST',
      body: JSON.stringify({ item: features[0] }),
      headers: { 'content-type': 'application/json' },
    })
    assert.equal((await json<{ reproduced: boolean }>(response)).reproduced, true)
  })

  it('of the sample is found on this machine, by collection and id', async () => {
    const { id } = Object(await sampleItem())
    const page = await found(await get(`/search?ids=${id}`))
    assert.deepEqual(
      page.features.map(({ collection }) => collection),
      ['landsat-c2l2-sr'],
    )
  })

  it('is replaced by a newer one of the same id, wherever that lies', async () => {
    await put('moved', '2018-01-01T00:00:00Z', [0, 0, 1, 1])
    await put('moved', '2018-05-01T00:00:00Z', [30, 30, 31, 31])
    assert.deepEqual(
      idsOf(await found(await get('/search?collections=scenes&datetime=2018-01-01T00:00:00Z'))),
      [],
    )
    assert.deepEqual(
      idsOf(await found(await get('/search?collections=scenes&datetime=2018-05-01T00:00:00Z'))),
      ['moved'],
    )
  })

  it('without a time or a box is not listed', async () => {
    assert.equal(await put('timeless', 'yesterday', [0, 0, 1, 1]), false)
    assert.equal(await put('boundless', '2020-01-01T00:00:00Z', []), false)
  })
})

it('fifty who write at the same time lose nothing', async () => {
  const folder = `${system.dataDir}/writers`
  const catalogues = Array.from({ length: 5 }, () => createCatalogue(createDiskStore(folder)))
  const writers = Array.from({ length: 50 }, async (_, writer) => {
    for (let at = 0; at < 4; at++) {
      const day = String(1 + ((writer + at) % 28)).padStart(2, '0')
      const into = catalogues[writer % catalogues.length]
      await put(`w${writer}-${at}`, `2020-02-${day}T00:00:00Z`, [at, at, at + 1, at + 1], {}, into)
    }
  })
  await Promise.all(writers)
  const catalogue = createCatalogue(createDiskStore(folder))
  const places = await catalogue.list('scenes', null, 1000, signal)
  assert.equal(places.length, 200)
  const items = await Promise.all(places.map((place) => catalogue.at('scenes', place, signal)))
  assert.equal(new Set(items.map((entry) => entry?.item['id'])).size, 200)
})
