// Which asset is red, which near infrared, which the quality band: by product, by name, never by role.
// Long: a table of cases, and what each of them must come to.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { JsonObject } from '../../../lib/model/json.ts'
import { readItem } from '../../../lib/stac/item.ts'
import { readScene } from '../../../lib/stac/scene.ts'
import { asset, CID_V1, item, NIR_CID, QA_CID, RED_CID, scene } from './sample-items.ts'

const OTHER = 'bafybeic2zycyt36xnkbvbzqbrmhb3jndcylvqywb4zfqn7i6kcsjjl62ka'
const common = (...names: string[]) => ({
  'eo:bands': names.map((common_name) => ({ common_name })),
})
const jp2 = { href: 'https://example.com/B04.jp2', type: 'image/jp2' }

/** Assets with a content reference each, all different. */
function assets(...keys: string[]): JsonObject {
  const cids = [RED_CID, NIR_CID, QA_CID, CID_V1, OTHER]
  return Object.fromEntries(keys.map((key, at) => [key, asset(cids[at] ?? '')]))
}

const chosen = (fields: JsonObject) => {
  const { red, nir } = scene(fields)
  return `${red.key} ${nir.key}`
}

const named = (name: string, cid: string) => asset(cid, { bands: [{ name }] })
const at = (cid: string, name: string, gsd: number) => asset(cid, { ...common(name), gsd })
const band = (cid: string, name: string, gsd: number) => asset(cid, { bands: [{ name }], gsd })
const reflectance = (cid: string) => asset(cid, { roles: ['data', 'reflectance', 'red', 'nir'] })
const file = (name: string) => ({ href: `ipfs://${CID_V1}/${name}` })
const qa = (fields: JsonObject, key: string) =>
  scene({ ...fields, assets: { ...assets('red', 'nir08', key) } }).qa?.layout
const red = (fields: JsonObject) =>
  scene({ assets: { red: asset(RED_CID, fields), nir: asset(NIR_CID) } }).red

describe('bands by product', () => {
  const cases: [name: string, id: string, keys: string[], chosen: string][] = [
    [
      'OLI by name',
      'LC09_L2SP_041034_20221005_20221007_02_T1',
      ['B4', 'nir', 'nir08', 'red'],
      'red nir08',
    ],
    ['OLI by number', 'LC08_L1TP_227074_20190809_20200827_02_T1', ['B3', 'B4', 'B5'], 'B4 B5'],
    ['OLI alone', 'LO08_L1TP_227074_20190809_20200827_02_T1', ['B3', 'B4', 'B5'], 'B4 B5'],
    ['TM by number', 'LT05_L2SP_010067_19860424_20200918_02_T2', ['B3', 'B4', 'B5'], 'B3 B4'],
    ['ETM+ by number', 'LE07_L1TP_021030_20100109_20200911_02_T1', ['B3', 'B4', 'B5'], 'B3 B4'],
    [
      'MSS by name',
      'LM04_L1GS_001001_19830527_20210902_02_T2',
      ['B2', 'B4', 'red', 'nir08', 'nir09'],
      'red nir08',
    ],
    ['Sentinel-2 by name', 'S2A_29RKH_20200219_0_L2A', ['red', 'nir08', 'nir'], 'red nir'],
    [
      'Sentinel-2 by number',
      'S2B_MSIL2A_20200219T112111_R037_T29RKH_20200219T123947',
      ['B04', 'B8A', 'B08'],
      'B04 B08',
    ],
    ['HLS L30', 'HLS.L30.T19LDD.2022165T144027.v2.0', ['B04', 'B08', 'B05'], 'B04 B05'],
    ['HLS S30', 'HLS.S30.T19LDD.2022165T144027.v2.0', ['B04', 'B05', 'B08', 'B8A'], 'B04 B8A'],
    [
      'HLS S30 by name',
      'HLS.S30.T19LDD.2022165T144027.v2.0',
      ['red', 'nir_broad', 'nir_narrow'],
      'red nir_narrow',
    ],
    ['letter case aside', 'S2A_29RKH_20200219_0_L2A', ['b04', 'b08'], 'b04 b08'],
    ['an unknown product', 'scene-1', ['nir08', 'nir', 'red'], 'red nir'],
  ]
  for (const [name, id, keys, expected] of cases) {
    it(`${name}: ${expected}`, () =>
      assert.equal(chosen({ id, assets: assets(...keys) }), expected))
  }

  it('the platform tells the sensor where the id does not', () => {
    const assetsByNumber = assets('B3', 'B4', 'B5')
    for (const [platform, expected] of [
      ['landsat-8', 'B4 B5'],
      ['LANDSAT_9', 'B4 B5'],
      ['Landsat-7', 'B3 B4'],
    ]) {
      assert.equal(chosen({ properties: { platform }, assets: assetsByNumber }), expected)
    }
  })

  it('band numbers without a sensor name nothing', () => {
    assert.throws(() => scene({ assets: assets('B3', 'B4', 'B5') }), {
      code: 'asset_missing',
      message:
        'Item made-up has no asset for red (looked for red) and near infrared (looked for nir, nir08). Its assets are B3, B4, B5. Name the bands in the request: "assets": {"red": …, "nir": …}.',
    })
  })

  it('the thermal product of Landsat 8 has neither band', () => {
    const id = 'LT08_L1TP_227074_20190809_20200827_02_T1'
    assert.throws(() => scene({ id, assets: assets('B3', 'B4', 'B5') }), { code: 'asset_missing' })
  })

  it('the name of the band itself counts like a key', () => {
    const id = 'LC08_L1TP_227074_20190809_20200827_02_T1'
    assert.equal(
      chosen({ id, assets: { x: named('B5', NIR_CID), y: named('B4', RED_CID) } }),
      'y x',
    )
  })
})

describe('bands in several resolutions', () => {
  const id = 'S2A_MSIL2A_20200219T112111_N0214_R037_T29RKH_20200219T123947'

  it('near infrared is taken on the grid of red', () => {
    const [coarse, fine] = [band(QA_CID, 'B08', 20), band(NIR_CID, 'B08', 10)]
    const red = band(RED_CID, 'B04', 10)
    assert.equal(chosen({ id, assets: { coarse, fine, red } }), 'red fine')
    assert.equal(chosen({ id, assets: { coarse, red } }), 'red coarse')
  })
})

describe('bands by common name', () => {
  it('are found in eo:bands and in bands', () => {
    const second = asset(NIR_CID, { bands: [{ name: 'b', 'eo:common_name': 'nir' }] })
    assert.equal(chosen({ assets: { a: asset(RED_CID, common('red')), b: second } }), 'a b')
  })

  it('prefer nir, then nir08, on the grid of red', () => {
    const red = at(RED_CID, 'red', 20)
    const fine = at(NIR_CID, 'nir', 10)
    const fitting = at(QA_CID, 'nir08', 20)
    assert.equal(chosen({ assets: { fine, fitting, red } }), 'red fitting')
    assert.equal(chosen({ assets: { fine, red } }), 'red fine')
    assert.equal(chosen({ assets: { fitting, fine, red: at(RED_CID, 'red', 10) } }), 'red fine')
  })

  it('count for assets of one band only', () => {
    const visual = asset(CID_V1, common('red', 'green', 'blue'))
    assert.equal(
      chosen({ assets: { visual, r: asset(RED_CID, common('red')), nir: asset(NIR_CID) } }),
      'r nir',
    )
  })

  it('never by role', () => {
    assert.throws(() => scene({ assets: { a: reflectance(RED_CID), b: reflectance(NIR_CID) } }), {
      code: 'asset_missing',
    })
  })
})

describe('bands that cannot be read', () => {
  it('name what is missing and what is there', () => {
    const id = 'LC08_L2SP_218074_20190114_20200829_02_T1'
    assert.throws(() => scene({ id, assets: assets('red', 'green', 'blue') }), {
      code: 'asset_missing',
      message: `Item ${id} has no asset for near infrared (looked for nir08, B5, nir). Its assets are red, green, blue. Name the bands in the request: "assets": {"red": …, "nir": …}.`,
    })
    assert.throws(() => scene({ assets: undefined }), {
      code: 'asset_missing',
      message: /It has no assets at all\.$/,
    })
  })

  it('an asset beside it that carries the same band by content is taken', () => {
    const red = { href: 'https://example.com/B4.TIF', ...common('red') }
    const id = 'LC08_L2SP_218074_20190114_20200829_02_T1'
    const mirror = asset(RED_CID, { 'eo:bands': [{ name: 'B4', common_name: 'red' }] })
    assert.equal(chosen({ id, assets: { red, mirror, nir08: asset(NIR_CID) } }), 'mirror nir08')
  })

  it('but never another band', () => {
    const id = 'S2A_29RKH_20200219_0_L2A'
    const nir = { href: 'https://example.com/B08.tif' }
    const chosenBand = scene({ id, assets: { ...assets('red'), nir, nir08: asset(NIR_CID) } }).nir
    assert.deepEqual([chosenBand.key, chosenBand.content], ['nir', null])
  })

  it('an unusable reference is told with asset, reference and reason', () => {
    const red = {
      href: 'https://example.com/B4.TIF',
      alternate: { IPFS: { href: 'ipns://x.example' } },
    }
    assert.throws(() => scene({ assets: { red, nir: asset(NIR_CID) } }), {
      code: 'asset_unusable',
      message:
        /^Asset "red" of item made-up cannot be read by content: alternate\.IPFS: "ipns:\/\/x\.example" is an IPNS name/,
    })
  })

  it('one CID for both bands is a mistake of the item', () => {
    assert.throws(() => scene({ assets: { red: asset(RED_CID), nir: asset(RED_CID) } }), {
      code: 'asset_unusable',
      message: /"red" and "nir" of item made-up name the same band of the same content/,
    })
    assert.equal(chosen({ assets: { red: file('B4.TIF'), nir: file('B5.TIF') } }), 'red nir')
  })
})

describe('JPEG 2000', () => {
  const id = 'S2A_29RKH_20200219_0_L2A'
  const forms: [name: string, fields: JsonObject][] = [
    ['by media type', { B04: { ...jp2, href: 'https://example.com/B04' } }],
    ['by extension', { B04: { href: 'https://example.com/B04.jp2?token=1' } }],
    ['by key', { 'red-jp2': { href: 'https://example.com/B04' } }],
  ]
  for (const [name, red] of forms) {
    it(`is refused plainly, known ${name}`, () => {
      const key = Object.keys(red)[0]
      assert.throws(() => scene({ id, assets: { ...red, nir: asset(NIR_CID) } }), {
        code: 'asset_unusable',
        message: `Asset "${key}" of item ${id} is JPEG 2000, which is not read here. Give an item whose red band is a Cloud Optimized GeoTIFF.`,
      })
    })
  }

  it('comes after every GeoTIFF', () => {
    assert.equal(
      chosen({ id, assets: { red: jp2, B04: asset(RED_CID), nir: asset(NIR_CID) } }),
      'B04 nir',
    )
  })

  it('is refused rather than replaced by a band on another grid', () => {
    const red = asset(RED_CID, { gsd: 10 })
    const nir08 = asset(NIR_CID, { gsd: 20, ...common('nir08') })
    assert.throws(() => scene({ id, assets: { red, nir: jp2, nir08 } }), {
      message: /"nir" .* is JPEG 2000/,
    })
  })
})

describe('the quality band', () => {
  it('is known by its name', () => {
    const landsat = { id: 'LC08_L2SP_218074_20190114_20200829_02_T1' }
    assert.equal(qa(landsat, 'qa_pixel'), 'landsat-c2')
    assert.equal(qa(landsat, 'QA_PIXEL'), 'landsat-c2')
    assert.equal(qa({ ...landsat, collection: 'ls8_sr' }, 'pixel_quality'), 'landsat-c2')
    assert.equal(qa({ id: 'HLS.L30.T33UXP.2023185T100000.v2.0' }, 'Fmask'), 'hls-fmask')
    assert.equal(qa({ id: 'S2A_29RKH_20200219_0_L2A' }, 'SCL'), 'sentinel-2-scl')
    assert.equal(qa({ id: 'S2A_29RKH_20200219_0_L2A' }, 'SCL_20m'), 'sentinel-2-scl')
    assert.equal(qa({ collection: 'ga_s2am_ard_3' }, 'oa_fmask'), 'ga-fmask')
    assert.equal(qa(landsat, 'fmask'), null)
    assert.equal(qa({}, 'BQA'), 'landsat-c1')
  })

  it('is of Collection 1 where the item says so', () => {
    assert.equal(
      qa({ properties: { platform: 'landsat-8', 'landsat:collection_number': '01' } }, 'qa_pixel'),
      'landsat-c1',
    )
    assert.equal(qa({ id: 'LC08_L1TP_015033_20170101_20170218_01_T1' }, 'qa_pixel'), 'landsat-c1')
  })

  it('is absent with a reason', () => {
    assert.match(scene().qaUnavailable ?? '', /Item made-up has no quality band/)
  })
})

describe('metadata of a band', () => {
  const nodata: [fields: JsonObject, expected: number | undefined][] = [
    [{ 'raster:bands': [{ nodata: 0 }] }, 0],
    [{ bands: [{ nodata: -9999 }] }, -9999],
    [{ nodata: 255 }, 255],
    [{ nodata: 255, bands: [{ nodata: 1 }], 'raster:bands': [{ nodata: 0 }] }, 0],
    [{ 'raster:bands': [{ nodata: 'nan' }] }, Number.NaN],
    [{ nodata: 'NaN' }, Number.NaN],
    [{ nodata: '-inf' }, -Infinity],
    [{ nodata: 'inf' }, Infinity],
    [{ nodata: '-9999' }, -9999],
    [{ nodata: 'none' }, undefined],
    [{ nodata: '' }, undefined],
    [{ nodata: null }, undefined],
    [{}, undefined],
  ]
  for (const [fields, expected] of nodata) {
    it(`nodata of ${JSON.stringify(fields)}`, () => assert.equal(red(fields).nodata, expected))
  }

  const scales: [fields: JsonObject, expected: string | undefined][] = [
    [{ 'raster:bands': [{ scale: 2, offset: 3 }] }, '2 3'],
    [{ 'raster:bands': [{ scale: 2 }] }, '2 0'],
    [{ 'raster:scale': 2, 'raster:offset': 3 }, '2 3'],
    [{ bands: [{ 'raster:scale': 2 }], 'raster:offset': 3 }, '2 3'],
    [
      { bands: [{ 'raster:scale': 2, 'raster:offset': 4 }], 'raster:scale': 9, 'raster:offset': 3 },
      '2 4',
    ],
    [{ 'raster:scale': 2, 'raster:bands': [{ scale: 5, offset: 6 }] }, '2 0'],
    [{ 'raster:bands': [{ offset: 3 }] }, undefined],
    [{ 'raster:bands': [{ scale: 0 }] }, undefined],
    [{ 'raster:bands': [{ scale: '2', offset: ' -3e-1 ' }] }, '2 -0.3'],
    [{ 'raster:bands': [{ scale: 'two' }] }, undefined],
    [{ 'raster:bands': [{ scale: 2, offset: 'three' }] }, undefined],
    [{ 'raster:scale': null, 'raster:bands': [{ scale: 5, offset: null }] }, '5 0'],
    [{ 'raster:bands': [] }, undefined],
  ]
  for (const [fields, expected] of scales) {
    it(`scale of ${JSON.stringify(fields)}`, () => {
      const { scale } = red(fields)
      assert.equal(scale && `${scale.scale} ${scale.offset}`, expected)
    })
  }

  it('scale of all assets stands in the properties of the item, from STAC 1.1 on', () => {
    const properties = { 'raster:scale': 2, 'raster:offset': 3, nodata: 0 }
    const assets = { red: asset(RED_CID), nir: asset(NIR_CID, { 'raster:scale': 5 }) }
    const read = readScene(readItem(item({ properties, assets }), null))
    assert.deepEqual([read.red.scale, read.nir.scale?.scale], [{ scale: 2, offset: 3 }, 5])
    assert.equal(read.red.nodata, undefined)
  })

  it('unit of the band before that of the asset', () => {
    assert.equal(red({ unit: 'a', bands: [{ unit: 'b' }] }).unit, 'b')
    assert.equal(red({ 'raster:bands': [{ unit: 'c' }] }).unit, 'c')
    assert.equal(red({}).unit, undefined)
  })

  it('raster:bands is read under stac_version 1.1.0, too', () => {
    const fields = { 'raster:bands': [{ nodata: 0, scale: 2.75e-5, offset: -0.2 }] }
    const source = item({
      stac_version: '1.1.0',
      assets: { red: asset(RED_CID, fields), nir: asset(NIR_CID) },
    })
    const band = readScene(readItem(source, null)).red
    assert.deepEqual([band.nodata, band.scale], [0, { scale: 2.75e-5, offset: -0.2 }])
  })
})
