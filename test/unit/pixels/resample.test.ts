// Samples between pixels, against what can be told by hand.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { resample } from '../../../lib/pixels/resample.ts'

const patch = {
  col: 10,
  row: 20,
  cols: 3,
  rows: 2,
  values: Float64Array.of(1, 2, 3, 5, Number.NaN, 9),
  scale: { cols: 1, rows: 1 },
}
const one = { cols: 1, rows: 1 }
const at = (col: number, row: number, how: 'nearest' | 'bilinear', density = one) =>
  resample(patch, Float64Array.of(col), Float64Array.of(row), how, density)[0]

describe('resample', () => {
  it('takes the pixel that holds the place, the later one on an edge', () => {
    assert.equal(at(10.2, 20.9, 'nearest'), 1)
    assert.equal(at(11, 20.5, 'nearest'), 2)
    assert.equal(at(12.999, 21.999, 'nearest'), 9)
  })

  it('weighs the four around a place by how near they are', () => {
    assert.equal(at(10.5, 20.5, 'bilinear'), 1)
    assert.equal(at(11.25, 20.5, 'bilinear'), 1.75)
    assert.equal(at(10.5, 20.75, 'bilinear'), 2)
  })

  it('leaves out what has no value and what is not there, and makes the other weights one', () => {
    // (1 * 9 + 2 * 3 + 5 * 3) / 15: the fourth has no value.
    assert.equal(at(10.75, 20.75, 'bilinear'), (1 * 9 + 2 * 3 + 5 * 3) / 15)
    assert.equal(at(10.1, 20.1, 'bilinear'), 1)
  })

  it('has no value where the nearest sample has none, and outside', () => {
    for (const how of ['nearest', 'bilinear'] as const) {
      assert.equal(at(11.4, 21.4, how), Number.NaN)
      assert.equal(at(9.99, 20.5, how), Number.NaN)
      assert.equal(at(13.01, 20.5, how), Number.NaN)
      assert.equal(at(Number.NaN, 20.5, how), Number.NaN)
    }
  })

  it('takes in all that a pixel of the result covers where that is much more than one', () => {
    const values = Float64Array.from({ length: 100 }, (_, i) => i)
    const wide = { col: 0, row: 0, cols: 100, rows: 1, values, scale: one }
    const density = { cols: 1 / 20, rows: 1 }
    const [value] = resample(wide, Float64Array.of(50), Float64Array.of(0.5), 'bilinear', density)
    assert.ok(Math.abs((value ?? 0) - 49.5) < 1e-9)
    const spike = { ...wide, values: values.map((_, i) => (i === 41 ? 1 : 0)) }
    const [seen] = resample(spike, Float64Array.of(50), Float64Array.of(0.5), 'bilinear', density)
    // A tent of 20 pixels on either side: 8.5 pixels from its middle it is 11.5 / 20 high.
    assert.ok(Math.abs((seen ?? 0) - 11.5 / 20 / 20) < 1e-9)
  })
})
