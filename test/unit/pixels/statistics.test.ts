// The published numbers: numpy's rules at their edges, and the same bits in whatever order cells arrive.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { StatisticsBuilder } from '../../../lib/pixels/statistics.ts'
import {
  ACROSS,
  coarseBin,
  coarseOfFine,
  FINE_BINS,
  histogramEdges,
} from '../../../lib/pixels/value-bins.ts'

/** Reproducible values in [-1, 1], every seventh invalid. */
function values(count: number): Float64Array {
  let state = 12345
  return Float64Array.from({ length: count }, (_, i) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return i % 7 === 3 ? Number.NaN : (state / 2 ** 32) * 2 - 1
  })
}

function build(cells: readonly Float64Array[], order: readonly number[]) {
  const builder = new StatisticsBuilder()
  for (const at of order) {
    const cell = cells[at]
    if (cell !== undefined) builder.addCell(at, cell, cell.length, 1, 0, cell.length)
  }
  return builder.finish()
}

describe('statistics', () => {
  it('do not depend on the order in which cells arrive', () => {
    const cells = Array.from({ length: 9 }, (_, i) =>
      values(1000 + i * 37).map((v) => v * (1 - i / 20)),
    )
    const straight = build(cells, [0, 1, 2, 3, 4, 5, 6, 7, 8])
    assert.deepEqual(build(cells, [8, 3, 1, 0, 7, 5, 2, 6, 4]), straight)
    assert.ok(straight.valid_count > 7000)
  })

  it('have null numbers and zero counts when nothing is valid', () => {
    const none = build([new Float64Array(5).fill(Number.NaN)], [0])
    assert.equal(none.valid_count, 0)
    assert.equal(none.valid_percent, 0)
    assert.deepEqual([none.mean, none.stddev, none.minimum, none.maximum], [null, null, null, null])
    assert.deepEqual(none.percentiles, {
      '2': null,
      '25': null,
      '50': null,
      '75': null,
      '98': null,
    })
    assert.deepEqual(none.histogram.counts, Array(40).fill(0))
  })

  it('write no -0', () => {
    const zero = build([Float64Array.from([-0, -0])], [0])
    for (const number of [zero.mean, zero.minimum, zero.maximum, zero.percentiles['50']]) {
      assert.ok(Object.is(number, 0))
    }
  })

  it('count every pixel once', () => {
    const builder = new StatisticsBuilder()
    builder.addCell(0, Float64Array.from([0.5, Number.NaN, 1, Number.NaN]), 4, 1, 0, 4)
    builder.addTally({ fill: 1, saturation: 0, mask: 0, denominator: 1, clipped: 1 })
    const { valid_count, total_count, valid_percent, invalid, clipped_count } = builder.finish()
    assert.deepEqual([valid_count, total_count, valid_percent, clipped_count], [2, 4, 50, 1])
    assert.deepEqual(invalid, { fill: 1, saturation: 0, mask: 0, denominator: 1 })
  })

  it('take percentiles beyond 2^22 values from fine bins, within 3.1e-5', () => {
    const many = values(5_000_000)
    const exact = many.filter((v) => !Number.isNaN(v)).toSorted()
    const { percentiles, valid_count } = build([many], [0])
    assert.ok(valid_count > 2 ** 22)
    for (const [percent, value] of Object.entries(percentiles)) {
      // Of so many values, neighbours are a millionth apart: the nearest rank will do.
      const rank = Math.round((Number(percent) / 100) * (exact.length - 1))
      const error = Math.abs((value ?? Number.NaN) - exact[rank]!)
      assert.ok(error <= 3.1e-5, `percentile ${percent} is off by ${error}`)
    }
  })
})

describe('of more than 2^22 values at both ends', () => {
  it('percentiles have 1 itself in the last fine bin', () => {
    const many = Float64Array.from({ length: 4_198_400 }, (_, at) =>
      at % 3 === 0 ? 1 : at % 3 === 1 ? -1 : Math.sin(at * at),
    )
    assert.deepEqual(build([many], [0]).percentiles, {
      '2': -0.9999981734772244,
      '25': -0.999977168590382,
      '50': -0.0005094088040865641,
      '75': 0.9999771686717511,
      '98': 0.999998173483734,
    })
  })
})

describe('histogram', () => {
  it('is told from a fine bin alone where the bin and its neighbours lie within one of it', () => {
    const edge = (at: number) => Math.max(-1, Math.min(1, at / (FINE_BINS / 2) - 1))
    const wrong = [...coarseOfFine.keys()].filter((bin) => {
      const [low, high] = [coarseBin(edge(bin - 1)), coarseBin(edge(bin + 2))]
      return coarseOfFine[bin] !== (low === high ? low : ACROSS)
    })
    assert.deepEqual(wrong, [])
  })

  it('has the edges of numpy.linspace(-1, 1, 41)', () => {
    assert.equal(histogramEdges.length, 41)
    assert.deepEqual([histogramEdges[0], histogramEdges[20], histogramEdges[40]], [-1, 0, 1])
    // The two edges that float rounding moves: numpy prints the same.
    assert.deepEqual([histogramEdges[3], histogramEdges[19]], [-0.85, -0.04999999999999993])
  })

  it('puts every edge into the bin that begins there, and 1 into the last', () => {
    histogramEdges.forEach((edge, at) => assert.equal(coarseBin(edge), Math.min(at, 39)))
  })

  it('counts each value as its own bin does, next to every edge as well', () => {
    const near = histogramEdges.flatMap((edge) =>
      [-3e-5, -1e-9, -Number.EPSILON, 0, Number.EPSILON, 1e-9, 3e-5].map((by) => edge + by),
    )
    const values = Float64Array.from([
      ...near.filter((value) => Math.abs(value) <= 1),
      ...Array.from({ length: 20_000 }, (_, at) => Math.sin(at * at)),
    ])
    const builder = new StatisticsBuilder()
    builder.addCell(0, values, values.length, 1, 0, values.length)
    const counts = Array.from({ length: 40 }, () => 0)
    for (const value of values) counts[coarseBin(value)]!++
    assert.deepEqual(builder.finish().histogram.counts, counts)
  })
})
