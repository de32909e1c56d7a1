// What is accepted as an item, what is refused and how, and where its addresses lead.
// Long: a table of cases, and what each of them must come to.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { JsonObject } from '../../../lib/model/json.ts'
import { readItem } from '../../../lib/stac/item.ts'
import { at, CID_V1, fixture, item, object, RED_CID } from './sample-items.ts'

describe('readItem', () => {
  it('keeps what the item says, in its order, without migrating it', () => {
    const source = fixture('stac-1.1-LC08_L2SP_047027_20201204_02_T1.json')
    const read = readItem(source, 'https://example.com/a/item.json')
    assert.equal(read.id, 'LC08_L2SP_047027_20201204_02_T1')
    assert.equal(read.datetime, '2020-12-04T19:02:11.194486Z')
    assert.deepEqual(
      Object.keys(object(source.assets)),
      read.assets.map(({ key }) => key),
    )
    const red = read.assets.find(({ key }) => key === 'red')
    assert.deepEqual(red?.fields, at(source, 'assets', 'red'))
    assert.ok(Array.isArray(red?.fields['raster:bands']))
    assert.ok(Array.isArray(red?.fields['eo:bands']))
    assert.deepEqual(read.warnings, [])
  })

  it('accepts id and assets alone, with a warning', () => {
    const read = readItem({ id: 'snippet', assets: {} }, null)
    assert.equal(read.id, 'snippet')
    assert.deepEqual(read.properties, {})
    assert.match(read.warnings.join(), /no type and no properties/)
  })

  for (const version of ['0.6.2', '0.9.0', '1.0.0-rc.1', '1.0.0', '1.1.0', undefined]) {
    it(`accepts stac_version ${version}`, () => {
      assert.equal(readItem(item({ stac_version: version }), null).id, 'made-up')
    })
  }

  const refused: [name: string, value: unknown, message: RegExp][] = [
    ['null', null, /got nothing\. Give an Item/],
    ['undefined', undefined, /got nothing/],
    ['a number', 7, /got a number/],
    ['an array', [{}, {}], /got an array of 2\. Give one Item/],
    [
      'HTML',
      '<!DOCTYPE html><html></html>',
      /got an HTML or XML page\. Give the URL of the Item as JSON/,
    ],
    ['text', 'Not Found', /got text that is not JSON/],
    [
      'a Collection',
      fixture('landsat-c2l1.json'),
      /STAC Collection "landsat-c2l1", not an Item\. Give the Item of one scene/,
    ],
    ['a Collection of STAC 0.9', { id: 'old', extent: {}, license: 'x' }, /STAC Collection "old"/],
    ['a Catalog', { type: 'Catalog', id: 'root', links: [] }, /STAC Catalog "root", not an Item/],
    [
      'a FeatureCollection',
      { type: 'FeatureCollection', features: [{}, {}] },
      /FeatureCollection of 2 features.*Give one of its features/,
    ],
    [
      'a geometry',
      { type: 'Polygon', coordinates: [], id: 'x', assets: {} },
      /got "type": "Polygon"/,
    ],
    [
      'a plain GeoJSON Feature',
      { type: 'Feature', id: 'x', properties: {}, geometry: null },
      /without "assets"/,
    ],
    ['any other object', { hello: 'world' }, /without "assets"/],
    ['an item without id', { type: 'Feature', stac_version: '1.0.0', assets: {} }, /has no id/],
    [
      'an id that is no text',
      { type: 'Feature', stac_version: '1.0.0', id: 7, assets: {} },
      /has no id/,
    ],
    [
      'assets as a list',
      { type: 'Feature', stac_version: '1.0.0', id: 'x', assets: [] },
      /"assets" of the STAC Item "x" are not an object/,
    ],
  ]
  refused.push(
    ['half a surrogate pair in it', item({ title: '\ud800' }), /has text that is not Unicode/],
    ['a number beyond doubles', JSON.parse('{"id":"x","assets":{"a":{"gsd":1e999}}}'), /too large/],
  )
  for (const [name, value, message] of refused) {
    it(`refuses ${name}`, () => {
      assert.throws(() => readItem(value, null), { code: 'item_invalid', message })
    })
  }

  it('leaves out assets that are no objects, and is not led astray by private names of its library', () => {
    const source = item({
      _url: 'https://evil.example/',
      assets: {
        broken: null,
        text: 'x',
        red: { href: 'B4.TIF', _context: 'x', _key: 'y', alternate: { IPFS: RED_CID } },
      },
      links: [
        null,
        'x',
        { rel: 'self' },
        { rel: 'self', href: 'https://example.com/a/item.json', _context: 1 },
      ],
    })
    const read = readItem(source, null)
    assert.deepEqual(
      read.assets.map(({ key, url }) => [key, url]),
      [['red', 'https://example.com/a/B4.TIF']],
    )
    assert.equal(read.href, 'https://example.com/a/item.json')
  })
})

describe('addresses of an item', () => {
  const cases: [
    name: string,
    href: string | null,
    self: string | null,
    asset: string,
    url: string | null,
  ][] = [
    [
      'where it was read',
      'https://example.com/a/item.json',
      'https://other.example/b/c.json',
      './B4.TIF',
      'https://example.com/a/B4.TIF',
    ],
    [
      'its self link else',
      null,
      'https://other.example/b/c.json',
      '../B4.TIF',
      'https://other.example/B4.TIF',
    ],
    ['a bucket', null, 's3://bucket/a/item.json', 'B4.TIF', 's3://bucket/a/B4.TIF'],
    [
      'a root on IPFS, letter case kept',
      `ipfs://${RED_CID}/item.json`,
      null,
      './B4.TIF',
      `ipfs://${RED_CID}/B4.TIF`,
    ],
    ['nothing', null, null, './B4.TIF', null],
    ['a self link that is relative itself', null, './item.json', './B4.TIF', null],
  ]
  for (const [name, href, self, asset, url] of cases) {
    it(`resolve against ${name}`, () => {
      const links = self === null ? [] : [{ rel: 'self', href: self }]
      const read = readItem(item({ links, assets: { red: { href: asset } } }), href)
      assert.equal(read.assets[0]?.url, url)
      assert.equal(read.assets[0]?.href, asset)
    })
  }

  for (const href of [
    `ipfs://${RED_CID}/B4.TIF`,
    `ipfs://${CID_V1}`,
    'https://h.example/B4.TIF?sig=a%2Bb+c%3D&x=%7e#f',
    's3://Bucket/B4.TIF',
  ]) {
    it(`leave ${href} as written`, () => {
      assert.equal(readItem(item({ assets: { red: { href } } }), null).assets[0]?.url, href)
    })
  }

  const canonical: [name: string, links: JsonObject[], url: string | null][] = [
    [
      'canonical before self',
      [
        { rel: 'self', href: 'https://a.example/1' },
        { rel: 'canonical', href: 'https://b.example/1' },
      ],
      'https://b.example/1',
    ],
    [
      'self before via',
      [
        { rel: 'via', href: 'https://a.example/1' },
        { rel: 'self', href: 'https://b.example/1' },
      ],
      'https://b.example/1',
    ],
    [
      'via',
      [
        { rel: 'via', href: 'https://a.example/1' },
        { rel: 'via', href: 'https://b.example/1' },
      ],
      'https://a.example/1',
    ],
    ['nothing', [{ rel: 'parent', href: 'https://a.example/1' }], null],
    [
      'no link to this machine',
      [
        { rel: 'self', href: 'http://127.0.0.1:3000/stac/1' },
        { rel: 'via', href: 'http://localhost/1' },
      ],
      null,
    ],
    [
      'no host that only begins like it',
      [{ rel: 'self', href: 'https://localhost.example/1' }],
      'https://localhost.example/1',
    ],
  ]
  for (const [name, links, url] of canonical) {
    it(`name as canonical: ${name}`, () =>
      assert.equal(readItem(item({ links }), null).canonical, url))
  }
})

describe('extent and time of an item', () => {
  const polygon = {
    type: 'Polygon',
    coordinates: [
      [
        [1, 2],
        [3, 2],
        [3, 5],
        [1, 2],
      ],
    ],
  }
  const boxes: [name: string, fields: JsonObject, bbox: number[] | null][] = [
    ['its bbox', { bbox: [10, 50, 11, 51] }, [10, 50, 11, 51]],
    ['three dimensions', { bbox: [10, 50, 0, 11, 51, 900] }, [10, 50, 11, 51]],
    ['longitudes past 180', { bbox: [175, -41, 190, -37] }, [175, -41, -170, -37]],
    ['its geometry, without a bbox', { bbox: undefined, geometry: polygon }, [1, 2, 3, 5]],
    ['its geometry, with a broken bbox', { bbox: [1, 'x'], geometry: polygon }, [1, 2, 3, 5]],
    ['neither', { bbox: [10, 51, 11, 50], geometry: null }, null],
  ]
  for (const [name, fields, bbox] of boxes) {
    it(`is read from ${name}`, () => assert.deepEqual(readItem(item(fields), null).bbox, bbox))
  }

  it('has no geometry where that has no position', () => {
    for (const geometry of [
      {},
      { type: 'Polygon', coordinates: [] },
      { type: 'MultiPolygon', coordinates: [[]] },
      { type: 'GeometryCollection', geometries: [] },
    ]) {
      const read = readItem(item({ bbox: [10, 50, 11, 51], geometry }), null)
      assert.deepEqual([read.geometry, read.bbox], [null, [10, 50, 11, 51]])
    }
    assert.deepEqual(readItem(item({ geometry: polygon }), null).geometry, polygon)
  })

  it('begins with start_datetime where datetime is null', () => {
    const properties = {
      datetime: null,
      start_datetime: '2020-01-01T00:00:00Z',
      end_datetime: '2020-01-31T00:00:00Z',
    }
    assert.equal(readItem(item({ properties }), null).datetime, '2020-01-01T00:00:00Z')
    assert.equal(readItem(item({ properties: {} }), null).datetime, null)
  })
})
