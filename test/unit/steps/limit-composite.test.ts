// What of a composite is refused before a pixel is read, and which way on is told.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { TooManyPixels } from '../../../lib/errors.ts'
import { limitComposite } from '../../../lib/steps/limit-composite.ts'

function limit(
  [rows, cols]: readonly [number, number],
  scenes: number,
  { maxPixels = 1e9, mostPixels = Infinity } = {},
): number {
  const levels = [1, 2, 4].map((half) => ({ rows: rows / half, cols: cols / half }))
  const stack = {
    grid: { crs: null, transform: [10, 0, 0, 0, -10, 0], shape: [rows, cols], level: 0 },
    read: { rows, cols },
    sizes: levels,
    members: Array.from({ length: scenes }),
  } as const
  return limitComposite(stack, { maxPixels, mostPixels })
}

const refusal = (pattern: RegExp) => ({ code: 'too_large', message: pattern })

describe('a composite', () => {
  it('of 24 whole scenes fits, and says how much it reads', () => {
    assert.equal(limit([10_980, 10_980], 24), 24 * 10_980 ** 2)
  })

  it('of more pixels than a grid has is refused with the size that fits', () => {
    assert.throws(
      () => limit([20_000, 10_000], 2, { maxPixels: 50_000_000 }),
      refusal(/20000 x 10000 = 200000000 px; at most 50000000 .*"max_size": 10000 or less/),
    )
    assert.throws(
      () => limit([100, 50_000], 2),
      refusal(/at most 40960 columns.*"max_size": 40960/),
    )
  })

  it('that no worker can hold is refused with the level, or the number of scenes, that it can', () => {
    assert.throws(
      () => limit([10_000, 10_000], 100),
      refusal(
        /100 scenes of 10000 x 10000 px are 10000000000 px.*"max_size": 5000 or less, or for at most 62 scenes/,
      ),
    )
  })

  it('that takes longer than a request is for a job', () => {
    assert.throws(
      () => limit([1_000, 1_000], 4, { mostPixels: 1_000_000 }),
      (error) => error instanceof TooManyPixels && error.maxSize === 500,
    )
    assert.equal(limit([500, 500], 4, { mostPixels: 1_000_000 }), 1_000_000)
  })
})
