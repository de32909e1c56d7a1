// The numbers of a zone: those of all its values sorted, however many there are.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ZoneCounter } from '../../../lib/pixels/zone-counter.ts'
import { randomFrom } from '../../harness/random.ts'

/** numpy.percentile of sorted values. */
function percentile(sorted: readonly number[], percent: number): number {
  const rank = (percent / 100) * (sorted.length - 1)
  const [low, high] = [sorted[Math.floor(rank)]!, sorted[Math.ceil(rank)]!]
  const share = rank - Math.floor(rank)
  return share >= 0.5 ? high - (high - low) * (1 - share) : low + (high - low) * share
}

describe('a zone', () => {
  for (const count of [1, 2, 3, 7, 64, 65, 1000, 4097, 100_000]) {
    it(`of ${count} values has the percentiles of all of them`, () => {
      const random = randomFrom(count)
      // Many alike, the ends among them, and what does not count between them.
      const values = Array.from({ length: count }, (_, at) => {
        const value = Math.max(-1, Math.min(1, random.between(-1.2, 1.2)))
        return at % 3 === 0 ? Number(value.toFixed(2)) : value
      })
      const given = Float64Array.from(values.flatMap((value) => [value, Number.NaN]))
      const counter = new ZoneCounter(count)
      const half = count - (count % 2)
      counter.add(given, 0, half)
      counter.add(given, half, given.length)
      const told = counter.finish(2 * count)
      const sorted = values.toSorted((one, other) => one - other)
      const { p2, p25, median, p75, p98 } = told
      assert.deepEqual(
        [p2, p25, median, p75, p98],
        [2, 25, 50, 75, 98].map((percent) => percentile(sorted, percent) + 0),
      )
      assert.deepEqual(
        [told.minimum, told.maximum, told.valid_count, told.total_count],
        [sorted[0]! + 0, sorted.at(-1)! + 0, count, 2 * count],
      )
    })
  }

  it('without any value has no numbers', () => {
    const { mean, median, valid_count, total_count } = new ZoneCounter(0).finish(9)
    assert.deepEqual([mean, median, valid_count, total_count], [null, null, 0, 9])
  })
})
