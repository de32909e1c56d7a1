// The table of a quality band: which number means which fate, in bands of one and two bytes, signed or not.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Samples } from '../../../lib/cog/samples.ts'
import { CLEAR, MASKED, markQa, OUTSIDE, qaTable, SATURATED } from '../../../lib/pixels/qa.ts'

const fates = (numbers: Samples, table: Uint8Array): number[] => {
  const marks = new Uint8Array(numbers.length)
  markQa(numbers, table, marks)
  return [...marks]
}

describe('a table of', () => {
  it('bits masks every number that has any of them', () => {
    const table = qaTable({ bits: 0b1001, fields: [], values: [], saturated: [] })
    const numbers = Uint16Array.of(0, 1, 2, 4, 6, 8, 9, 16, 0xffff, 0xfff6)
    const masked = [0, 1, 0, 0, 0, 1, 1, 0, 1, 0]
    assert.deepEqual(
      fates(numbers, table),
      masked.map((mark) => (mark === 1 ? MASKED : CLEAR)),
    )
  })

  it('the highest bit masks in a signed band too', () => {
    const table = qaTable({ bits: 1 << 15, fields: [], values: [], saturated: [] })
    assert.deepEqual(fates(Int16Array.of(-1, -32768, 32767, 0), table), [
      MASKED,
      MASKED,
      CLEAR,
      CLEAR,
    ])
  })

  it('marks a negative number of int16 by its bits', () => {
    const table = qaTable({ bits: 0, fields: [], values: [-1, -32768], saturated: [] })
    const marks = new Uint8Array(4)
    markQa(Int16Array.of(-1, -32768, 1, 0), table, marks)
    assert.deepEqual([...marks], [MASKED, MASKED, CLEAR, CLEAR])
  })

  it('numbers masks them alone', () => {
    const table = qaTable({ bits: 0, fields: [], values: [0, 3, 255], saturated: [] })
    const marks = fates(Uint8Array.of(0, 1, 2, 3, 4, 254, 255), table)
    assert.deepEqual(marks, [MASKED, CLEAR, CLEAR, MASKED, CLEAR, CLEAR, MASKED])
  })

  it('saturated numbers says so, unless they are masked too', () => {
    const table = qaTable({ bits: 0, fields: [], values: [0, 2], saturated: [1, 2] })
    assert.deepEqual(fates(Uint8Array.of(0, 1, 2, 3), table), [MASKED, SATURATED, MASKED, CLEAR])
  })

  it('nothing leaves every number clear', () => {
    assert.ok(
      qaTable({ bits: 0, fields: [], values: [], saturated: [] }).every((fate) => fate === CLEAR),
    )
  })
})

it('a pixel whose fate is known keeps it', () => {
  const marks = Uint8Array.of(OUTSIDE, CLEAR, SATURATED)
  markQa(Uint8Array.of(1, 1, 1), qaTable({ bits: 1, fields: [], values: [], saturated: [] }), marks)
  assert.deepEqual([...marks], [OUTSIDE, MASKED, SATURATED])
})
