// The GDAL_NODATA tag as GDAL 3.6 and 3.10 read it: every row was read by them, from a file with that text.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { nodataIn, readNodata, unwrittenValue } from '../../../lib/cog/nodata.ts'

describe('the text of nodata means', () => {
  const rows: readonly (readonly [dtype: string, text: string | null, value: number | null])[] = [
    ['uint8', null, null],
    ['uint8', '', null],
    ['uint8', '255', 255],
    ['uint8', ' 5 ', 5],
    ['uint8', '5abc', 5],
    ['uint8', 'abc', 0],
    ['uint8', '0x10', 16],
    ['uint8', '1e2', 100],
    ['uint8', '5,5', 5],
    ['uint8', '1.9', 1],
    ['uint8', '-0', 0],
    ['uint8', '256', null],
    ['uint8', '-1', null],
    ['uint8', 'nan', null],
    ['uint8', 'inf', null],
    ['uint16', '6.5535e4', 65_535],
    ['uint16', '-32768', null],
    ['int16', '-9999.5', -9999],
    ['int16', '65535', null],
    ['uint32', '4294967295', 4_294_967_295],
    ['int32', '-2147483648', -2_147_483_648],
    ['int64', '1e2', 1],
    ['int64', 'nan', 0],
    ['uint64', '-1', 2 ** 64],
    ['float32', '1e20', Math.fround(1e20)],
    ['float32', '9.96921e36', Math.fround(9.96921e36)],
    ['float32', '0.1', Math.fround(0.1)],
    ['float32', '0,1', Math.fround(0.1)],
    ['float32', '-3.4028235e+38', -3.4028234663852886e38],
    ['float32', '1e39', Infinity],
    ['float32', 'NaN', Number.NaN],
    ['float32', '-nan', Number.NaN],
    ['float32', '1.#QNAN', Number.NaN],
    ['float32', '1.#IND', 1],
    ['float32', '-1.#INF', -Infinity],
    ['float64', '0.1', 0.1],
    ['float64', '1e400', Infinity],
  ]
  for (const [dtype, text, value] of rows) {
    it(`${JSON.stringify(text)} in ${dtype}: ${value}`, () => {
      assert.equal(readNodata(text, dtype), value)
    })
  }
})

describe('a tile that was never written holds', () => {
  it('nodata as it is rounded into the type', () => {
    assert.equal(unwrittenValue('5.5', 'uint16'), 6)
    assert.equal(unwrittenValue('300', 'uint8'), 255)
    assert.equal(unwrittenValue(null, 'int16'), 0)
    assert.equal(unwrittenValue('nan', 'uint8'), 0)
    assert.ok(Number.isNaN(unwrittenValue('nan', 'float32')))
  })
})

describe('samples are compared with nodata', () => {
  it('as integers exactly, and with those alone that the type has', () => {
    const { exact, isNear } = nodataIn(new Uint8Array(0), [5.9, 300, 0])
    assert.deepEqual(exact, [5, 0, Number.NaN])
    assert.equal(isNear, null)
  })

  it('as floats in their own precision, and as near as GDAL takes for equal', () => {
    const near = (sample: number) =>
      nodataIn(new Float32Array(0), [0.1]).isNear?.(Math.fround(sample))
    assert.deepEqual(nodataIn(new Float32Array(0), [0.1]).exact[0], Math.fround(0.1))
    assert.equal(near(0.1 * (1 + 4e-7)), true)
    assert.equal(near(0.1 * (1 + 6e-7)), false)
    const doubles = nodataIn(new Float64Array(0), [9999])
    assert.equal(doubles.isNear?.(9999 * (1 + 4.7e-7)), true)
    assert.equal(doubles.isNear?.(9999 * (1 + 4.8e-7)), false)
  })

  it('and with nothing where nodata is not finite: such samples are fill anyhow', () => {
    const { exact, isNear } = nodataIn(new Float32Array(0), [Number.NaN, Infinity])
    assert.deepEqual(exact, [Number.NaN, Number.NaN, Number.NaN])
    assert.equal(isNear, null)
  })
})
