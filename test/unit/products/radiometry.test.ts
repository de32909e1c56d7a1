// Which rule makes reflectance of which product, with what numbers and what reason.
// Long: a table of cases, and what each of them must come to.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { JsonObject } from '../../../lib/model/json.ts'
import type { Radiometry, ScaleMode } from '../../../lib/model/radiometry.ts'
import { chooseRadiometry } from '../../../lib/products/radiometry.ts'
import { dayTaken } from '../../../lib/stac/acquisition.ts'
import { asset, NIR_CID, RED_CID, scene } from '../stac/sample-items.ts'

const SCALED = { 'raster:bands': [{ nodata: 0, scale: 2.75e-5, offset: -0.2 }] }
const RADIANCE = (unit: string) => ({ 'raster:bands': [{ scale: 0.62008, offset: 3.07992, unit }] })

const bands = (red: JsonObject, nir: JsonObject): JsonObject => ({
  red: asset(RED_CID, red),
  nir08: asset(NIR_CID, nir),
})

/** NDVI of one vegetation pixel, raw red 8000 and near infrared 18000. */
function ndvi({ red, nir }: Radiometry): string {
  const [r, n] = [8000 * red.scale + red.offset, 18000 * nir.scale + nir.offset]
  return ((n - r) / (n + r)).toFixed(3)
}

function told({ red, nir }: Radiometry): string {
  assert.deepEqual(red, nir)
  return `${red.scale} ${red.offset}`
}

const automatic = (fields: JsonObject) => chooseRadiometry(scene(fields), 'auto')

describe('the six data sets', () => {
  const sets: [
    name: string,
    fields: JsonObject,
    mode: ScaleMode,
    applied: string,
    warnings: number,
  ][] = [
    ['Manaus', { id: 'LC09_L2SP_231062_20230723_20230802_02_T1' }, 'auto', 'l2sr', 0],
    ['Brumadinho', { id: 'LC08_L2SP_218074_20190114_20200829_02_T1' }, 'auto', 'l2sr', 0],
    ['South Australia', { id: 'LC08_L2SP_098084_20210503_20210508_02_T1' }, 'auto', 'l2sr', 0],
    ['Elkton', { id: 'elkton-va', properties: { platform: 'landsat-8' } }, 'auto', 'none', 1],
    [
      'Elkton, asked for',
      { id: 'elkton-va', properties: { platform: 'landsat-8' } },
      'l1toa',
      'l1toa',
      0,
    ],
    ['Corumba', { id: 'LC08_L1TP_227074_20190809_20200827_02_T1' }, 'auto', 'l1toa', 0],
    [
      'S2 29RKH',
      { id: 'S2A_29RKH_20200219_0_L2A', properties: { 's2:processing_baseline': '02.14' } },
      'auto',
      's2',
      0,
    ],
    [
      'S2 29RKH as Earth Search has it',
      { id: 'S2A_29RKH_20200219_0_L2A', assets: bands(SCALED, SCALED) },
      'auto',
      'stac',
      0,
    ],
  ]
  const expected: Record<string, string> = {
    none: '0.385',
    l1toa: '0.625',
    l2sr: '0.873',
    s2: '0.385',
    stac: '0.873',
  }
  for (const [name, fields, mode, applied, count] of sets) {
    it(`${name}: ${applied}`, () => {
      const { rule: radiometry, warnings } = chooseRadiometry(scene(fields), mode)
      assert.equal(radiometry.applied, applied)
      assert.equal(ndvi(radiometry), expected[applied])
      assert.equal(warnings.length, count)
    })
  }
})

describe('asked for by name', () => {
  const modes: [mode: ScaleMode, numbers: string, ndvi: string][] = [
    ['none', '1 0', '0.385'],
    ['l1toa', '0.00002 -0.1', '0.625'],
    ['l2sr', '0.0000275 -0.2', '0.873'],
  ]
  for (const [mode, numbers, value] of modes) {
    it(`${mode} is applied whatever the item says`, () => {
      const { rule: radiometry, warnings } = chooseRadiometry(
        scene({ assets: bands(SCALED, SCALED) }),
        mode,
      )
      assert.deepEqual(
        [radiometry.applied, told(radiometry), ndvi(radiometry)],
        [mode, numbers, value],
      )
      assert.match(radiometry.reason, /^The request asks for .+\.$/)
      assert.deepEqual(warnings, [])
    })
  }

  it('stac takes the scale of the item', () => {
    const { rule: radiometry } = chooseRadiometry(scene({ assets: bands(SCALED, SCALED) }), 'stac')
    assert.deepEqual([radiometry.applied, told(radiometry)], ['stac', '0.0000275 -0.2'])
  })

  const impossible: [name: string, fields: JsonObject, reason: RegExp][] = [
    ['no scale', {}, /names no scale for its red and near-infrared bands\. Ask for "scale"/],
    [
      'no scale, though the product has one',
      { id: 'LC08_L2SP_218074_20190114_20200829_02_T1' },
      /names no scale/,
    ],
    ['red alone', { assets: bands(SCALED, {}) }, /names a scale for "red" but none for "nir08"/],
    [
      'near infrared alone',
      { assets: bands({}, SCALED) },
      /names a scale for "nir08" but none for "red"/,
    ],
    [
      'radiance',
      { assets: bands(RADIANCE('W/(m2 sr um)'), SCALED) },
      /"red" leads to radiance \(W\/\(m2 sr um\)\)/,
    ],
  ]
  for (const [name, fields, message] of impossible) {
    it(`stac with ${name} cannot be answered`, () => {
      assert.throws(() => chooseRadiometry(scene(fields), 'stac'), {
        code: 'radiometry_unknown',
        message,
      })
    })
  }
})

describe('rule 1, the scale of the item', () => {
  it('fires before the rules of the product', () => {
    const id = 'LC08_L1TP_227074_20190809_20200827_02_T1'
    assert.equal(automatic({ id, assets: bands(SCALED, SCALED) }).rule.applied, 'stac')
  })

  it('keeps a scale of its own for each band', () => {
    const { red, nir } = automatic({
      assets: bands({ 'raster:scale': 2, 'raster:offset': 1 }, { 'raster:bands': [{ scale: 3 }] }),
    }).rule
    assert.deepEqual(
      [red, nir],
      [
        { scale: 2, offset: 1 },
        { scale: 3, offset: 0 },
      ],
    )
  })

  it('without an offset where Sentinel-2 has one is believed, with a warning', () => {
    const collection = 'sentinel-2-l2a'
    const warned = (properties: JsonObject, own: JsonObject) => {
      const { rule, warnings } = automatic({ collection, properties, assets: bands(own, own) })
      assert.equal(rule.applied, 'stac')
      return warnings.join('; ')
    }
    const late = { 's2:processing_baseline': '05.09' }
    const plain = { 'raster:bands': [{ scale: 1e-4, offset: 0 }] }
    const whole = { 'raster:bands': [{ scale: 1e-4, offset: -0.1 }] }
    assert.match(
      warned(late, plain),
      /has -0\.1 \(processing baseline 05\.09\): the item is believed/,
    )
    assert.equal(warned(late, whole), '')
    assert.equal(warned({ 's2:processing_baseline': '02.14' }, plain), '')
    assert.equal(warned({ ...late, 'earthsearch:boa_offset_applied': true }, plain), '')
  })

  it('does not fire for one band, and says so', () => {
    const { rule: radiometry, warnings } = automatic({
      id: 'LC08_L2SP_218074_20190114_20200829_02_T1',
      assets: bands(SCALED, {}),
    })
    assert.equal(radiometry.applied, 'l2sr')
    assert.deepEqual(warnings, [
      'the item names a scale for "red" but none for "nir08": it is not used',
    ])
  })

  for (const unit of [
    'watt/steradian/square_meter/micrometer',
    'W⋅sr−1⋅m−3',
    'W m-2 sr-1 um-1',
    'Wm-2sr-1um-1',
    'mW/cm^2/sr',
    'TOA radiance',
  ]) {
    it(`does not fire for radiance: ${unit}`, () => {
      const id = 'LC08_L1TP_227074_20190809_20200827_02_T1'
      const assets = bands(RADIANCE(unit), RADIANCE(unit))
      assert.equal(automatic({ id, assets }).rule.applied, 'l1toa')
      const unknown = automatic({ assets }).rule
      assert.equal(unknown.applied, 'none')
      assert.match(
        unknown.reason,
        /^The scale of "red" leads to radiance .+ and no scale is known here for its product\.$/,
      )
    })
  }

  for (const unit of ['reflectance', '1', '', 'percent', 'surface reflectance (SR)']) {
    it(`fires for ${unit === '' ? 'no unit' : unit}`, () => {
      const fields = { 'raster:bands': [{ scale: 1e-4, unit }] }
      assert.equal(automatic({ assets: bands(fields, fields) }).rule.applied, 'stac')
    })
  }

  it('leaves out an offset that Earth Search has applied', () => {
    const offset = { 'raster:bands': [{ scale: 1e-4, offset: -0.1 }] }
    const id = 'S2B_29RKH_20230219_0_L2A'
    const of = (applied: boolean | string) => {
      const properties = { 'earthsearch:boa_offset_applied': applied }
      return automatic({ id, properties, assets: bands(offset, offset) }).rule
    }
    assert.equal(told(of(true)), '0.0001 0')
    assert.match(of(true).reason, /boa_offset_applied/)
    assert.equal(told(of(false)), '0.0001 -0.1')
    assert.equal(told(of('True')), '0.0001 0')
    assert.equal(told(of('1')), '0.0001 0')
    assert.equal(told(of('no')), '0.0001 -0.1')
    assert.equal(
      told(chooseRadiometry(scene({ id, assets: bands(offset, offset) }), 'stac').rule),
      '0.0001 -0.1',
    )
  })
})

describe('rules 2 to 6, the scale of the product', () => {
  const products: [fields: JsonObject, applied: string, numbers: string, reason: RegExp][] = [
    [
      { properties: { platform: 'landsat-8', 'landsat:correction': 'L2SP' } },
      'l2sr',
      '0.0000275 -0.2',
      /\(L2SP\)/,
    ],
    [{ properties: { 'landsat:correction': 'L2SR' } }, 'l2sr', '0.0000275 -0.2', /\(L2SR\)/],
    [{ id: 'LT04_L2SP_002026_19830110_20200918_02_T1' }, 'l2sr', '0.0000275 -0.2', /L2SP/],
    [{ id: 'LE07_L2SR_021030_20100109_20200911_02_T1' }, 'l2sr', '0.0000275 -0.2', /L2SR/],
    [{ id: 'LO08_L2SR_021030_20200109_20200911_02_T1_SR' }, 'l2sr', '0.0000275 -0.2', /L2SR/],
    [{ id: 'LC08_L2SP_047027_20201204_item' }, 'l2sr', '0.0000275 -0.2', /L2SP/],
    [{ id: 'LC09_L1GT_019032_20211031_20220118_02_T2' }, 'l1toa', '0.00002 -0.1', /\(L1GT\)/],
    [{ id: 'LO08_L1GS_019032_20211031_20220118_02_T2' }, 'l1toa', '0.00002 -0.1', /\(L1GS\)/],
    [{ id: 'LC08_L1TP_015033_20170101_20170218_01_T1' }, 'l1toa', '0.00002 -0.1', /\(L1TP\)/],
    [
      { properties: { platform: 'LANDSAT_9', 'landsat:correction': 'L1TP' } },
      'l1toa',
      '0.00002 -0.1',
      /\(L1TP\)/,
    ],
    // The property is what the item says now; the id may be an older name.
    [
      {
        id: 'LC08_L1TP_227074_20190809_20200827_02_T1',
        properties: { 'landsat:correction': 'L2SP' },
      },
      'l2sr',
      '0.0000275 -0.2',
      /L2SP/,
    ],
    [
      { id: 'HLS.L30.T19LDD.2022165T144027.v2.0', properties: { platform: 'landsat-9' } },
      'hls',
      '0.0001 0',
      /HLS/,
    ],
    ...[
      'landsat-c2-l2',
      'landsat-8-c2-l2',
      'landsat-c2l2-sr',
      'landsat-c2l2alb-sr',
      'landsat-c2ard-sr',
      'LANDSAT/LC08/C02/T1_L2',
    ].map((collection): (typeof products)[number] => [
      { id: '6f2c9f2e-1d34', collection, properties: { platform: 'landsat-8' } },
      'l2sr',
      '0.0000275 -0.2',
      /L2SP/,
    ]),
    [{ collection: 'hls2-s30', properties: { platform: 'sentinel-2a' } }, 'hls', '0.0001 0', /HLS/],
    [{ collection: 'HLSL30_2.0' }, 'hls', '0.0001 0', /HLS/],
    [{ properties: { 'hls:product': 'HLSS30' } }, 'hls', '0.0001 0', /HLS/],
  ]
  for (const [fields, applied, numbers, reason] of products) {
    it(`${JSON.stringify(fields)}: ${applied}`, () => {
      const { rule: radiometry, warnings } = automatic({ properties: {}, ...fields })
      assert.deepEqual([radiometry.applied, told(radiometry), warnings], [applied, numbers, []])
      assert.match(radiometry.reason, reason)
    })
  }

  const raw: [name: string, fields: JsonObject][] = [
    ['TM Level-1', { id: 'LT05_L1TP_010067_19860424_20200918_02_T1' }],
    ['ETM+ Level-1', { id: 'LE07_L1TP_021030_20100109_20200911_02_T1' }],
    [
      'ETM+ Level-1 by its platform',
      { properties: { platform: 'landsat-7', 'landsat:correction': 'L1TP' } },
    ],
    ['MSS Level-1', { id: 'LM04_L1GS_001001_19830527_20210902_02_T2' }],
    ['a Landsat of unknown level', { properties: { platform: 'landsat-8' } }],
    ['a Landsat of unknown sensor', { properties: { 'landsat:correction': 'L1TP' } }],
    [
      'Collection 1 surface reflectance',
      { properties: { 'landsat:correction': 'L2SP', 'landsat:collection_number': '01' } },
    ],
    ['a Sentinel-2 of unknown level', { properties: { platform: 'sentinel-2a' } }],
    ['an unknown product', {}],
  ]
  for (const [name, fields] of raw) {
    it(`${name}: none, with a warning that says how to ask`, () => {
      const { rule: radiometry, warnings } = automatic(fields)
      assert.deepEqual(
        [radiometry.applied, told(radiometry), ndvi(radiometry)],
        ['none', '1 0', '0.385'],
      )
      assert.equal(warnings.length, 1)
      assert.match(warnings[0] ?? '', /raw numbers.*"scale": "l2sr".*"l1toa"/)
      assert.match(radiometry.reason, /^The item names no scale .+\.$/)
    })
  }
})

describe('names of products', () => {
  for (const [id, applied, day] of [
    ['lc08_l2sp_231062_20230723_20230802_02_t1', 'l2sr', '2023-07-23'],
    ['lc08_l1tp_231062_20230723_20230802_02_t1', 'l1toa', '2023-07-23'],
    // Of the grid of the United States, in upper case as USGS has it.
    ['LC08_CU_003010_20230723_20230802_02_SR', 'l2sr', '2023-07-23'],
    ['s2a_msil2a_20230723t142711_n0509_r053_t20mrb_20230723t200000.safe', 's2', '2023-07-23'],
    ['hls.s30.t20mrb.2023204t142711.v2.0', 'hls', '2023-07-23'],
  ] as const) {
    it(`${id} is one`, () => {
      const of = scene({ id, assets: { ...bands({}, {}), nir: asset(NIR_CID) }, properties: {} })
      assert.equal(chooseRadiometry(of, 'auto').rule.applied, applied)
      assert.equal(dayTaken(of), day)
    })
  }

  it('of other things are none, though they begin alike', () => {
    for (const id of ['lc08_study', 'le7_2020', 's2a_median', 'lc1_2020_01']) {
      const of = scene({ id, assets: { red: asset(RED_CID), nir: asset(NIR_CID) }, properties: {} })
      assert.equal(of.product.family, 'unknown', id)
    }
  })
})

describe('rule 5, Sentinel-2', () => {
  const ES = 'S2A_29RKH_20200219_0_L2A'
  const cases: [fields: JsonObject, offset: number, reason: RegExp, warnings: number][] = [
    [
      { id: ES, properties: { 's2:processing_baseline': '02.14' } },
      0,
      /L2A, processing baseline 02\.14/,
      0,
    ],
    [{ id: ES, properties: { 's2:processing_baseline': '04.00' } }, -0.1, /baseline 04\.00/, 0],
    [{ id: ES, properties: { 's2:processing_baseline': '05.09' } }, -0.1, /baseline 05\.09/, 0],
    [{ id: ES, properties: { 's2:processing_baseline': 3.01 } }, 0, /baseline 03\.01/, 0],
    [{ id: ES, properties: { 'processing:version': '05.11' } }, -0.1, /baseline 05\.11/, 0],
    [
      { id: 'S2B_MSIL2A_20230219T112111_N0509_R037_T29RKH_20230219T123947' },
      -0.1,
      /baseline 05\.09/,
      0,
    ],
    [
      { id: 'S2A_MSIL1C_20200219T112111_N0209_R037_T29RKH_20200219T123947' },
      0,
      /L1C, processing baseline 02\.09/,
      0,
    ],
    [
      {
        id: ES,
        properties: {
          's2:product_uri': 'S2A_MSIL2A_20200219T112111_N0500_R037_T29RKH_20230219T123947.SAFE',
        },
      },
      -0.1,
      /05\.00/,
      0,
    ],
    [
      {
        id: ES,
        properties: { 's2:processing_baseline': '05.00', 'earthsearch:boa_offset_applied': true },
      },
      0,
      /already in the numbers/,
      0,
    ],
    [
      { id: ES, properties: { datetime: '2022-01-24T23:59:59Z' } },
      0,
      /unknown, acquired 2022-01-24/,
      1,
    ],
    [
      { id: ES, properties: { datetime: '2022-01-25T00:00:00Z' } },
      -0.1,
      /unknown, acquired 2022-01-25/,
      1,
    ],
    [{ id: 'S2C_T13TDE_20250729T180310_L2A', properties: {} }, -0.1, /acquired 2025-07-29/, 1],
    [{ id: 'x', collection: 'sentinel-2-l2a', properties: {} }, 0, /unknown, no date/, 1],
    [
      {
        id: 'x',
        properties: {
          constellation: 'sentinel-2',
          's2:product_type': 'S2MSI1C',
          's2:processing_baseline': '04.00',
        },
      },
      -0.1,
      /L1C/,
      0,
    ],
    [
      {
        id: 'x',
        properties: {
          platform: 'Sentinel-2B',
          'processing:level': 'L2A',
          'processing:version': '05.10',
        },
      },
      -0.1,
      /L2A/,
      0,
    ],
    // Sen2Cor, as users run it, writes 99.99 whatever it was given.
    [
      { id: ES, properties: { 's2:processing_baseline': '99.99', datetime: '2018-07-04' } },
      0,
      /unknown, acquired 2018-07-04/,
      1,
    ],
    [
      {
        id: 'S2A_MSIL2A_20230704T100031_N9933_R122_T33UXP_20230704T150000',
        properties: { datetime: '2023-07-04' },
      },
      -0.1,
      /unknown, acquired 2023-07-04/,
      1,
    ],
    [
      { id: ES, properties: { 's2:processing_baseline': 0, datetime: '2023-07-04' } },
      -0.1,
      /unknown, acquired 2023-07-04/,
      1,
    ],
    [
      { id: ES, properties: { 's2:processing_baseline': '00.00', datetime: '2023-07-04' } },
      -0.1,
      /unknown, acquired 2023-07-04/,
      1,
    ],
    // As pandas and others write it that take it for a number.
    [{ id: ES, properties: { 's2:processing_baseline': '5.0' } }, -0.1, /baseline 05\.00/, 0],
    [{ id: ES, properties: { PROCESSING_BASELINE: '5' } }, -0.1, /baseline 05\.00/, 0],
    [{ id: ES, properties: { 's2:processing_baseline': 500 } }, -0.1, /baseline 05\.00/, 0],
    [{ id: ES, properties: { 's2:processing_baseline': '3.1' } }, 0, /baseline 03\.10/, 0],
    [
      {
        id: '20230704T100031_20230704T100029_T33UXP',
        collection: 'COPERNICUS/S2_SR_HARMONIZED',
        properties: { datetime: '2023-07-04T10:00:31Z' },
      },
      0,
      /L2A, its offset already in the numbers \(collection COPERNICUS/,
      0,
    ],
    [
      { id: 'x', collection: 'COPERNICUS/S2', properties: { datetime: '2023-07-04T10:00:31Z' } },
      -0.1,
      /L1C, processing baseline unknown, acquired 2023-07-04/,
      1,
    ],
    // A version of some software is no baseline.
    [
      { id: ES, properties: { 'processing:version': '1.2', datetime: '2020-02-19T00:00:00Z' } },
      0,
      /unknown/,
      1,
    ],
    [
      { id: ES, properties: { 'processing:version': '1.2.3', datetime: '2020-02-19T00:00:00Z' } },
      0,
      /unknown/,
      1,
    ],
  ]
  for (const [fields, offset, reason, count] of cases) {
    it(`${JSON.stringify(fields)}: offset ${offset}`, () => {
      const assets = { red: asset(RED_CID), nir: asset(NIR_CID) }
      const { rule: radiometry, warnings } = automatic({ ...fields, assets })
      assert.deepEqual([radiometry.applied, told(radiometry)], ['s2', `0.0001 ${offset}`])
      assert.match(radiometry.reason, reason)
      assert.equal(warnings.length, count)
    })
  }
})
