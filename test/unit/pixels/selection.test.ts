// Marks of pixels before their values are read, and the order in which the reasons of a pixel count.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PixelPolygon } from '../../../lib/geo/pixel-polygon.ts'
import { emptyTally, ndviOfRows } from '../../../lib/pixels/ndvi.ts'
import { CLEAR, FILL, MASKED, OUTSIDE, qaTable, SATURATED } from '../../../lib/pixels/qa.ts'
import type { QaAxis } from '../../../lib/pixels/qa-placement.ts'
import {
  everything,
  isEverything,
  markRows,
  type ReadMarks,
  type Selection,
} from '../../../lib/pixels/selection.ts'
import { memoryLevel } from '../../harness/level.ts'

function known(positions: Int32Array, reached: Uint8Array): QaAxis {
  const slice = (from: number, to: number) => ({
    positions: positions.slice(from, to),
    reached: reached.slice(from, to),
  })
  return { length: positions.length, slice }
}

/** Quality: 1 masks, 2 is saturated; its third column is not reached, nor its row 7. */
const qa: NonNullable<Selection['qa']> = {
  table: qaTable({ bits: 0, fields: [], values: [1], saturated: [2] }),
  placement: {
    level: memoryLevel({ width: 4, height: 9 }),
    number: 0,
    rows: known(
      Int32Array.from({ length: 9 }, (_, row) => row),
      Uint8Array.of(1, 1, 1, 1, 1, 1, 1, 0, 1),
    ),
    cols: known(Int32Array.of(0, 1, 2, 3), Uint8Array.of(1, 1, 0, 1)),
    warnings: [],
  },
}
/** Columns 1 to 3 of rows 6 to 8. */
const polygon = new PixelPolygon([
  [
    [1, 6],
    [4, 6],
    [4, 9],
    [1, 9],
  ],
])
const numbers = Uint8Array.of(0, 1, 2, 0, 1, 0, 0, 2)

function marksOf(
  selection: Selection,
  firstRow: number,
  quality: Uint8Array<ArrayBuffer> | null,
  more: Partial<ReadMarks> = {},
): number[] {
  const marks = new Uint8Array(8).fill(9)
  markRows(
    marks,
    { firstRow, cols: 4 },
    { quality, qualityFill: null, fills: [], ...more },
    selection,
  )
  return [...marks]
}

describe('marks', () => {
  it('are clear where everything counts', () => {
    assert.ok(isEverything(everything))
    assert.deepEqual(marksOf(everything, 0, null), Array(8).fill(CLEAR))
  })

  it('are those of quality, masked where its band does not reach', () => {
    const marks = [CLEAR, MASKED, MASKED, CLEAR, MASKED, CLEAR, MASKED, SATURATED]
    assert.deepEqual(marksOf({ polygon: null, qa }, 0, numbers), marks)
    assert.deepEqual(marksOf({ polygon: null, qa }, 6, numbers).slice(4), Array(4).fill(MASKED))
  })

  it('are outside, whatever the quality, where the polygon is not', () => {
    const expected = [OUTSIDE, MASKED, MASKED, CLEAR, OUTSIDE, MASKED, MASKED, MASKED]
    assert.deepEqual(marksOf({ polygon, qa }, 6, numbers), expected)
    assert.deepEqual(marksOf({ polygon, qa: null }, 4, null), Array(8).fill(OUTSIDE))
  })

  it('are fill where the mask of either band says so, whatever the quality, but not outside', () => {
    const fills = [
      Uint8Array.of(1, 1, 0, 0, 1, 0, 0, 0),
      null,
      Uint8Array.of(0, 0, 1, 0, 0, 0, 0, 1),
    ]
    const expected = [OUTSIDE, FILL, FILL, CLEAR, OUTSIDE, MASKED, MASKED, FILL]
    assert.deepEqual(marksOf({ polygon, qa }, 6, numbers, { fills }), expected)
  })

  it('are masked where the quality band itself has no observation', () => {
    const qualityFill = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 1)
    const expected = [MASKED, MASKED, MASKED, CLEAR, MASKED, CLEAR, MASKED, MASKED]
    assert.deepEqual(marksOf({ polygon: null, qa }, 0, numbers, { qualityFill }), expected)
  })
})

describe('a pixel counts once: outside, fill, saturation, mask, denominator', () => {
  const rules = {
    red: { scale: 2.75e-5, offset: -0.2, fill: [0], saturation: 65535 },
    nir: { scale: 2.75e-5, offset: -0.2, fill: [0], saturation: 65535 },
    minimumDenominator: 1e-6,
  }
  const cases: readonly (readonly [
    name: string,
    red: number,
    nir: number,
    mark: number,
    fate: string,
  ])[] = [
    ['outside before fill', 0, 0, OUTSIDE, ''],
    ['outside, however valid', 8000, 18000, OUTSIDE, ''],
    ['fill before its mask', 0, 18000, MASKED, 'fill'],
    ['fill by a mask in the file', 8000, 18000, FILL, 'fill'],
    ['fill before saturation', 0, 65535, CLEAR, 'fill'],
    ['fill before a class of saturation', 8000, 0, SATURATED, 'fill'],
    ['saturation before its mask', 65535, 18000, MASKED, 'saturation'],
    ['a class of saturation', 8000, 18000, SATURATED, 'saturation'],
    ['mask before the denominator', 7000, 7000, MASKED, 'mask'],
    ['the denominator alone', 7000, 7000, CLEAR, 'denominator'],
  ]
  for (const [name, red, nir, mark, fate] of cases) {
    it(name, () => {
      const out = new Float64Array(1)
      const tally = emptyTally()
      ndviOfRows(Uint16Array.of(red), Uint16Array.of(nir), Uint8Array.of(mark), rules, out, tally)
      assert.ok(Number.isNaN(out[0]))
      assert.deepEqual(tally, { ...emptyTally(), ...(fate === '' ? {} : { [fate]: 1 }) })
    })
  }
})
