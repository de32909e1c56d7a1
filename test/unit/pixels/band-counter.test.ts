// The statistics of a band that reaches beyond 1: bit by bit those of its halves, doubled.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BandCounter } from '../../../lib/pixels/band-counter.ts'
import { emptyTally } from '../../../lib/pixels/ndvi.ts'
import { CELL } from '../../../lib/pixels/statistics.ts'
import { randomFrom } from '../../harness/random.ts'

const signal = new AbortController().signal
const shape = [CELL + 9, CELL + 31] as const

async function count(values: Float64Array, spread: 1 | 2) {
  const [rows, cols] = shape
  const counter = new BandCounter(shape, spread)
  for (let firstRow = 0; firstRow < rows; firstRow += CELL) {
    const part = { firstRow, firstCol: 0, rows: Math.min(CELL, rows - firstRow), cols }
    const own = values.subarray(firstRow * cols, (firstRow + part.rows) * cols)
    await counter.add(own, part, emptyTally(), signal)
  }
  return counter.finish()
}

describe('a band of differences', () => {
  it('has twice the numbers of its halves, and bins on [-2, 2]', async () => {
    const random = randomFrom(7)
    const halves = Float64Array.from({ length: shape[0] * shape[1] }, () =>
      random.unit() < 0.1 ? Number.NaN : random.between(-1, 1),
    )
    const [half, whole] = [
      await count(halves, 1),
      await count(
        halves.map((value) => value * 2),
        2,
      ),
    ]
    assert.deepEqual(
      [whole.mean, whole.stddev, whole.minimum, whole.maximum, ...Object.values(whole.percentiles)],
      [half.mean, half.stddev, half.minimum, half.maximum, ...Object.values(half.percentiles)].map(
        (value) => (value ?? Number.NaN) * 2,
      ),
    )
    assert.deepEqual(whole.histogram.counts, half.histogram.counts)
    assert.deepEqual([whole.histogram.edges[0], whole.histogram.edges.at(-1)], [-2, 2])
    assert.ok((whole.maximum ?? 0) > 1)
  })
})
