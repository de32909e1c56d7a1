// Which bits and classes are masked, by product, with and without descriptions in the item.
// Long: many situations of one subject, on one set of servers and helpers.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { JsonObject } from '../../../lib/model/json.ts'
import { type MaskClass, maskClasses } from '../../../lib/model/request.ts'
import { chooseMask, withNodata } from '../../../lib/products/mask-rules.ts'
import { readItem } from '../../../lib/stac/item.ts'
import { readScene } from '../../../lib/stac/scene.ts'
import {
  asset,
  fixture,
  NIR_CID,
  QA_CID,
  RED_CID,
  scene,
  withContent,
} from '../stac/sample-items.ts'

/** A table holds for its own product alone. */
const products: Readonly<Record<string, string>> = {
  qa_pixel: 'LC09_L2SP_092068_20230607_20230609_02_T1',
  Fmask: 'HLS.L30.T33UXP.2023185T100000.v2.0',
  scl: 'S2A_29RKH_20200219_0_L2A',
}

const withQa = (key: string, fields: JsonObject = {}, item: JsonObject = {}) =>
  scene({
    id: products[key] ?? 'made-up',
    assets: { red: asset(RED_CID), nir08: asset(NIR_CID), [key]: asset(QA_CID, fields) },
    ...item,
  })
const bitfields = (
  ...fields: readonly (readonly [name: string, offset: number, length: number])[]
) => ({
  'classification:bitfields': fields.map(([name, offset, length]) => ({ name, offset, length })),
})
const maskOf = (of: ReturnType<typeof scene>, ...classes: MaskClass[]) => {
  const choice = chooseMask(of, classes)
  assert.ok(choice)
  return choice
}
const bits = (...positions: number[]) =>
  positions.reduce((sum, position) => sum | (1 << position), 0)

describe('without a description the bits of the product hold', () => {
  const tables: readonly (readonly [
    key: string,
    layout: string,
    Record<MaskClass, number>,
    fill: readonly number[],
  ])[] = [
    [
      'qa_pixel',
      'landsat-c2',
      { dilated_cloud: 1, cirrus: 2, cloud: 3, cloud_shadow: 4, snow: 5, water: 7 },
      [0],
    ],
    [
      'Fmask',
      'hls-fmask',
      { dilated_cloud: 2, cirrus: 0, cloud: 1, cloud_shadow: 3, snow: 4, water: 5 },
      [],
    ],
  ]
  for (const [key, layout, table, fill] of tables) {
    for (const name of maskClasses) {
      it(`${layout}: ${name}`, () => {
        const { rules, applied, warnings, qa } = maskOf(withQa(key), name)
        assert.equal(qa.layout, layout)
        assert.equal(rules.bits, bits(table[name], ...fill))
        assert.deepEqual(rules.values, layout === 'hls-fmask' ? [255] : [])
        assert.deepEqual([rules.saturated, applied], [[], [name]])
        assert.equal(warnings.length, layout === 'hls-fmask' && name === 'cirrus' ? 1 : 0)
      })
    }
  }

  it('and a bit that a product never sets is told: cirrus of Landsat 4 to 7 and of HLS', () => {
    const words = /has a bit for cirrus that is never set: none is masked/
    const tm = { id: 'LT05_L2SP_226071_20100803_20200823_02_T1' }
    for (const masked of [withQa('qa_pixel', {}, tm), withQa('Fmask')]) {
      assert.match(maskOf(masked, 'cloud', 'cirrus').warnings.join(), words)
      assert.deepEqual(maskOf(masked, 'cloud').warnings, [])
    }
    assert.deepEqual(
      maskOf(withQa('qa_pixel', bitfields(['cirrus', 2, 1]), tm), 'cirrus').warnings,
      [],
    )
  })

  it('all of Landsat at once', () => {
    assert.equal(maskOf(withQa('qa_pixel'), ...maskClasses).rules.bits, bits(0, 1, 2, 3, 4, 5, 7))
  })
})

describe('Sentinel-2’s scene classification has numbers', () => {
  const classes: readonly (readonly [MaskClass, readonly number[]])[] = [
    ['cirrus', [10]],
    ['cloud', [8, 9]],
    ['cloud_shadow', [3]],
    ['snow', [11]],
    ['water', [6]],
  ]
  for (const [name, numbers] of classes) {
    it(name, () => {
      const { rules, applied } = maskOf(withQa('scl'), name)
      assert.deepEqual(rules, { bits: 0, fields: [], values: [...numbers, 0], saturated: [1] })
      assert.deepEqual(applied, [name])
    })
  }

  it('but none of dilated clouds: a warning says so, the rest is masked', () => {
    const { rules, applied, warnings } = maskOf(withQa('scl'), 'dilated_cloud', 'cloud')
    assert.deepEqual([rules.values, applied], [[8, 9, 0], ['cloud']])
    assert.deepEqual(warnings, [
      'the quality band of S2A_29RKH_20200219_0_L2A does not tell dilated_cloud: not masked',
    ])
  })
})

describe('bitfields of the item', () => {
  it('move the bits', () => {
    const of = withQa('qa_pixel', bitfields(['fill', 9, 1], ['cloud', 6, 1], ['shadow', 7, 1]))
    assert.equal(maskOf(of, 'cloud', 'cloud_shadow').rules.bits, bits(9, 6, 7))
  })

  it('are read from the asset, its bands and its raster:bands', () => {
    const fields = bitfields(['cloud', 6, 1])
    for (const place of [fields, { bands: [fields] }, { 'raster:bands': [fields] }]) {
      assert.equal(maskOf(withQa('qa_pixel', place), 'cloud').rules.bits, bits(0, 6))
    }
  })

  for (const [name, alias] of [
    ['dilated_cloud', 'dilated'],
    ['dilated_cloud', 'Adjacent'],
    ['dilated_cloud', 'adjacent_cloud'],
    ['cloud_shadow', 'shadow'],
    ['snow', 'snow_ice'],
    ['cloud', 'CLOUD'],
  ] as const) {
    it(`call ${name} ${alias}`, () => {
      assert.equal(
        maskOf(withQa('qa_pixel', bitfields([alias, 12, 1])), name).rules.bits,
        bits(0, 12),
      )
    })
  }

  it('of confidence are never a mask, whatever their name', () => {
    const of = withQa(
      'qa_pixel',
      bitfields(['cloud_confidence', 8, 2], ['cirrus', 14, 2], ['cloud', 3, 1]),
    )
    const { rules, applied, warnings } = maskOf(of, 'cloud', 'cirrus')
    assert.equal(rules.bits, bits(0, 3))
    assert.deepEqual(applied, ['cloud'])
    assert.match(warnings[0] ?? '', /does not tell cirrus: not masked/)
  })

  it('that lack a class leave it unmasked with a warning, and do not fall back on the table', () => {
    const { rules, warnings } = maskOf(
      withQa('qa_pixel', bitfields(['cloud', 3, 1])),
      'cloud',
      'snow',
      'water',
    )
    assert.equal(rules.bits, bits(0, 3))
    assert.deepEqual(warnings, [
      `the quality band of ${products['qa_pixel']} does not tell snow, water: not masked`,
    ])
  })

  it('that say nothing readable are none', () => {
    for (const bad of [
      [],
      [{ name: 'cloud' }],
      [{ name: 'cloud', offset: -1, length: 1 }],
      ['cloud'],
      'cloud',
    ]) {
      const of = withQa('qa_pixel', { 'classification:bitfields': bad })
      assert.equal(maskOf(of, 'cloud').rules.bits, bits(0, 3))
    }
  })

  for (const [name, expected] of [
    ['planetary-computer-LC09_L2SP_010065_20220129_02_T1.json', bits(0, 1, 2, 3, 4)],
    ['usgs-LC09_L2SP_092068_20230607_20230609_02_T1_SR.json', bits(0, 1, 2, 3, 4)],
    ['stac-1.1-LC08_L2SP_047027_20201204_02_T1.json', bits(0, 1, 2, 3, 4)],
  ] as const) {
    it(`of a real item are Landsat's own: ${name}`, () => {
      const item = withContent(fixture(name), { red: RED_CID, nir08: NIR_CID, qa_pixel: QA_CID })
      const of = readScene(readItem(item, null))
      const { rules, warnings } = maskOf(of, 'dilated_cloud', 'cirrus', 'cloud', 'cloud_shadow')
      assert.deepEqual([rules.bits, warnings], [expected, []])
    })
  }
})

describe('a mask', () => {
  it('of nothing reads no quality band, even where there is none', () => {
    assert.equal(chooseMask(scene(), []), null)
    assert.equal(chooseMask(withQa('bqa'), []), null)
  })

  const unavailable = (message: RegExp) => ({ code: 'mask_unavailable', message })

  it('cannot be had without a quality band', () => {
    assert.throws(
      () => chooseMask(scene(), ['cloud']),
      unavailable(/has no quality band\. Ask with an empty mask/),
    )
  })

  it('cannot be had from one that nothing can be read of', () => {
    const of = scene({
      assets: {
        red: asset(RED_CID),
        nir08: asset(NIR_CID),
        qa_pixel: { href: 'ftp://example.com/qa.tif' },
      },
    })
    assert.throws(
      () => chooseMask(of, ['cloud']),
      unavailable(/"qa_pixel" of item made-up has neither an IPFS CID nor a plain copy/),
    )
  })

  it('cannot be had from Collection 1, by the name of its band or of its product', () => {
    const refused = unavailable(/of Landsat Collection 1, whose bits mean other things/)
    assert.throws(() => chooseMask(withQa('bqa'), ['cloud']), refused)
    const id = 'LC08_L1TP_015034_20200101_20200113_01_T1'
    assert.throws(() => chooseMask(withQa('qa_pixel', {}, { id }), ['cloud']), refused)
  })
})

describe('what an asset declares counts before any product', () => {
  const odc = [
    [0, 'nodata'],
    [1, 'valid'],
    [2, 'cloud'],
    [3, 'shadow'],
    [4, 'snow'],
    [5, 'water'],
  ].map(([value, name]) => ({ value, name }))

  it('classes of Open Data Cube in an asset "fmask" of a Landsat item', () => {
    const landsat = { id: products['qa_pixel'] ?? '' }
    const of = withQa('fmask', { 'classification:classes': odc }, landsat)
    const { rules, applied } = maskOf(of, 'dilated_cloud', 'cirrus', 'cloud', 'cloud_shadow')
    assert.deepEqual(rules, { bits: 0, fields: [], values: [2, 3, 0], saturated: [] })
    assert.deepEqual(applied, ['cloud', 'cloud_shadow'])
  })

  it('classes as Earth Search names those of the scene classification', () => {
    const classes = [
      [0, 'no_data'],
      [1, 'saturated_or_defective'],
      [2, 'dark_area_pixels'],
      [3, 'cloud_shadows'],
      [8, 'cloud_medium_probability'],
      [9, 'cloud_high_probability'],
      [10, 'thin_cirrus'],
    ].map(([value, name]) => ({ value, name }))
    const of = withQa('scl', { 'classification:classes': classes })
    const { rules } = maskOf(of, 'cirrus', 'cloud', 'cloud_shadow')
    assert.deepEqual(rules, { bits: 0, fields: [], values: [10, 8, 9, 3, 0], saturated: [1] })
  })

  it('fields of several bits with classes, and flags whose classes say which way they go', () => {
    const of = withQa('qa', {
      'classification:bitfields': [
        {
          name: 'cloud_state',
          offset: 0,
          length: 2,
          classes: [
            { value: 0, name: 'clear' },
            { value: 1, name: 'cloudy' },
            { value: 3, name: 'Cloud' },
          ],
        },
        {
          name: 'shadow',
          offset: 2,
          length: 1,
          classes: [
            { value: 0, name: 'cloud shadow' },
            { value: 1, name: 'no cloud shadow' },
          ],
        },
      ],
    })
    const { rules } = maskOf(of, 'cloud', 'cloud_shadow')
    assert.deepEqual(rules.fields, [
      { offset: 0, length: 2, values: [1, 3] },
      { offset: 2, length: 1, values: [0] },
    ])
    assert.equal(rules.bits, 0)
  })

  it('classes by the words of HLS and MODIS', () => {
    const fields = ['Adjacent to cloud/shadow', 'pixel_adjacent_to_cloud', 'Clouds Shadows']
    const described = fields.map((name, offset) => ({ name, offset, length: 1 }))
    const of = withQa('qa', { 'classification:bitfields': described })
    const { rules, warnings } = maskOf(of, 'dilated_cloud', 'cloud_shadow')
    assert.deepEqual([rules.bits, warnings], [bits(0, 1, 2), []])
  })

  it('numbers that became text on their way through a table', () => {
    const classes = [
      { value: '8', name: 'cloud' },
      { value: '9.0', name: 'cloud' },
      { value: 'x', name: 'snow' },
    ]
    const listed = withQa('qa', { 'classification:classes': classes })
    assert.deepEqual(maskOf(listed, 'cloud').rules.values, [8, 9])
    const field = { name: 'state', offset: '0', length: '2', classes }
    const packed = withQa('qa', { 'classification:bitfields': [field] })
    assert.deepEqual(maskOf(packed, 'cloud').rules.fields, [
      { offset: 0, length: 2, values: [8, 9] },
    ])
    const summed = withQa('qa', { 'file:values': [{ values: ['8'], summary: 'cloud' }] })
    assert.deepEqual(maskOf(summed, 'cloud').rules.values, [8])
  })

  it('classes marked as nodata, and the nodata of the asset itself', () => {
    const of = withQa('qa', {
      'classification:classes': [
        { value: 7, name: 'cloud' },
        { value: 9, name: 'outside', nodata: true },
      ],
      'raster:bands': [{ nodata: 255 }],
    })
    assert.deepEqual(maskOf(of, 'cloud').rules.values, [7, 9, 255])
  })
})

describe('without declared meanings', () => {
  it('a name that another product has is not read by that product’s table', () => {
    const landsat = { id: products['qa_pixel'] ?? '' }
    for (const [key, item] of [
      ['fmask', landsat],
      ['scl', landsat],
      ['qa_pixel', { id: 'made-up' }],
      ['qa', landsat],
    ] as const) {
      assert.throws(() => maskOf(withQa(key, {}, item), 'cloud'), {
        code: 'mask_unavailable',
        message: /does not declare what its numbers mean.*Add classification:classes/,
      })
    }
  })

  it('Geoscience Australia’s fmask has its own numbers', () => {
    const of = withQa(
      'oa_fmask',
      {},
      { id: 'uuid', collection: 'ga_ls8c_ard_3', properties: { platform: 'landsat-8' } },
    )
    const { rules } = maskOf(of, 'cloud', 'cloud_shadow')
    assert.deepEqual(rules, { bits: 0, fields: [], values: [2, 3, 0], saturated: [] })
  })
})

describe('nodata of the quality band’s file masks', () => {
  const classes = {
    'classification:classes': [
      { value: 0, name: 'clear' },
      { value: 1, name: 'cloud' },
    ],
  }
  const added = (of: ReturnType<typeof scene>, nodata: number | null) => {
    const choice = maskOf(of, 'cloud')
    const { values, ...others } = withNodata(choice, nodata)
    const { values: own, ...rules } = choice.rules
    assert.deepEqual(others, rules)
    return values.filter((value) => !own.includes(value))
  }

  it('where it is no number that the band means something by', () => {
    assert.deepEqual(added(withQa('cloud_mask', classes), 255), [255])
    assert.deepEqual(added(withQa('qa', bitfields(['cloud', 3, 1])), 64), [64])
    assert.deepEqual(added(withQa('cloud_mask', classes), -1), [-1])
  })

  it('not where the band says clear by it, nor twice', () => {
    assert.deepEqual(added(withQa('cloud_mask', classes), 0), [])
    assert.deepEqual(added(withQa('qa', bitfields(['cloud', 3, 1])), 0), [])
    // As the products' own files have it: it is in their tables.
    assert.deepEqual(added(withQa('qa_pixel'), 1), [])
    assert.deepEqual(added(withQa('Fmask'), 255), [])
    assert.deepEqual(added(withQa('scl'), 0), [])
    for (const none of [null, Number.NaN, 0.5]) assert.deepEqual(added(withQa('scl'), none), [])
  })
})
