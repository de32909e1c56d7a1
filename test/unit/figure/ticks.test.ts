// Round numbers on axes, and their spelling.

import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { formatNumber, minorTicks, tickSets } from '../../../lib/figure/ticks.ts'

suite('formatNumber', () => {
  const cases: [value: number, decimals: number, text: string][] = [
    [835000, 0, '835000'],
    [-340995, 0, '−340995'],
    [9659005, 0, '9659005'],
    [0, 0, '0'],
    [-0, 2, '0.00'],
    [-0.004, 2, '0.00'],
    [0.25, 2, '0.25'],
    [-0.5, 1, '−0.5'],
    [-57.56, 3, '−57.560'],
    [1e-7, 7, '0.0000001'],
    [2e15, 0, '2000000000000000'],
  ]
  for (const [value, decimals, text] of cases) {
    test(`${value} with ${decimals} decimals is ${text}`, () => {
      assert.equal(formatNumber(value, decimals), text)
    })
  }
})

suite('tickSets', () => {
  const cases: [lo: number, hi: number, step: number, labels: string[]][] = [
    [832485, 858015, 5000, ['835000', '840000', '845000', '850000', '855000']],
    [-355035, -340995, 5000, ['−355000', '−350000', '−345000']],
    [-1, 1, 0.5, ['−1.0', '−0.5', '0.0', '0.5', '1.0']],
    [0, 0.8, 0.2, ['0.0', '0.2', '0.4', '0.6', '0.8']],
    [0.1, 0.7, 0.1, ['0.1', '0.2', '0.3', '0.4', '0.5', '0.6', '0.7']],
    [-1, 1, 0.25, ['−1.00', '−0.75', '−0.50', '−0.25', '0.00', '0.25', '0.50', '0.75', '1.00']],
    [-57.5641, -57.3772, 0.05, ['−57.55', '−57.50', '−57.45', '−57.40']],
    [-57.5641, -57.56399, 0.00005, ['−57.56410', '−57.56405', '−57.56400']],
    [0, 6, 2.5, ['0.0', '2.5', '5.0']],
    [0, 6000, 2500, ['0', '2500', '5000']],
    [-3e-9, 3e-9, 2.5e-9, ['−0.0000000025', '0.0000000000', '0.0000000025']],
    [-2e12, 2e12, 2e12, ['−2000000000000', '0', '2000000000000']],
    [3, 4.2, 1, ['3', '4']],
  ]
  for (const [lo, hi, step, labels] of cases) {
    test(`${lo} to ${hi} in steps of ${step}`, () => {
      const set = tickSets(lo, hi).find((set) => set.step === step)
      assert.deepEqual(set?.labels, labels)
    })
  }

  test('an end that missed its round number by rounding still has its tick', () => {
    assert.ok(0.1 + 0.2 !== 0.3)
    const set = tickSets(0, 0.1 + 0.2).find((set) => set.step === 0.1)
    assert.deepEqual(set?.labels, ['0.0', '0.1', '0.2', '0.3'])
  })

  for (const [lo, hi] of [
    [1, 1],
    [1, -1],
    [Number.NaN, 1],
    [0, Infinity],
    [1e20, 1e20 + 20000],
    [0, 1e-13],
  ] as const) {
    test(`none from ${lo} to ${hi}`, () => {
      assert.deepEqual(tickSets(lo, hi), [])
    })
  }

  test('steps ascend through 1, 2, 2.5 and 5; ticks lie inside, ascend and are told apart', () => {
    for (const [lo, hi] of [
      [-1, 1],
      [832485, 832515],
      [-3952215, -3713985],
      [-57.5641, -57.56399],
      [1e-9, 7e-9],
      [-4e14, 9e14],
    ] as const) {
      const sets = tickSets(lo, hi)
      assert.ok(sets.length >= 6)
      for (const [i, set] of sets.entries()) {
        const earlier = sets[i - 1]
        if (earlier !== undefined) assert.ok(set.step > earlier.step)
        assert.ok([1, 2, 2.5, 5].includes(set.mantissa))
        assert.ok(set.values.every((value) => value >= lo && value <= hi))
        assert.deepEqual(
          set.values,
          set.values.toSorted((a, b) => a - b),
        )
        assert.equal(new Set(set.labels).size, set.labels.length)
        assert.ok(set.labels.every((label) => /^−?\d+(\.\d+)?$/.test(label)))
        assert.ok(set.values.length <= 201)
      }
    }
  })
})

suite('minorTicks', () => {
  const cases: [step: number, minor: number[]][] = [
    [1, [0.2, 0.4, 0.6, 0.8, 1.2, 1.4, 1.6, 1.8]],
    [2, [0.5, 1, 1.5]],
    [0.5, [0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9, 1.1, 1.2, 1.3, 1.4, 1.6, 1.7, 1.8, 1.9]],
  ]
  for (const [step, minor] of cases) {
    test(`between steps of ${step}`, () => {
      const set = tickSets(0, 2).find((set) => set.step === step)
      assert.ok(set)
      assert.deepEqual(minorTicks(0, 2, set), minor)
    })
  }

  test('quarters are divided in fives', () => {
    const set = tickSets(0, 0.25).find((set) => set.step === 0.25)
    assert.ok(set)
    assert.deepEqual(minorTicks(0, 0.25, set), [0.05, 0.1, 0.15, 0.2])
  })
})
