// The address bar: what the page shows goes into it and comes out again.
// Long: every field of the address, and what each of them is read from.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MOST_POSITIONS } from '../../../lib/geo/position-count.ts'
import { sampleItem } from '../../../lib/sample/sample.ts'
import {
  areaOf,
  boundsOf,
  boxAround,
  boxOf,
  mostPositions,
  onFirstWorld,
  readBox,
  readGeometry,
  touches,
} from '../../../web/area.ts'
import { day, weekday } from '../../../web/format.ts'
import { scenesRequest, seriesRequest } from '../../../web/request.ts'
import { sampleBounds } from '../../../web/sample.ts'
import {
  fromAddress,
  fromQuery,
  initial,
  isSame,
  type State,
  toAddress,
  toQuery,
} from '../../../web/state.ts'

const field: State['area'] = {
  type: 'Polygon',
  coordinates: [
    [
      [10.1, 50.2],
      [10.3, 50.2],
      [10.2, 50.4],
      [10.1, 50.2],
    ],
  ],
}

describe('the address of a view', () => {
  it('is empty for the first view', () => {
    assert.equal(toQuery(initial), '')
    assert.deepEqual(fromQuery(''), initial)
  })

  it('gives every field back', () => {
    const state: State = {
      tab: 'time',
      view: [-59.91234, -3.1, 11.25],
      item: 'https://example.org/items/a b?x=1&y=2',
      other: '{"search":{"ids":["A&B"]}}',
      area: field,
      mask: 'clouds,snow,water',
      scale: 'stac',
      colormap: 'cividis',
      rescale: '0,0.8',
      size: 'full',
      trust: 'transport',
      opacity: 35,
      api: 'https://example.org/stac',
      collection: 'sentinel-2-c1-l2a',
      from: '2026-01-01',
      to: '2026-06-30',
      cloud: 5,
      interval: 'P1M',
      series: 'abc',
      zone: 'field & 2',
    }
    assert.deepEqual(fromQuery(toQuery(state)), state)
  })

  it('writes a box as four numbers', () => {
    const area = areaOf([-60, -3.2, -59.8, -3])
    assert.equal(
      new URLSearchParams(toQuery({ ...initial, area })).get('area'),
      '-60,-3.2,-59.8,-3',
    )
    assert.deepEqual(fromQuery('area=-60,-3.2,-59.8,-3').area, area)
  })

  it('keeps a long outline from the server, for the address of a request is bounded', () => {
    const corners = Array.from({ length: 500 }, (_, at) => {
      const angle = (at / 500) * 2 * Math.PI
      return [10 + Math.cos(angle), 50 + Math.sin(angle)]
    })
    const area = areaOf([9, 49, 11, 51])
    area.coordinates = [[...corners, ...corners.slice(0, 1)]]
    const item = 'https://example.org/a?b=c&d'
    const state: State = { ...initial, tab: 'find', item, area }
    const address = new URL(toAddress(state), 'https://example.org/')
    assert.ok(address.search.length < 200, address.search)
    assert.deepEqual(fromAddress(address), state)
    assert.deepEqual(
      fromAddress(new URL(toAddress({ ...state, area: field }), address)).area,
      field,
    )
    assert.equal(toAddress(initial), '')
    assert.deepEqual(fromAddress({ search: '', hash: '#panel' }), initial)
  })

  it('remembers that no scene is chosen', () => {
    assert.equal(fromQuery(toQuery({ ...initial, item: null })).item, null)
  })

  for (const [what, query] of [
    ['a tab that there is not', 'tab=__proto__'],
    ['an opacity past 100', 'opacity=1e9'],
    ['a view of words', 'view=here,there,1'],
    ['an area that is no GeoJSON', 'area={"type":"Point","coordinates":[1,2]}'],
    ['an area that is no JSON', 'area={'],
    ['an area without coordinates', 'area={"type":"Polygon","coordinates":[]}'],
    ['an area whose rings are numbers', 'area={"type":"Polygon","coordinates":[1,2]}'],
    ['a view beyond the pole', 'view=10,99,3'],
    ['a view closer than any pixel', 'view=10,20,3000'],
    ['a range that ends before it begins', 'rescale=1,-1'],
    ['a range of words', 'rescale=low,high'],
    ['names that are not its own', 'constructor=1&toString=2&token=secret'],
  ] as const) {
    it(`leaves ${what} alone`, () => assert.deepEqual(fromQuery(query), initial))
  }

  it('tells which fields differ', () => {
    assert.ok(isSame({ ...initial, area: areaOf([0, 0, 1, 1]) }, fromQuery('area=0,0,1,1'), 'area'))
    assert.ok(!isSame({ ...initial, area: field }, initial, 'area'))
  })
})

describe('an area', () => {
  it('is read from four numbers in any spelling', () => {
    for (const text of ['1,2,3,4', ' 1 2 3 4 ', '1; 2; 3; 4'])
      assert.deepEqual(readBox(text), [1, 2, 3, 4])
    assert.deepEqual(readBox('−1.5, −2, 3, 4'), [-1.5, -2, 3, 4])
    for (const text of ['1,2,3', '1,2,3,x', '', '1,2,3,4,5']) assert.equal(readBox(text), null)
  })

  it('over the antimeridian goes on past 180 degrees', () => {
    assert.deepEqual(readBox('170,-20,-170,-10'), [170, -20, 190, -10])
  })

  it('is read from features and collections as the union of their polygons', () => {
    const feature = { type: 'Feature', properties: {}, geometry: field }
    assert.deepEqual(readGeometry(feature), field)
    assert.deepEqual(readGeometry({ type: 'FeatureCollection', features: [feature] }), field)
    const two = readGeometry({ type: 'FeatureCollection', features: [feature, feature] })
    assert.deepEqual(two, {
      type: 'MultiPolygon',
      coordinates: [field.coordinates, field.coordinates],
    })
    const gathered = {
      type: 'GeometryCollection',
      geometries: [{ type: 'Point', coordinates: [1, 2] }, field],
    }
    assert.deepEqual(readGeometry(gathered), field)
    for (const other of [
      null,
      3,
      'x',
      {},
      { type: 'Point', coordinates: [1, 2] },
      { features: [] },
      { type: 'Polygon', coordinates: [] },
      { type: 'Polygon', coordinates: [[[1, 'x']]] },
      { type: 'MultiPolygon', coordinates: [[[1, 2]]] },
    ])
      assert.equal(readGeometry(other), null)
  })

  it('has with others one box, over the antimeridian where that is less', () => {
    const at = (west: number, east: number) => areaOf([west, -1, east, 1])
    assert.equal(boxAround([]), null)
    assert.deepEqual(boxAround([at(10, 12), at(-5, 3)]), [-5, -1, 12, 1])
    assert.deepEqual(boxAround([at(-179, -178), at(178, 179)]), [178, -1, 182, 1])
    assert.deepEqual(boxAround([at(-179, -178), at(179, 181)]), [179, -1, 182, 1])
    const split = readGeometry({ geometries: [at(-180, -179), at(178, 180)] })
    assert.ok(split !== null)
    assert.deepEqual(boxAround([split]), [178, -1, 181, 1])
  })

  it('drawn on the world beside is on the first one', () => {
    assert.deepEqual(onFirstWorld(areaOf([300, -4, 301, -3])), areaOf([-60, -4, -59, -3]))
    assert.deepEqual(onFirstWorld(areaOf([-420, -4, -419, -3])), areaOf([-60, -4, -59, -3]))
    assert.deepEqual(onFirstWorld(areaOf([179, -4, 181, -3])), areaOf([179, -4, 181, -3]))
    const both = readGeometry({ geometries: [areaOf([359, 0, 361, 1]), areaOf([362, 0, 363, 1])] })
    assert.ok(both !== null)
    assert.deepEqual(
      onFirstWorld(both),
      readGeometry({ geometries: [areaOf([-1, 0, 1, 1]), areaOf([2, 0, 3, 1])] }),
    )
  })

  it('touches another where they have a place in common', async () => {
    const { bbox } = await sampleItem()
    assert.deepEqual(sampleBounds, bbox)
    assert.ok(touches([0, 0, 2, 2], [1, 1, 3, 3]))
    assert.ok(!touches([0, 0, 2, 2], [3, 0, 4, 2]))
    assert.ok(!touches([0, 0, 2, 2], [0, -2, 2, -1]))
  })

  it('is a box only along the axes', () => {
    assert.deepEqual(boxOf(areaOf([1, 2, 3, 4])), [1, 2, 3, 4])
    assert.equal(boxOf(field), null)
    assert.deepEqual(boundsOf(field), [10.1, 50.2, 10.3, 50.4])
    // More corners than a function takes arguments.
    const ring = Array.from({ length: 300_000 }, (_, at) => [at / 1e4, (at % 7) - 3])
    assert.deepEqual(boundsOf({ type: 'Polygon', coordinates: [ring] }), [0, -3, 29.9999, 3])
    assert.equal(mostPositions, MOST_POSITIONS)
  })
})

describe('requests of a view', () => {
  it('names collections by comma, with blanks or without', () => {
    const { collections } = scenesRequest({ ...initial, collection: 'a, b,,c ,' }, 1)
    assert.deepEqual(collections, ['a', 'b', 'c'])
  })

  it('search with what is set, and nothing else', () => {
    const asked = { ...initial, area: areaOf([1, 2, 3, 4]), from: '2026-01-01', cloud: 100 }
    assert.deepEqual(scenesRequest(asked, 2), {
      limit: 20,
      page: 2,
      bbox: [1, 2, 3, 4],
      datetime: '2026-01-01/..',
    })
    assert.deepEqual(scenesRequest({ ...initial, area: field, collection: 'a, b' }, 1), {
      collections: ['a', 'b'],
      intersects: field,
      query: { 'eo:cloud_cover': { lte: 40 } },
      limit: 20,
      page: 1,
    })
  })

  it('ask for a series of the drawn area', () => {
    const asked = {
      ...initial,
      area: field,
      collection: 'c',
      to: '2026-02-01',
      interval: 'P1M',
      mask: 'clouds',
    }
    assert.deepEqual(seriesRequest(asked), {
      search: { collections: ['c'], datetime: '../2026-02-01' },
      geometry: field,
      interval: 'P1M',
      reduce: 'median',
      mask: ['clouds'],
    })
  })
})

describe('a date', () => {
  it('is the day in UTC, as in a figure', () => {
    assert.equal(day('2023-07-23T14:12:31.279905Z'), '2023-07-23')
    assert.equal(day('2023-07-23T23:30:00-03:00'), '2023-07-24')
    assert.match(weekday('2023-07-23T23:30:00-03:00'), /24 July 2023|July 24, 2023/)
    assert.equal(day('2023-07-23T23:30:00'), '2023-07-23')
    assert.equal(day('2023-07-23'), '2023-07-23')
    assert.equal(day(null), 'no date')
  })
})
