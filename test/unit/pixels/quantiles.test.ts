// Percentiles by bins: what numpy says of the sorted values, without sorting them.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { countEvenly, quantiles } from '../../../lib/pixels/quantiles.ts'
import { randomFrom } from '../../harness/random.ts'

const BINS = 64

/** By bins that reach as far as the values do, and by wider ones. */
function ours(values: readonly number[], shares: readonly number[]): number[] {
  const given = Float64Array.from(values)
  const found = quantiles(
    given,
    countEvenly(given, Math.min(...values), Math.max(...values)),
    shares,
  )
  const counts = new Uint32Array(BINS + 1)
  for (const value of values) counts[Math.floor((value + 1) * (BINS / 2))]! += 1
  assert.deepEqual(quantiles(given, { counts, from: -1, perUnit: BINS / 2 }, shares), found)
  return found
}

/** By the definition: linear between the neighbours of a rank in the sorted order. */
function sorted(values: readonly number[], q: number): number {
  const all = values.toSorted((one, other) => one - other)
  const rank = q * (all.length - 1)
  const [low, high] = [all[Math.floor(rank)]!, all[Math.ceil(rank)]!]
  const share = rank - Math.floor(rank)
  return share >= 0.5 ? high - (high - low) * (1 - share) : low + (high - low) * share
}

describe('quantiles', () => {
  // numpy.percentile([-1, -0.3, 0.1, 0.2, 0.7], q)
  const cases: [number, number][] = [
    [0, -1],
    [2, -0.944],
    [25, -0.3],
    [50, 0.1],
    [60, 0.14],
    [98, 0.6599999999999999],
    [100, 0.7],
  ]
  for (const [percent, expected] of cases) {
    it(`${percent} % of five values is numpy's ${expected}`, () => {
      const [value = Number.NaN] = ours([0.1, -1, 0.7, 0.2, -0.3], [percent / 100])
      assert.ok(Math.abs(value - expected) <= 1e-15)
    })
  }

  it('are those of the sorted values, for one value, equal values and any others', () => {
    const random = randomFrom(20261122)
    const shares = [0, 0.02, 0.25, 0.5, 0.75, 0.98, 1]
    for (let round = 0; round < 300; round++) {
      const length = random.whole(1, 200)
      const spread = [0, 5e-324, 1e-9, 0.05, 1][round % 5]!
      const middle = random.between(-1, 1)
      const values = Array.from({ length }, () =>
        Math.max(-1, Math.min(1, middle + random.between(-1, 1) * spread)),
      )
      assert.deepEqual(
        ours(values, shares),
        shares.map((q) => sorted(values, q)),
      )
    }
  })
})
