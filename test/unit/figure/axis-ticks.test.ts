// Which ticks fit a side of the map.

import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { axisTicks, mapTicks, type Side } from '../../../lib/figure/axis-ticks.ts'
import { measureText } from '../../../lib/figure/text.ts'

const style = { size: 14, weight: 'regular' } as const
const across: Omit<Side, 'lo' | 'hi' | 'length'> = { style, beside: true, spacing: 90 }
const upright = { ...across, beside: false }

suite('axisTicks', () => {
  test('the finest step at the wanted spacing', () => {
    const { major, step } = axisTicks({ ...across, lo: 832485, hi: 858015, length: 851 })
    assert.equal(step, 5000)
    assert.deepEqual(
      major.map(({ label }) => label),
      ['835000', '840000', '845000', '850000', '855000'],
    )
  })

  test('a value stands on the pixel it falls in, and the ends on the frame', () => {
    const { major, minor } = axisTicks({ ...upright, lo: 0, hi: 100, length: 400 })
    assert.deepEqual(
      major.map(({ at }) => at),
      [-1, 99, 200, 300, 400],
    )
    assert.equal(minor[0], 19)
  })

  test('a short side gets closer numbers rather than fewer than three', () => {
    const { major, step } = axisTicks({ ...upright, lo: -1, hi: 1, length: 64, spacing: 90 })
    assert.equal(step, 1)
    assert.equal(major.length, 3)
  })

  test('numbers beside each other keep apart, however many digits they have', () => {
    for (const hi of [832486, 832500, 833485, 858015, 9832485]) {
      const { major } = axisTicks({ ...across, lo: 832485, hi, length: 200 })
      assert.ok(major.length > 0)
      for (const [i, tick] of major.entries()) {
        const next = major[i + 1]
        if (next === undefined) continue
        const halves = (measureText(tick.label, style) + measureText(next.label, style)) / 2
        assert.ok(next.at - tick.at > halves + 10)
      }
    }
  })

  test('where the ends matter, a step that reaches both wins over one that is airier', () => {
    const bar = { ...upright, spacing: 95, lo: -0.3, hi: 0.7, length: 900 }
    assert.equal(axisTicks(bar).step, 0.2)
    assert.equal(axisTicks({ ...bar, endsMatter: true }).step, 0.1)
    assert.equal(axisTicks({ ...bar, lo: -0.297, endsMatter: true }).step, 0.2)
  })

  test('a range without ticks has none', () => {
    const none = { major: [], minor: [], widest: 0, step: 0 }
    assert.deepEqual(axisTicks({ ...across, lo: 5, hi: 5, length: 100 }), none)
  })

  test('minor ticks are left out where they would touch', () => {
    const { major, minor } = axisTicks({ ...upright, lo: 0, hi: 3, length: 75 })
    assert.equal(major.length, 4)
    assert.deepEqual(minor, [])
  })
})

suite('mapTicks', () => {
  test('both axes of a map share the coarser step', () => {
    const [x, y] = mapTicks(
      { ...across, lo: -57.5641, hi: -57.3772, length: 667 },
      { ...upright, lo: -20.0312, hi: -19.7868, length: 901 },
    )
    assert.equal(x.step, 0.05)
    assert.equal(y.step, 0.05)
  })

  test('an axis on which the other step leaves fewer than three keeps its own', () => {
    const [x, y] = mapTicks(
      { ...across, lo: 829545, hi: 835545, length: 200 },
      { ...upright, lo: 9632005, hi: 9659005, length: 900 },
    )
    assert.equal(x.step, 2500)
    assert.equal(y.step, 5000)
  })
})
