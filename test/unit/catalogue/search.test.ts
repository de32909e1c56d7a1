// Searches of a catalogue in memory: what lies where, and what pages begin with.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createCatalogue } from '../../../lib/catalogue/catalogue.ts'
import { placesOfItem } from '../../../lib/catalogue/entry.ts'
import { searchPage } from '../../../lib/http/stac/query.ts'
import type { Json } from '../../../lib/model/json.ts'
import { readCatalogueSearch } from '../../../lib/request/catalogue-search.ts'
import { createRecordStore } from '../../../lib/store/records.ts'
import { createMemoryStore } from '../../harness/memory-store.ts'

const { signal } = new AbortController()
const catalogue = createCatalogue(createMemoryStore())

async function put(id: string, bbox: readonly number[], geometry: Json): Promise<void> {
  const properties = { datetime: '2020-01-01T00:00:00Z' }
  const item = { type: 'Feature', id, bbox, geometry, properties, links: [], assets: {} }
  await catalogue.put({ collection: 'scenes', item, root: null }, signal)
}

/** A scene as a satellite sees it, in a box of 10 by 10 degrees. */
const aslant = (west: number) => ({
  type: 'Polygon',
  coordinates: [
    [
      [west + 3, 0],
      [west + 10, 7],
      [west + 7, 10],
      [west, 3],
      [west + 3, 0],
    ],
  ],
})
await put('aslant', [0, 0, 10, 10], aslant(0))
await put('over', [175, 0, -175, 10], aslant(175))
await put('boxed', [20, 0, 30, 10], null)

async function ids(search: object): Promise<string> {
  const { entries } = await searchPage(readCatalogueSearch(search), catalogue, null, signal)
  return entries.map(({ item: { id } }) => (typeof id === 'string' ? id : '')).join()
}

describe('a box', () => {
  for (const [name, bbox, found] of [
    ['in a corner that the scene leaves out', [0, 8, 1, 9], ''],
    ['within the scene', [4, 4, 5, 5], 'aslant'],
    ['at its side', [0, 3, 0, 3], 'aslant'],
    ['around it', [-1, -1, 11, 11], 'aslant'],
    ['in a corner beyond the antimeridian', [-176, 0, -175.5, 1], ''],
    ['within it beyond the antimeridian', [-179, 5, -178.5, 5.5], 'over'],
    ['over the antimeridian', [179, 4, -179, 5], 'over'],
    ['where an item has no geometry', [29, 9, 29.5, 9.5], 'boxed'],
    ['of the whole globe', [-180, -90, 180, 90], 'aslant,boxed,over'],
  ] as const) {
    it(`finds ${found || 'nothing'} ${name}`, async () => {
      assert.equal((await ids({ bbox })).split(',').toSorted().join(), found)
    })
  }
})

describe('an item of many years', async () => {
  const years = createCatalogue(createMemoryStore())
  const of = (id: string, start: string, end: string) => ({
    type: 'Feature',
    id,
    bbox: [0, 0, 1, 1],
    geometry: null,
    properties: { datetime: null, start_datetime: start, end_datetime: end },
    links: [],
    assets: {},
  })
  const putYears = async (id: string, start: string, end: string) => {
    await years.put({ collection: 'changes', item: of(id, start, end), root: null }, signal)
  }
  await putYears('change', '2013-05-02T10:00:00Z', '2023-07-23T10:00:00.5Z')
  await putYears('month', '2018-03-01T00:00:00Z', '2018-03-31T23:59:59Z')

  async function pages(search: object): Promise<string> {
    const found: string[] = []
    for (let token: string | null = null; ; ) {
      const asked = readCatalogueSearch({
        ...search,
        limit: 1,
        ...(token === null ? {} : { token }),
      })
      const page = await searchPage(asked, years, null, signal)
      found.push(...page.entries.map(({ item: { id } }) => (typeof id === 'string' ? id : '')))
      token = page.next
      if (token === null) return found.join()
    }
  }

  for (const [datetime, found] of [
    ['2013-05-02T10:00:00Z', 'change'],
    ['2013-05-02T09:59:58Z', ''],
    ['2016-01-01T00:00:00Z', 'change'],
    ['2018-03-15T00:00:00Z', 'month,change'],
    ['2018-01-01T00:00:00Z/2019-01-01T00:00:00Z', 'month,change'],
    ['2012-01-01T00:00:00Z/..', 'change,month'],
    ['../2014-01-01T00:00:00Z', 'change'],
    ['2023-07-23T10:00:00Z/..', 'change'],
    ['2023-07-24T00:00:00Z/..', ''],
  ] as const) {
    it(`is found once by ${datetime}: ${found || 'nothing'}`, async () => {
      assert.equal(await pages({ datetime }), found)
    })
  }

  it('is found once without a time, either way, and by what replaced it', async () => {
    assert.equal(await pages({}), 'change,month')
    const sortby = [{ field: 'datetime', direction: 'asc' }]
    assert.equal(await pages({ sortby }), 'month,change')
    await putYears('change', '2013-05-02T10:00:00Z', '2015-01-01T00:00:00Z')
    assert.equal(await pages({ datetime: '2016-01-01T00:00:00Z/..' }), 'month')
    assert.equal(await pages({}), 'month,change')
  })
})

it('an item that was listed where 0.4.0 read its date is found still', async () => {
  const store = createMemoryStore()
  const kept = createRecordStore(store)
  const dated = (datetime: string) => ({
    type: 'Feature',
    id: 'dated',
    bbox: [0, 0, 1, 1],
    geometry: null,
    properties: { datetime },
  })
  const [place] = placesOfItem('scenes', dated('2020-01-01T05:00:00Z'))
  assert.ok(place !== undefined)
  const { tail, idHash } = place
  const record = { tail, root: null, item: dated('2020-01-01T00:00:00') }
  await kept.put(`catalogue/items/scenes/${idHash}`, record, signal)
  await kept.put(`catalogue/days/scenes/${tail}`, {}, signal)
  const old = createCatalogue(store)
  for (const search of [{}, { datetime: '2019-12-31T00:00:00Z/2020-01-02T00:00:00Z' }]) {
    const { entries } = await searchPage(readCatalogueSearch(search), old, null, signal)
    assert.equal(entries.length, 1)
  }
})

it('a filter knows an item by the collection that it is served in', async () => {
  const name = (is: string) => ({ op: '=', args: [{ property: 'collection' }, is] })
  assert.equal(await ids({ filter: name('scenes'), limit: 1 }), 'aslant')
  assert.equal(await ids({ filter: name('ndvi') }), '')
  assert.equal(await ids({ query: { collection: { eq: 'scenes' } }, ids: ['over'] }), 'over')
})

describe('a page', () => {
  const tokenOf = (text: string) => Buffer.from(text).toString('base64url')

  for (const search of [
    { token: tokenOf('1') },
    { token: tokenOf('scenes') },
    { ids: ['aslant'], token: tokenOf('scenes~000') },
    { ids: ['aslant'], token: tokenOf('x') },
  ]) {
    it(`does not begin with what another search gave: ${JSON.stringify(search)}`, async () => {
      await assert.rejects(ids(search), { code: 'invalid_request', message: /token/ })
    })
  }
})

it('a geometry leaves unread what its box does not reach', async () => {
  const read: string[] = []
  const store = createMemoryStore()
  const counted = {
    ...store,
    get: (...asked: Parameters<typeof store.get>) => {
      read.push(asked[0])
      return store.get(...asked)
    },
  }
  const many = createCatalogue(counted)
  for (let west = -180; west < 180; west += 4) {
    const properties = { datetime: '2020-01-01T00:00:00Z' }
    const geometry = aslant(west)
    const item = {
      type: 'Feature',
      id: `${west}`,
      bbox: [west, 0, west + 10, 10],
      geometry,
      properties,
    } // prettier-ignore
    await many.put({ collection: 'scenes', item, root: null }, signal)
  }
  read.length = 0
  const over = {
    type: 'Polygon',
    coordinates: [
      [
        [179, 4],
        [-179, 4],
        [-179, 5],
        [179, 5],
        [179, 4],
      ],
    ],
  } // prettier-ignore
  const { entries } = await searchPage(
    readCatalogueSearch({ intersects: over }),
    many,
    null,
    signal,
  )
  assert.deepEqual(new Set(entries.map(({ item: { id } }) => id)), new Set(['-180', '172', '176']))
  assert.ok(read.length < 8, `${read.length} of 90 items were read`)
})
