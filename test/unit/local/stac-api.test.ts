// The STAC API of the local system: what it finds, how it pages, and what it says it cannot do.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { answerStac, stacRoute } from '../../../lib/local/stac-api.ts'
import type { Json, JsonObject } from '../../../lib/model/json.ts'

const base = 'http://127.0.0.1:8080/stac'

function item(
  id: string,
  datetime: string,
  bbox: readonly number[],
  collection = 'l8',
): JsonObject {
  return { type: 'Feature', id, collection, bbox, properties: { datetime } }
}

const items = [
  item('a', '2020-01-01T00:00:00Z', [0, 0, 1, 1]),
  item('b', '2021-06-15T12:30:31.279905Z', [10, -10, 11, -9]),
  item('c', '2022-12-31T23:59:59Z', [0.5, 0.5, 2, 2], 'l9'),
  item('fiji', '2023-01-01T00:00:00Z', [179.5, -18, -179.5, -17], 's2'),
]

interface Page {
  readonly type: string
  readonly features: readonly { readonly id: string }[]
  readonly numberMatched: number
  readonly numberReturned: number
  readonly links: readonly {
    readonly rel: string
    readonly method?: string
    readonly href: string
    readonly body?: JsonObject
  }[]
}

function search(body: unknown, of: readonly JsonObject[] = items): Page {
  const answer = answerStac(of, base, 'POST', '/search', body)
  assert.equal(answer.status, 200)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its fields are asserted by the tests
  return answer.body as unknown as Page
}

const idsOf = ({ features }: Page) => features.map(({ id }) => id)

const rows: readonly (readonly [name: string, query: JsonObject, ids: readonly string[]])[] = [
  ['nothing in particular', {}, ['a', 'b', 'c', 'fiji']],
  ['one id', { ids: ['c'] }, ['c']],
  ['several ids', { ids: ['c', 'a', 'nobody'] }, ['a', 'c']],
  ['no ids at all', { ids: [] }, ['a', 'b', 'c', 'fiji']],
  ['a collection', { collections: ['l9', 's2'] }, ['c', 'fiji']],
  ['an unknown collection', { collections: ['s1'] }, []],
  ['a box around', { bbox: [-180, -90, 180, 90] }, ['a', 'b', 'c', 'fiji']],
  ['a box over two', { bbox: [0.6, 0.6, 0.7, 0.7] }, ['a', 'c']],
  ['a box that touches', { bbox: [-1, -1, 0, 0] }, ['a']],
  ['a box beside', { bbox: [20, 20, 21, 21] }, []],
  ['a box in the right longitudes only', { bbox: [10, 5, 11, 6] }, []],
  ['a box with heights', { bbox: [10, -10, 0, 11, -9, 100] }, ['b']],
  ['a box over the antimeridian', { bbox: [179, -20, -179, -10] }, ['fiji']],
  ['a box east of the antimeridian', { bbox: [-180, -20, -179.9, -10] }, ['fiji']],
  ['a box west of the antimeridian', { bbox: [179.6, -20, 180, -10] }, ['fiji']],
  ['a box that a scene on the antimeridian does not reach', { bbox: [0, -18, 5, -17] }, []],
  ['an interval', { datetime: '2021-01-01T00:00:00Z/2022-01-01T00:00:00Z' }, ['b']],
  ['an interval with an open end', { datetime: '2021-01-01T00:00:00Z/..' }, ['b', 'c', 'fiji']],
  ['an interval with an open start', { datetime: '../2021-01-01T00:00:00Z' }, ['a']],
  ['an interval with empty ends', { datetime: '/2021-01-01T00:00:00Z' }, ['a']],
  ['an instant', { datetime: '2020-01-01T00:00:00Z' }, ['a']],
  ['an instant with a fraction', { datetime: '2021-06-15T12:30:31.279905Z' }, ['b']],
  [
    'the second that an instant lies in',
    { datetime: '2021-06-15T12:30:31Z/2021-06-15T12:30:32Z' },
    ['b'],
  ],
  [
    'an interval in another zone',
    { datetime: '2022-12-31T20:59:59-03:00/2022-12-31T21:00:00-03:00' },
    ['c', 'fiji'],
  ],
  [
    'everything at once',
    { ids: ['a', 'b'], collections: ['l8'], bbox: [0, 0, 1, 1], datetime: '../..' },
    ['a'],
  ],
]

describe('a search for', () => {
  for (const [name, query, ids] of rows) {
    it(name, () => {
      const page = search(query)
      assert.deepEqual(idsOf(page), ids)
      assert.equal(page.type, 'FeatureCollection')
      assert.equal(page.numberMatched, ids.length)
      assert.equal(page.numberReturned, ids.length)
    })
  }
})

describe('items that do not tell', () => {
  const bare: JsonObject[] = [{ type: 'Feature', id: 'bare' }]

  it('are found by id alone, not by place, time or collection', () => {
    assert.deepEqual(idsOf(search({ ids: ['bare'] }, bare)), ['bare'])
    const others: JsonObject[] = [
      { bbox: [-180, -90, 180, 90] },
      { datetime: '../..' },
      { collections: ['l8'] },
    ]
    for (const query of others) assert.deepEqual(idsOf(search(query, bare)), [])
  })
})

describe('pages', () => {
  const many = Array.from({ length: 23 }, (_, i) =>
    item(`i${i}`, '2020-01-01T00:00:00Z', [0, 0, 1, 1]),
  )

  it('lead by rel next to every item once, the other fields carried along', () => {
    const found: string[] = []
    let body: Json = { collections: ['l8'], limit: 10 }
    for (let pages = 1; ; pages++) {
      const page = search(body, many)
      assert.equal(page.numberMatched, 23)
      assert.equal(page.numberReturned, page.features.length)
      found.push(...idsOf(page))
      const next = page.links.find(({ rel }) => rel === 'next')
      if (next === undefined) {
        assert.equal(pages, 3)
        break
      }
      assert.equal(next.method, 'POST')
      assert.equal(next.href, `${base}/search`)
      assert.deepEqual(next.body?.['collections'], ['l8'])
      body = next.body ?? {}
    }
    assert.deepEqual(
      found,
      many.map(({ id }) => id),
    )
  })

  it('have ten items where no limit is given, and never more than a hundred', () => {
    assert.equal(search({}, many).features.length, 10)
    assert.equal(search({ limit: 3 }, many).features.length, 3)
    const crowd = Array.from({ length: 120 }, (_, i) => item(`i${i}`, '', []))
    assert.equal(search({ limit: 1000 }, crowd).features.length, 100)
  })

  it('without more behind them have no next', () => {
    const page = search({ limit: 23 }, many)
    assert.deepEqual(
      page.links.map(({ rel }) => rel),
      ['root'],
    )
  })

  it('start at the front for a limit or token that means nothing', () => {
    for (const query of [
      { limit: 'x' },
      { limit: 0 },
      { limit: -5 },
      { token: 'x' },
      { token: -3 },
    ]) {
      assert.equal(idsOf(search(query, many))[0], 'i0', JSON.stringify(query))
    }
  })
})

describe('what it cannot do', () => {
  for (const name of ['query', 'filter']) {
    it(`is refused by name, not left out: ${name}`, () => {
      const { status, body } = answerStac(items, base, 'POST', '/search', { [name]: {} })
      assert.equal(status, 400)
      assert.equal(body['code'], 'InvalidParameterValue')
      assert.ok(JSON.stringify(body['description']).includes(name))
    })
  }

  it('as sorting, where a hint may be ignored, is ignored', () => {
    assert.equal(
      search({ sortby: [{ field: 'properties.datetime', direction: 'asc' }] }).numberMatched,
      4,
    )
  })

  it('is not found', () => {
    const paths = [
      ['GET', '/search'],
      ['GET', '/collections'],
      ['POST', ''],
      ['PUT', '/search'],
    ] as const
    for (const [method, path] of paths) {
      assert.equal(answerStac(items, base, method, path, {}).status, 404)
    }
  })
})

describe('an item', () => {
  it('is at its address', () => {
    const answer = answerStac(items, base, 'GET', '/collections/l9/items/c', null)
    assert.deepEqual(answer, { status: 200, body: items[2] })
  })

  for (const path of [
    '/collections/l8/items/c',
    '/collections/l9/items/d',
    '/collections/l9/items',
  ]) {
    it(`is not at ${path}`, () => {
      assert.equal(answerStac(items, base, 'GET', path, null).status, 404)
    })
  }
})

describe('the landing page', () => {
  it('links to itself and to the search, and names its conformance', () => {
    for (const path of ['', '/']) {
      const { status, body } = answerStac(items, base, 'GET', path, null)
      assert.equal(status, 200)
      assert.equal(body['type'], 'Catalog')
      assert.ok(JSON.stringify(body['conformsTo']).includes('item-search'))
      assert.deepEqual(body['links'], [
        { rel: 'self', href: base, type: 'application/json' },
        { rel: 'search', href: `${base}/search`, type: 'application/geo+json', method: 'POST' },
      ])
    }
  })
})

describe('beside the handler', () => {
  const route = stacRoute(items)
  const ask = (path: string, init?: RequestInit) =>
    route(new Request(`http://localhost:8080${path}`, init))

  it('it answers below /stac under the host that was asked, and nothing else', async () => {
    const page = await ask('/stac/search', { method: 'POST', body: '{"ids":["a"],"limit":1}' })
    assert.equal(page?.status, 200)
    const landing = (await (await ask('/stac'))?.text()) ?? ''
    assert.equal(JSON.parse(landing).links[0].href, 'http://localhost:8080/stac')
    for (const path of ['/', '/stack', '/ndvi', '/x/stac/search']) {
      assert.equal(await ask(path), null, path)
    }
  })
})
