// The arithmetic of one pixel, and why a pixel does not count.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { emptyTally, type NdviRules, ndviOfRows } from '../../../lib/pixels/ndvi.ts'

const scaled = (scale: number, offset: number, saturation: number | null = null): NdviRules => ({
  red: { scale, offset, fill: [0], saturation },
  nir: { scale, offset, fill: [0], saturation },
  minimumDenominator: 1e-6,
})
const raw: NdviRules = { ...scaled(1, 0), minimumDenominator: Number.MIN_VALUE }

function pixel(red: number, nir: number, rules: NdviRules) {
  const out = new Float64Array(1)
  const tally = emptyTally()
  ndviOfRows(Uint16Array.of(red), Uint16Array.of(nir), null, rules, out, tally)
  return { value: out[0], tally }
}

describe('NDVI of one vegetation pixel, red 8000 and NIR 18000', () => {
  const cases: [string, NdviRules, number][] = [
    ['raw numbers', raw, 0.385],
    ['Level-1 reflectance', scaled(2e-5, -0.1), 0.625],
    ['surface reflectance', scaled(2.75e-5, -0.2), 0.873],
  ]
  for (const [name, rules, expected] of cases) {
    it(`is ${expected} from ${name}`, () => {
      assert.equal(pixel(8000, 18000, rules).value?.toFixed(3), expected.toFixed(3))
    })
  }
})

describe('a pixel that does not count', () => {
  const surface = scaled(2.75e-5, -0.2, 65535)
  const cases: [string, number, number, NdviRules, string][] = [
    ['fill in red', 0, 9000, surface, 'fill'],
    ['fill in NIR', 9000, 0, surface, 'fill'],
    ['fill before saturation', 0, 65535, surface, 'fill'],
    ['saturation in red', 65535, 9000, surface, 'saturation'],
    ['saturation in NIR', 9000, 65535, surface, 'saturation'],
    ['reflectances whose sum is zero', 7273, 7272, surface, 'denominator'],
    ['reflectances whose sum is negative', 7000, 7100, surface, 'denominator'],
  ]
  for (const [name, red, nir, rules, fate] of cases) {
    it(`${name}: ${fate}`, () => {
      const { value, tally } = pixel(red, nir, rules)
      assert.ok(Number.isNaN(value))
      assert.deepEqual(tally, { ...emptyTally(), [fate]: 1 })
    })
  }

  it('65535 is a number like any other where the product does not saturate', () => {
    assert.equal(pixel(65535, 65535, raw).value, 0)
  })

  it('NaN and infinities are fill in a float band', () => {
    const out = new Float64Array(3)
    const tally = emptyTally()
    const red = Float32Array.of(Number.NaN, 0.1, Number.POSITIVE_INFINITY)
    ndviOfRows(red, Float32Array.of(0.3, Number.NaN, 0.3), null, raw, out, tally)
    assert.equal(tally.fill, 3)
  })

  it('each of three fill values counts', () => {
    const rules = { ...raw, red: { ...raw.red, fill: [0, 7, 9] } }
    const out = new Float64Array(4)
    const tally = emptyTally()
    ndviOfRows(Uint16Array.of(0, 7, 9, 8), Uint16Array.of(5, 5, 5, 5), null, rules, out, tally)
    assert.equal(tally.fill, 3)
    assert.equal(out[3], (5 - 8) / 13)
  })
})

it('values beyond [-1, 1] are set to its ends and counted', () => {
  const rules = scaled(2.75e-5, -0.2)
  const high = pixel(7000, 9000, rules)
  const low = pixel(9000, 7000, rules)
  assert.deepEqual([high.value, low.value], [1, -1])
  assert.deepEqual([high.tally.clipped, low.tally.clipped], [1, 1])
})
