// Bands by the caller's names, by the names that catalogues give them, and of files of several.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { JsonObject } from '../../../lib/model/json.ts'
import type { AskedAssets } from '../../../lib/model/request.ts'
import { readItem } from '../../../lib/stac/item.ts'
import { readScene } from '../../../lib/stac/scene.ts'
import { asset, item, NIR_CID, QA_CID, RED_CID } from './sample-items.ts'

const read = (fields: JsonObject, asked?: AskedAssets) =>
  readScene(readItem(item(fields), null), asked)
const bandsOf = (fields: JsonObject, asked?: AskedAssets) => {
  const { red, nir } = read(fields, asked)
  return [red.key, red.band, nir.key, nir.band]
}
const eo = (...names: string[]) => ({ 'eo:bands': names.map((name) => ({ name })) })

describe('bands that the caller names', () => {
  const assets = {
    a: asset(RED_CID),
    'b:2': asset(NIR_CID),
    stack: asset(QA_CID, eo('Blue', 'Red', 'RE1', 'NIR')),
    scaled: asset(QA_CID, { 'raster:bands': [{ scale: 0.0001, offset: -0.1 }, { scale: 0.0001 }] }),
    pic: asset(QA_CID, { type: 'image/jp2' }),
  }

  it('are keys, keys with a number, or keys with a name', () => {
    assert.deepEqual(bandsOf({ assets }, { red: 'a', nir: 'b:2' }), ['a', null, 'b:2', null])
    assert.deepEqual(bandsOf({ assets }, { red: 'stack:2', nir: 'stack:4' }), [
      'stack',
      2,
      'stack',
      4,
    ])
    assert.deepEqual(bandsOf({ assets }, { red: 'stack:red', nir: 'stack:re1' }), [
      'stack',
      2,
      'stack',
      3,
    ])
    assert.deepEqual(bandsOf({ assets }, { red: 'stack', nir: 'stack' }), ['stack', 2, 'stack', 4])
    assert.deepEqual(bandsOf({ assets }, { red: 'b:2:1', nir: 'stack:11' }), [
      'b:2',
      1,
      'stack',
      11,
    ])
    assert.equal(read({ assets }, { red: 'a', nir: 'b:2', qa: 'stack:1' }).qa?.band, 1)
  })

  it('are those of the file where the item describes none', () => {
    assert.deepEqual(bandsOf({ assets }, { red: 'a:B4', nir: 'a:B8' }), ['a', 'B4', 'a', 'B8'])
    assert.throws(() => bandsOf({ assets }, { red: 'a:B4', nir: 'a:b4' }), {
      code: 'asset_unusable',
      message: /the same band of the same content/,
    })
  })

  it('are refused by name where they are not there', () => {
    for (const [red, message] of [
      ['c', /has no asset "c"\. Its assets are a, b:2, stack, scaled, pic\./],
      ['stack:green', /has no band "green"\. Its bands are blue, red, re1, nir\./],
      ['scaled:B4', /has no band "B4"\. Its bands are 1, 2\. A number counts from 1\./],
      ['stack:0', /has no band "0".*counts from 1/],
      ['a:0', /has no band "0"\. It names none\. A number counts from 1\./],
    ] as const) {
      assert.throws(() => bandsOf({ assets }, { red, nir: 'b:2' }), {
        code: 'asset_missing',
        message,
      })
    }
    assert.throws(() => bandsOf({ assets }, { red: 'pic', nir: 'a' }), { code: 'asset_unusable' })
    assert.throws(() => bandsOf({ assets }, { red: 'stack:2', nir: 'stack:2' }), {
      code: 'asset_unusable',
      message: /the same band of the same content/,
    })
  })
})

describe('the usual names', () => {
  const two = (red: string, nir: string, more: [JsonObject, JsonObject] = [{}, {}]) => ({
    [red]: asset(RED_CID, more[0]),
    [nir]: asset(NIR_CID, more[1]),
  })
  const landsat8 = { platform: 'landsat-8' }
  const rows: [name: string, fields: JsonObject][] = [
    ['Digital Earth Africa', { properties: landsat8, assets: two('SR_B4', 'SR_B5') }],
    ['its Landsat 5', { properties: { platform: 'landsat-5' }, assets: two('SR_B3', 'SR_B4') }],
    ['Geoscience Australia', { properties: landsat8, assets: two('nbart_red', 'nbart_nir') }],
    ['its Sentinel-2', { collection: 'ga_s2am_ard_3', assets: two('nbart_red', 'nbart_nir_1') }],
    ['Earth Engine', { properties: { platform: 'sentinel-2a' }, assets: two('B4', 'B8') }],
    ['Copernicus', { properties: { platform: 'sentinel-2a' }, assets: two('B04_10m', 'B08_10m') }],
    [
      'USGS files',
      {
        id: 'LC08_L2SP_047027_20201204_02_T1',
        assets: two('LC08_L2SP_047027_20201204_20210313_02_T1_SR_B4.TIF', 'SR_B5.TIF'),
      },
    ],
    [
      'upper case',
      {
        assets: two('x', 'y', [
          { 'eo:bands': [{ common_name: 'RED' }] },
          { 'eo:bands': [{ common_name: 'NIR' }] },
        ]),
      },
    ],
    [
      'indices into the properties (STAC 0.6)',
      {
        properties: {
          'eo:bands': [{ common_name: 'blue' }, { common_name: 'red' }, { common_name: 'nir' }],
        },
        assets: two('x', 'y', [{ 'eo:bands': [1] }, { 'eo:bands': [2] }]),
      },
    ],
    [
      'names into the properties (STAC 0.5)',
      {
        properties: { 'eo:bands': { B1: { common_name: 'red' }, B2: { common_name: 'nir' } } },
        assets: two('x', 'y', [{ 'eo:bands': ['B1'] }, { 'eo:bands': ['B2'] }]),
      },
    ],
    [
      'STAC 1.1',
      {
        assets: two('x', 'y', [
          { bands: [{ 'eo:common_name': 'red' }] },
          { bands: [{ 'eo:common_name': 'nir' }] },
        ]),
      },
    ],
  ]
  for (const [name, fields] of rows) {
    it(`of ${name}`, () => {
      const { red, nir } = read(fields)
      assert.deepEqual(
        [red.content?.cid, nir.content?.cid, red.band, nir.band],
        [RED_CID, NIR_CID, null, null],
      )
    })
  }

  it('of a file of several bands with both, and never of a true-colour image', () => {
    const visual = asset(RED_CID, eo('red', 'green', 'blue'))
    const stack = asset(QA_CID, eo('blue', 'green', 'red', 'nir'))
    assert.deepEqual(bandsOf({ assets: { visual, stack } }), ['stack', 3, 'stack', 4])
    assert.throws(() => bandsOf({ assets: { visual } }), { code: 'asset_missing' })
  })

  it('give each band its own nodata and scale', () => {
    const raster = [{ nodata: 0 }, { nodata: 7, scale: 0.5, offset: 1 }, { nodata: 9, scale: 0.25 }]
    const stack = asset(QA_CID, { ...eo('blue', 'red', 'nir'), 'raster:bands': raster })
    const { red, nir } = read({ assets: { stack } })
    assert.deepEqual([red.nodata, red.scale], [7, { scale: 0.5, offset: 1 }])
    assert.deepEqual([nir.nodata, nir.scale], [9, { scale: 0.25, offset: 0 }])
  })
})

describe('the place that an item gives', () => {
  it('is of the asset, else of the item, in each version of the extension', () => {
    const { red, nir } = read({
      properties: {
        'proj:epsg': 32631,
        'proj:shape': [5, 6],
        'proj:transform': [10, 0, 1, 0, -10, 2, 0, 0, 1],
      },
      assets: {
        red: asset(RED_CID),
        nir: asset(NIR_CID, { 'proj:code': 'epsg:32632', 'proj:shape': [7] }),
      },
    })
    const transform = [10, 0, 1, 0, -10, 2]
    assert.deepEqual(red.georeference, { crs: 'EPSG:32631', transform, shape: [5, 6] })
    assert.deepEqual(nir.georeference, { crs: 'EPSG:32632', transform, shape: [5, 6] })
    assert.equal(read({}).red.georeference, undefined)
  })

  const codes: readonly (readonly [fields: JsonObject, crs: string | null])[] = [
    [{ 'proj:code': 32631 }, 'EPSG:32631'],
    [{ 'proj:epsg': '32631' }, 'EPSG:32631'],
    [{ 'proj:epsg': 'epsg:32631' }, 'EPSG:32631'],
    [{ 'proj:code': 'OGC:CRS84' }, 'OGC:CRS84'],
    [{ 'proj:code': 'EPSG:None', 'proj:wkt2': 'PROJCRS["…"]' }, 'PROJCRS["…"]'],
    [{ 'proj:epsg': null, 'proj:projjson': { id: 1 } }, '{"id":1}'],
    [{ 'proj:code': null, 'proj:epsg': 0.5 }, null],
  ]
  for (const [fields, crs] of codes) {
    it(`has the CRS of ${JSON.stringify(fields)}`, () => {
      const { red } = read({ properties: { 'proj:shape': [5, 6], ...fields } })
      assert.equal(red.georeference?.crs, crs)
    })
  }
})
