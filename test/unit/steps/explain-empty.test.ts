// Why a result is empty: the likely cause is named, with what to do.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { InvalidCounts } from '../../../lib/model/statistics.ts'
import { StatisticsBuilder } from '../../../lib/pixels/statistics.ts'
import type { AppliedRules } from '../../../lib/steps/apply-rules.ts'
import { explainEmpty } from '../../../lib/steps/explain-empty.ts'

const scale = { scale: 2.75e-5, offset: -0.2 }
const applied: AppliedRules = {
  pixels: {
    red: { ...scale, fill: [0], saturation: 65535 },
    nir: { ...scale, fill: [0, -9999], saturation: 65535 },
    minimumDenominator: 1e-6,
  },
  radiometry: { applied: 'l2sr', red: scale, nir: scale, reason: '' },
  mask: ['fill', 'saturation', 'cloud'],
  warnings: [],
}

function explained(invalid: Partial<InvalidCounts>, valid = 0) {
  const none = { fill: 0, saturation: 0, mask: 0, denominator: 0, ...invalid }
  const sum = Object.values(none).reduce((one, other) => one + other)
  const counts = { valid_count: valid, total_count: sum + valid, invalid: none }
  return explainEmpty({ ...new StatisticsBuilder().finish(), ...counts }, applied)
}

describe('a result without a valid pixel', () => {
  for (const [name, invalid, cause] of [
    ['outside of the data', { fill: 9, mask: 2 }, /9 of 11 are fill \(0, -9999\).*no data$/],
    [
      'by another scale',
      { denominator: 9 },
      /sum to less than 0\.000001 by the scale "l2sr".*"none"$/,
    ],
    ['under clouds', { mask: 9, fill: 1 }, /9 of 10 are masked \(cloud\); ask for fewer classes/],
    ['of a saturated detector', { saturation: 3 }, /3 of 3 are saturated/],
    ['without any pixel', {}, /contains no pixel centre/],
  ] as const) {
    it(name, () => {
      const warnings = explained(invalid)
      assert.equal(warnings.length, 1)
      assert.match(warnings[0] ?? '', cause)
    })
  }

  it('and one with a valid pixel needs no reason', () => {
    assert.deepEqual(explained({ fill: 99 }, 1), [])
  })
})
