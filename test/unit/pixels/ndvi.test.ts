// The arithmetic of one pixel, and why a pixel does not count.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Samples } from '../../../lib/cog/samples.ts'
import { emptyTally, type NdviRules, ndviOfRows } from '../../../lib/pixels/ndvi.ts'
import { randomFrom } from '../../harness/random.ts'

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

describe('integers with one fill value, which have a loop of their own,', () => {
  const random = randomFrom(20)
  const withFill = (fill: readonly number[], saturation: number | null): NdviRules => ({
    red: { scale: 1e-4, offset: -0.1, fill, saturation },
    nir: { scale: 1e-4, offset: 0, fill, saturation: null },
    minimumDenominator: 1e-6,
  })
  const cases = [
    { of: Uint16Array, some: [0, 1, 7273, 65535], product: scaled(2.75e-5, -0.2, 65535) },
    { of: Uint16Array, some: [0, 1, 65535], product: raw },
    { of: Int16Array, some: [-9999, -1, 0, 1, 32767], product: withFill([-9999], null) },
    { of: Int16Array, some: [-9999, -1, 1000], product: withFill([], 1000) },
    { of: Uint8Array, some: [0, 255], product: scaled(0.004, 0, 255) },
  ]
  for (const [at, { of, some, product }] of cases.entries()) {
    for (const isMarked of [false, true]) {
      it(`are what the same numbers are in doubles, bit for bit: ${at}${isMarked ? ', marked' : ''}`, () => {
        const pick = () => random.pick([...some, random.whole(-40_000, 70_000)])
        const marks = isMarked ? Uint8Array.from({ length: 4096 }, () => random.whole(0, 4)) : null
        const [red, nir] = [
          of.from(Array.from({ length: 4096 }, pick)),
          of.from(Array.from({ length: 4096 }, pick)),
        ]
        const run = (one: Samples, other: Samples) => {
          const [out, observed, tally] = [
            new Float64Array(4096),
            new Uint8Array(4096),
            emptyTally(),
          ]
          ndviOfRows(one, other, marks, product, out, tally, observed)
          return { out, observed, tally }
        }
        const found = run(red, nir)
        assert.deepEqual(found, run(Float64Array.from(red), Float64Array.from(nir)))
        assert.ok(found.out.some((value) => value === value))
      })
    }
  }
})
