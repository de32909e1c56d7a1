// How a search is put to a STAC API and followed from page to page.
// Long: a table of cases, and what each of them must come to.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { GreenprintError } from '../../../lib/errors.ts'
import type { JsonObject } from '../../../lib/model/json.ts'
import type { SceneSearch } from '../../../lib/model/request.ts'
import { HttpRefusal } from '../../../lib/stac/documents.ts'
import {
  findItems,
  itemPages,
  MAX_ITEMS,
  MAX_PAGES,
  PAGE_SIZE,
} from '../../../lib/stac/search-pages.ts'
import { at, fixture, object } from './sample-items.ts'
import { page, ScriptedApi } from './scripted-api.ts'

const API = 'https://stac.example/v1'
const SORT = [{ field: 'properties.eo:cloud_cover', direction: 'asc' }]
const { signal } = new AbortController()

const find = (api: ScriptedApi, search: SceneSearch = {}) => findItems(search, API, api, signal)
/** Of a caller who wants all there is: how many that is. */
async function readAll(api: ScriptedApi): Promise<number> {
  let count = 0
  for await (const { features } of itemPages({}, API, api, signal)) count += features.length
  return count
}
const ids = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => ({ id: `item-${from + at}` }))

describe('the request of a search', () => {
  const bodies: [name: string, search: SceneSearch, body: JsonObject][] = [
    ['nothing', {}, { sortby: SORT, limit: PAGE_SIZE }],
    [
      'all fields',
      {
        collections: ['a'],
        bbox: [1, 2, 3, 4],
        datetime: '2020-01-01/..',
        query: { 'eo:cloud_cover': { lte: 20 } },
      },
      {
        collections: ['a'],
        bbox: [1, 2, 3, 4],
        datetime: '2020-01-01T00:00:00Z/..',
        query: { 'eo:cloud_cover': { lte: 20 } },
        sortby: SORT,
        limit: PAGE_SIZE,
      },
    ],
    ['ids, which need no order', { ids: ['x'] }, { ids: ['x'], limit: PAGE_SIZE }],
    [
      'intersects',
      { intersects: { type: 'Point', coordinates: [1, 2] } },
      { intersects: { type: 'Point', coordinates: [1, 2] }, sortby: SORT, limit: PAGE_SIZE },
    ],
    [
      'CQL2 as JSON',
      { filter: { op: '=', args: [] } },
      { filter: { op: '=', args: [] }, 'filter-lang': 'cql2-json', sortby: SORT, limit: PAGE_SIZE },
    ],
    [
      'CQL2 as text',
      { filter: 'a = 1' },
      { filter: 'a = 1', 'filter-lang': 'cql2-text', sortby: SORT, limit: PAGE_SIZE },
    ],
    [
      'an order and a filter language of the caller',
      { filter: 'a = 1', 'filter-lang': 'cql-json', sortby: [{ field: 'id', direction: 'desc' }] },
      {
        filter: 'a = 1',
        'filter-lang': 'cql-json',
        sortby: [{ field: 'id', direction: 'desc' }],
        limit: PAGE_SIZE,
      },
    ],
    [
      'an order as a GET writes it',
      { sortby: ['-properties.datetime', '+id', { field: 'a' }] },
      {
        sortby: [
          { field: 'properties.datetime', direction: 'desc' },
          { field: 'id', direction: 'asc' },
          { field: 'a' },
        ],
        limit: PAGE_SIZE,
      },
    ],
    [
      'an order as text',
      { sortby: 'datetime, -id' },
      {
        sortby: [
          { field: 'datetime', direction: 'asc' },
          { field: 'id', direction: 'desc' },
        ],
        limit: PAGE_SIZE,
      },
    ],
    ['a small limit', { limit: 3 }, { sortby: SORT, limit: 3 }],
    ['a large limit', { limit: 10_000 }, { sortby: SORT, limit: PAGE_SIZE }],
  ]
  for (const [name, search, body] of bodies) {
    it(`carries ${name}`, async () => {
      const api = new ScriptedApi([page([])])
      await find(api, search)
      assert.deepEqual(api.asked, [{ method: 'POST', url: `${API}/search`, headers: {}, body }])
    })
  }

  const addresses: [api: string, url: string][] = [
    ['https://stac.example', 'https://stac.example/search'],
    ['https://stac.example/v1/', 'https://stac.example/v1/search'],
    ['https://stac.example/v1/search', 'https://stac.example/v1/search'],
    ['http://127.0.0.1:3000/stac?token=a#x', 'http://127.0.0.1:3000/stac/search?token=a'],
  ]
  for (const [address, url] of addresses) {
    it(`goes to ${url}`, async () => {
      const api = new ScriptedApi([page([])])
      assert.equal((await find(api, { api: address })).api, url)
      assert.equal(api.asked[0]?.url, url)
    })
  }

  const invalid: [name: string, search: SceneSearch, message: RegExp][] = [
    [
      'two areas',
      { bbox: [1, 2, 3, 4], intersects: { type: 'Point' } },
      /either "bbox" or "intersects"/,
    ],
    ['a filter that is neither', { filter: ['a'] }, /"filter" must be CQL2/],
    [
      'an API that is no address',
      { api: 'stac.example' },
      /"stac\.example" is not the http\(s\) address/,
    ],
    ['an API of another kind', { api: 's3://bucket/stac' }, /not the http\(s\) address/],
  ]
  for (const [name, search, message] of invalid) {
    it(`is refused with ${name}`, async () => {
      const api = new ScriptedApi([page([])])
      await assert.rejects(find(api, search), { code: 'invalid_request', message })
      assert.deepEqual(api.asked, [])
    })
  }

  it('is refused without any API', async () => {
    const api = new ScriptedApi([page([])])
    await assert.rejects(findItems({}, null, api, signal), {
      code: 'invalid_request',
      message: /STAC_API_URL/,
    })
  })

  it('is put again without sortby where a server refuses it, and stays so', async () => {
    const api = new ScriptedApi(({ body }) =>
      at(body, 'sortby') === undefined
        ? page(
            ids(1),
            at(body, 'token') === undefined
              ? { href: `${API}/search`, method: 'POST', body: { token: '2' }, merge: true }
              : null,
          )
        : new GreenprintError('search_failed', 'HTTP 400: sortby is not known'),
    )
    assert.equal((await find(api)).features.length, 2)
    assert.deepEqual(
      api.asked.map(({ body }) => at(body, 'sortby') !== undefined),
      [true, false, false],
    )
  })
})

describe('the pages of a search', () => {
  const body = { limit: PAGE_SIZE, collections: ['a'], sortby: SORT }

  it('are followed by GET, relative and with headers of the server', async () => {
    const headers = {
      'x-token': 'abc',
      Cookie: 'no',
      Host: 'no',
      'Content-Length': '7',
      n: 3,
    }
    const api = new ScriptedApi([
      page(ids(2), { href: '?token=next:abc', headers }),
      page(ids(2, 2)),
    ])
    const { features, more } = await find(api, { collections: ['a'] })
    assert.deepEqual(features, ids(4))
    assert.equal(more, false)
    assert.equal(api.asked[1]?.method, 'GET')
    assert.equal(decodeURIComponent(api.asked[1]?.url ?? ''), `${API}/search?token=next:abc`)
    assert.deepEqual(api.asked[1]?.headers, { 'x-token': 'abc' })
  })

  it('are followed by GET to the letter where the link is whole', async () => {
    const href = 'https://stac.example/v1/search?token=a%2Bb+c%3D&limit=10'
    const api = new ScriptedApi([page(ids(1), { href, method: 'get' }), page(ids(1, 1))])
    await find(api)
    assert.equal(api.asked[1]?.url, href)
  })

  it('are followed by POST with merge: body and headers are added to those before', async () => {
    const next = (token: string) => ({
      href: `${API}/search`,
      method: 'POST',
      merge: true,
      body: { token },
      headers: { [token]: '1' },
    })
    const api = new ScriptedApi([
      page(ids(1), next('b')),
      page(ids(1, 1), next('c')),
      page(ids(1, 2)),
    ])
    await find(api, { collections: ['a'] })
    assert.deepEqual(api.asked.slice(1), [
      { method: 'POST', url: `${API}/search`, headers: { b: '1' }, body: { ...body, token: 'b' } },
      {
        method: 'POST',
        url: `${API}/search`,
        headers: { b: '1', c: '1' },
        body: { ...body, token: 'c' },
      },
    ])
  })

  it('are followed by POST without merge: the body of the link is all', async () => {
    const recorded = fixture('search-response-earth-search.json')
    const first = object(recorded.response)
    const api = new ScriptedApi([first, page([])])
    const found = await find(api, { api: 'https://earth-search.aws.element84.com/v1' })
    assert.equal(found.features.length, 10)
    assert.equal(found.matched, 858)
    assert.equal(api.asked[1]?.url, 'https://earth-search.aws.element84.com/v1/search')
    assert.deepEqual(api.asked[1]?.body, at(first, 'links', 0, 'body'))
  })

  it('are followed by POST without body: the body before is sent again', async () => {
    const api = new ScriptedApi([
      page(ids(1), { href: `${API}/search?page=2`, method: 'POST' }),
      page([]),
    ])
    await find(api, { collections: ['a'] })
    assert.deepEqual(api.asked[1]?.body, body)
  })

  const others = [
    'https://victim.example/v1/search',
    'http://victim.example/elsewhere',
    'https://victim.example/elsewhere',
  ]
  for (const href of others) {
    it(`are not asked of another server (${href}): what is there is told to be a part`, async () => {
      const answers = [page(ids(2), { href, method: 'POST', merge: true }, { numberMatched: 9 })]
      const api = new ScriptedApi(answers)
      const { features, more } = await find(api)
      assert.deepEqual([features.length, more, api.asked.length], [2, true, 1])
      await assert.rejects(readAll(new ScriptedApi(answers)), {
        code: 'search_failed',
        message: /gave 2 items of 9, and the rest cannot be read: its next page is at another/,
      })
    })
  }

  it('are not missed where all was read, though there is a link to another server', async () => {
    const next = { href: 'https://victim.example/v1/search' }
    assert.equal(await readAll(new ScriptedApi([page(ids(2), next, { numberMatched: 2 })])), 2)
    assert.equal(await readAll(new ScriptedApi([page([], next)])), 0)
    const { more } = await find(new ScriptedApi([page([], next)]))
    assert.equal(more, false)
  })

  it('that repeat end a search that was begun in its middle', async () => {
    const again = { href: `${API}/search?page=9`, method: 'POST' }
    const api = new ScriptedApi([page(ids(2), again, { numberMatched: 80 })])
    const from = { url: again.href, method: 'POST', headers: {}, body: {} } as const
    let count = 0
    for await (const { features } of itemPages({}, API, api, signal, from)) count += features.length
    assert.equal(count, 2)
  })

  it('are asked of the same server, whatever it is called behind its proxy', async () => {
    for (const origin of ['http://stac.example', 'http://stac.example:8080', 'http://10.0.0.7']) {
      const api = new ScriptedApi([
        page(ids(2), { href: `${origin}/v1/search?token=next`, method: 'POST', merge: true }),
        page(ids(2, 2)),
      ])
      const { features, more } = await find(api)
      assert.deepEqual([features.length, more], [4, false])
      assert.equal(api.asked[1]?.url, `${API}/search?token=next`)
    }
  })

  it('end where the next link repeats itself, and are not all where the API says so', async () => {
    const loop = { href: `${API}/search`, method: 'POST', merge: true, body: { token: 'same' } }
    const answers = (more: JsonObject) => [page(ids(2), loop, more), page(ids(2, 2), loop, more)]
    const api = new ScriptedApi(answers({}))
    const { features, more } = await find(api)
    assert.deepEqual([features.length, more, api.asked.length], [4, false, 2])
    assert.equal(await readAll(new ScriptedApi(answers({ numberMatched: 4 }))), 4)
    await assert.rejects(readAll(new ScriptedApi(answers({ numberMatched: 2493 }))), {
      code: 'search_failed',
      message: /gave 4 items of 2493, and the rest cannot be read: its next page is one that/,
    })
  })

  it('end with an empty page, though it has a next link', async () => {
    const api = new ScriptedApi((_asked, count) =>
      page(count === 0 ? ids(2) : [], { href: `?page=${count}` }),
    )
    const { more } = await find(api)
    assert.equal(api.asked.length, 2)
    assert.equal(more, false)
  })

  it('end with a next link whose words cannot be sent', async () => {
    for (const next of [
      { href: 'https://stac.example/\ud800' },
      { href: '/next', method: 'POST', body: { token: '\udc00' } },
    ]) {
      const api = new ScriptedApi([page(ids(1), next), page(ids(1, 1))])
      assert.equal((await find(api)).features.length, 1)
      assert.equal(api.asked.length, 1)
    }
  })

  it('end with a next link that leads nowhere', async () => {
    for (const href of ['ftp://stac.example/', '', undefined]) {
      const api = new ScriptedApi([page(ids(1), href === undefined ? {} : { href })])
      assert.equal((await find(api)).features.length, 1)
      assert.equal(api.asked.length, 1)
    }
  })

  it('are at most MAX_PAGES', async () => {
    const api = new ScriptedApi((_asked, count) => page(ids(1, count), { href: `?page=${count}` }))
    const { features, more } = await find(api)
    assert.deepEqual([features.length, api.asked.length, more], [MAX_PAGES, MAX_PAGES, true])
  })

  it('hold at most MAX_ITEMS', async () => {
    const api = new ScriptedApi((_asked, count) =>
      page(ids(150, 150 * count), { href: `?page=${count}` }, { context: { matched: 9000 } }),
    )
    const { features, more, matched } = await find(api)
    assert.deepEqual([features.length, api.asked.length, more, matched], [MAX_ITEMS, 2, true, 9000])
  })

  it('hold at most the limit of the search', async () => {
    const api = new ScriptedApi([page(ids(5), { href: '?page=2' })])
    const { features, more } = await find(api, { limit: 3 })
    assert.deepEqual([features.length, api.asked.length, more], [3, 1, true])
  })
})

describe('a search that fails', () => {
  const garbage: [
    name: string,
    value: JsonObject | readonly string[] | string | null,
    message: RegExp,
  ][] = [
    [
      'a landing page',
      { type: 'Catalog', id: 'root' },
      /did not answer .* but with "type": "Catalog"\. Give the root URL/,
    ],
    ['an error body', { code: 'NotFound', description: 'x' }, /but with object without a type/],
    ['HTML', '<html>', /but with string without a type/],
    ['a list', ['x'], /but with an array/],
    ['null', null, /but with null/],
    [
      'features that are no list',
      { type: 'FeatureCollection', features: 'x' },
      /"type": "FeatureCollection"/,
    ],
  ]
  for (const [name, value, message] of garbage) {
    it(`with ${name} says what came`, async () => {
      await assert.rejects(find(new ScriptedApi([value])), { code: 'search_failed', message })
    })
  }

  it('on a later page fails as a whole: the best of a part is not the best', async () => {
    const api = new ScriptedApi([page(ids(2), { href: '?page=2' }), { oops: true }])
    await assert.rejects(find(api), { code: 'search_failed' })
  })

  it('names the API and the cause', async () => {
    const api = new ScriptedApi([
      new GreenprintError('item_unreachable', 'HTTP 503 from stac.example'),
    ])
    await assert.rejects(find(api), {
      code: 'search_failed',
      message: `The STAC search at ${API}/search failed: HTTP 503 from stac.example`,
    })
    assert.equal(api.asked.length, 2)
  })

  for (const code of ['host_refused', 'deadline_exceeded'] as const) {
    it(`lets ${code} pass at once`, async () => {
      const api = new ScriptedApi([new GreenprintError(code, 'no')])
      await assert.rejects(find(api), { code })
      assert.equal(api.asked.length, 1)
    })
  }

  it('stops when it is called off', async () => {
    const controller = new AbortController()
    const api = new ScriptedApi(() => {
      controller.abort(new Error('called off'))
      return page(ids(1), { href: '?page=2' })
    })
    await assert.rejects(findItems({}, API, api, controller.signal), { message: 'called off' })
    assert.equal(api.asked.length, 1)
  })
})

describe('the time of a search', () => {
  const times: [asked: string, sent: string][] = [
    ['2023', '2023-01-01T00:00:00Z/2023-12-31T23:59:59Z'],
    ['2023-07', '2023-07-01T00:00:00Z/2023-07-31T23:59:59Z'],
    ['2024-02', '2024-02-01T00:00:00Z/2024-02-29T23:59:59Z'],
    ['2023-07-23', '2023-07-23T00:00:00Z/2023-07-23T23:59:59Z'],
    ['2023-07-23T14:12:31.279905Z', '2023-07-23T14:12:31.279905Z'],
    ['2023-07-23T14:12:31', '2023-07-23T14:12:31Z'],
    ['2023-07-23T14:12:31+02:00', '2023-07-23T12:12:31Z'],
    ['2023/2024-03', '2023-01-01T00:00:00Z/2024-03-31T23:59:59Z'],
    ['2023-07/..', '2023-07-01T00:00:00Z/..'],
    ['/2023-07', '../2023-07-31T23:59:59Z'],
  ]
  for (const [asked, sent] of times) {
    it(`${asked} is sent as ${sent}`, async () => {
      const api = new ScriptedApi([page([])])
      await find(api, { datetime: asked })
      assert.equal(at(api.asked[0]?.body, 'datetime'), sent)
    })
  }

  it('that is no time is the caller’s mistake', async () => {
    for (const datetime of ['yesterday', '2023-13', '2023-02-30', '../..', '2023/2024/2025']) {
      const api = new ScriptedApi([page([])])
      await assert.rejects(find(api, { datetime }), {
        code: 'invalid_request',
        message: /not a time/,
      })
      assert.equal(api.asked.length, 0)
    }
    const turned = { datetime: '2023-02-01/2023-01-01' }
    await assert.rejects(find(new ScriptedApi([page([])]), turned), {
      code: 'invalid_request',
      message: /ends before it begins/,
    })
  })
})

describe('an API that takes no POST at the usual address', () => {
  const refusal = (status: number, words = '') =>
    new GreenprintError('search_failed', `HTTP ${status}`, {
      cause: new HttpRefusal(status, words),
    })
  const landing = (...links: JsonObject[]) => ({ type: 'Catalog', id: 'root', links })

  it('is asked by GET where its landing page names the POST that it refused, too', async () => {
    const href = `${API}/search`
    const api = new ScriptedApi(({ method, url }) => {
      if (url === API)
        return landing({ rel: 'search', href, method: 'POST' }, { rel: 'search', href })
      return method === 'POST' ? refusal(403) : page(ids(2))
    })
    assert.equal((await find(api)).features.length, 2)
    assert.deepEqual(
      api.asked.map(({ method }) => method),
      ['POST', 'GET', 'GET'],
    )
  })

  for (const status of [429, 401]) {
    it(`that would refuse any search (${status}) is not asked again`, async () => {
      const api = new ScriptedApi(() => refusal(status))
      await assert.rejects(find(api), { code: 'search_failed' })
      assert.equal(api.asked.length, 1)
    })
  }

  for (const status of [405, 403, 415])
    it(`is asked by GET, as its landing page says (${status})`, async () => {
      const api = new ScriptedApi(({ method, url }) => {
        if (method === 'POST') return refusal(status)
        if (url === API) return landing({ rel: 'search', href: './find', method: 'GET' })
        return page(ids(1))
      })
      const { features } = await find(api, {
        collections: ['a', 'b'],
        bbox: [1, 2, 3, 4],
        query: { 'eo:cloud_cover': { lte: 20 } },
      })
      assert.equal(features.length, 1)
      const { method, url = '' } = api.asked.at(-1) ?? {}
      const { pathname, searchParams } = new URL(url)
      assert.deepEqual([method, pathname], ['GET', '/find'])
      assert.deepEqual(Object.fromEntries(searchParams), {
        collections: 'a,b',
        bbox: '1,2,3,4',
        query: '{"eo:cloud_cover":{"lte":20}}',
        sortby: '+properties.eo:cloud_cover',
        limit: String(PAGE_SIZE),
      })
    })

  it('is asked by POST where the landing page has it elsewhere, and by GET without the sort that it refuses', async () => {
    const moved = new ScriptedApi(({ url }) => {
      if (url === `${API}/search`) return refusal(404)
      if (url !== API) return page(ids(2))
      return landing(
        { rel: 'search', href: 'https://other.example/get' },
        { rel: 'search', href: 'https://other.example/post', method: 'POST' },
      )
    })
    assert.equal((await find(moved)).features.length, 2)
    assert.deepEqual(moved.asked.at(-1)?.url, 'https://other.example/post')
    const plain = new ScriptedApi(({ method, url }) => {
      if (method === 'POST') return refusal(405)
      if (url === API) return landing({ rel: 'search', href: `${API}/search` })
      return url.includes('sortby') ? refusal(400) : page(ids(1))
    })
    assert.equal((await find(plain)).features.length, 1)
  })

  it('without such a link is told as it answered', async () => {
    const api = new ScriptedApi(({ method }) => (method === 'POST' ? refusal(404) : landing()))
    await assert.rejects(find(api), { code: 'search_failed' })
  })

  it('that refuses what the caller asks is the caller’s 400, in the words of the API', async () => {
    const api = new ScriptedApi([refusal(400, 'property "cloudy" is not queryable')])
    await assert.rejects(find(api, { query: { cloudy: { lt: 1 } } }), {
      code: 'invalid_request',
      message: `The STAC API at ${API}/search refuses the search (HTTP 400): property "cloudy" is not queryable.`,
    })
  })
})
