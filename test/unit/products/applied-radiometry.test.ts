// Scales that do not hold as they are written: of tools, in counts, of integers on floats; Sentinel-2's offset once.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { JsonObject } from '../../../lib/model/json.ts'
import { applyRadiometry } from '../../../lib/products/applied-radiometry.ts'
import { chooseRadiometry } from '../../../lib/products/radiometry.ts'
import { asset, NIR_CID, RED_CID, scene } from '../stac/sample-items.ts'

const LANDSAT = 'LC08_L2SP_044034_20200704_20200913_02_T1'
const SENTINEL = 'S2A_MSIL2A_20230704T100031_N0509_R122_T33UXP_20230704T150000'
const both = (band: JsonObject) => ({
  red: asset(RED_CID, { 'raster:bands': [band] }),
  nir: asset(NIR_CID, { 'raster:bands': [band] }),
})
const automatic = (fields: JsonObject) => chooseRadiometry(scene(fields), 'auto')
const numbers = ({ rule }: ReturnType<typeof automatic>) => [
  rule.applied,
  rule.red.scale,
  rule.red.offset,
]

describe('a scale of 1', () => {
  const identity = { scale: 1, offset: 0, data_type: 'uint16' }

  it('that tools write does not override the product’s, and is told', () => {
    for (const [id, expected] of [
      [LANDSAT, ['l2sr', 2.75e-5, -0.2]],
      [SENTINEL, ['s2', 1e-4, -0.1]],
    ] as const) {
      const chosen = automatic({ id, assets: both(identity) })
      assert.deepEqual(numbers(chosen), expected)
      assert.match(chosen.warnings[0] ?? '', /scale of 1 and offset of 0.*not used/)
    }
  })

  it('holds where no product is known, and where it is asked for', () => {
    assert.deepEqual(numbers(automatic({ assets: both(identity) })), ['stac', 1, 0])
    const asked = chooseRadiometry(scene({ id: LANDSAT, assets: both(identity) }), 'stac')
    assert.deepEqual(numbers(asked), ['stac', 1, 0])
  })
})

describe('an offset in counts', () => {
  it('is read as one, and told', () => {
    const chosen = automatic({ assets: both({ scale: 1e-4, offset: -1000 }) })
    assert.deepEqual(numbers(chosen), ['stac', 1e-4, -0.1])
    assert.match(chosen.warnings[0] ?? '', /offset -1000 of "red" can only be in counts.*-0\.1/)
  })

  it('beside a scale that divides is divided, too', () => {
    for (const offset of [-1000, -0.1]) {
      const chosen = automatic({ assets: both({ scale: 10_000, offset }) })
      assert.deepEqual(numbers(chosen), ['stac', 1e-4, -0.1])
      assert.match(chosen.warnings[0] ?? '', /scale 10000 of "red".*to divide by: read as 0\.0001/)
    }
    // Of floats that are reflectance a percentage, perhaps: NDVI is the same.
    assert.deepEqual(numbers(automatic({ assets: both({ scale: 100, offset: 0 }) })), [
      'stac',
      100,
      0,
    ])
  })

  it('of a scale of 1 is what it says', () => {
    assert.deepEqual(numbers(automatic({ assets: both({ scale: 1, offset: -1000 }) })), [
      'stac',
      1,
      -1000,
    ])
  })
})

describe('the offset of Sentinel-2', () => {
  const offset = (properties: JsonObject, more: JsonObject = {}) =>
    automatic({
      id: 'uuid',
      collection: 's2_l2a',
      properties: { platform: 'sentinel-2a', ...properties },
      ...more,
    })

  it('is taken off once, whichever catalogue tells it', () => {
    const late = { datetime: '2023-04-15T11:20:00Z' }
    const told: [properties: JsonObject, offset: number][] = [
      [
        { ...late, 'sentinel:boa_offset_applied': true, 'sentinel:processing_baseline': '05.09' },
        0,
      ],
      [{ ...late, 'earthsearch:boa_offset_applied': true }, 0],
      [
        { ...late, 'sentinel:boa_offset_applied': false, 'sentinel:processing_baseline': '04.00' },
        -0.1,
      ],
      [{ ...late, 'sentinel:processing_baseline': '03.01' }, 0],
      [{ ...late, 's2:processing_baseline': 'N0400' }, -0.1],
      [{ ...late, 'processing:version': '02.14' }, 0],
      [
        {
          ...late,
          'sentinel:product_id': 'S2B_MSIL2A_20210103T000000_N0214_R091_T40XXX_20210103T020000',
        },
        0,
      ],
      [{ datetime: '2021-01-03T00:00:00Z', title: SENTINEL }, -0.1],
      [late, -0.1],
      [{ datetime: '2021-01-03T00:00:00Z' }, 0],
    ]
    for (const [properties, expected] of told) {
      assert.equal(offset(properties).rule.red.offset, expected, JSON.stringify(properties))
    }
  })

  it('is known from a product’s name in a link or an address, before the date', () => {
    const early = { datetime: '2021-01-03T00:00:00Z' }
    const links = [{ rel: 'derived_from', href: `https://x.example/${SENTINEL}.SAFE/MTD.xml` }]
    const chosen = offset(early, { links })
    assert.equal(chosen.rule.red.offset, -0.1)
    assert.deepEqual(chosen.warnings, [])
  })

  it('by the date says what was looked for; baselines that contradict each other are told', () => {
    const byDate = offset({ datetime: '2023-01-03T00:00:00Z' })
    assert.match(
      byDate.warnings[0] ?? '',
      /looked for \*:boa_offset_applied, \*:processing_baseline/,
    )
    const odd = offset({ 's2:processing_baseline': '02.14', title: SENTINEL })
    assert.match(odd.warnings[0] ?? '', /baselines on both sides of 04\.00 \(2\.14, 5\.09\)/)
  })
})

describe('a product’s scale of integers', () => {
  const { rule } = automatic({ id: LANDSAT })

  it('is applied to integers', () => {
    const { radiometry, warnings } = applyRadiometry(rule, { red: 'uint16', nir: 'int16' })
    assert.deepEqual([radiometry.applied, radiometry.red.scale, warnings], ['l2sr', 2.75e-5, []])
  })

  it('is not applied to floats, which hold reflectance already, and that is told', () => {
    const { radiometry, warnings } = applyRadiometry(rule, { red: 'float32', nir: 'float32' })
    assert.deepEqual(
      [radiometry.applied, radiometry.red, radiometry.nir],
      ['none', { scale: 1, offset: 0 }, { scale: 1, offset: 0 }],
    )
    assert.match(radiometry.reason, /L2SP.*Its bands are float32, taken for reflectance already/)
    assert.equal(warnings.length, 1)
    const mixed = applyRadiometry(rule, { red: 'uint16', nir: 'float64' }).radiometry
    assert.deepEqual([mixed.applied, mixed.red.scale, mixed.nir.scale], ['l2sr', 2.75e-5, 1])
  })

  it('is applied to floats where it is asked for, and so is the item’s own', () => {
    for (const mode of ['l2sr', 'stac'] as const) {
      const own = scene({ id: LANDSAT, assets: both({ scale: 2e-4, offset: 0 }) })
      const { rule: asked } = chooseRadiometry(own, mode)
      const { radiometry } = applyRadiometry(asked, { red: 'float32', nir: 'float32' })
      assert.deepEqual(radiometry.red, asked.red)
    }
  })
})
