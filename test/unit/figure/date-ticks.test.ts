// Where an axis of time is labelled.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { dateTicks } from '../../../lib/figure/date-ticks.ts'

const labels = (from: string, to: string, most = 9) =>
  dateTicks(Date.parse(from), Date.parse(to), most).map(({ label }) => label)

describe('dateTicks', () => {
  it('are days, months or years, as many as there is room for', () => {
    assert.deepEqual(labels('2023-05-30', '2023-06-03'), [
      '2023-05-30',
      '2023-05-31',
      '2023-06-01',
      '2023-06-02',
      '2023-06-03',
    ])
    assert.deepEqual(labels('2023-11-20', '2024-03-02', 4), [
      '2023-12',
      '2024-01',
      '2024-02',
      '2024-03',
    ])
    assert.deepEqual(labels('2013-03-01', '2023-03-01', 6), [
      '2014',
      '2016',
      '2018',
      '2020',
      '2022',
    ])
  })

  it('are at most so many, whatever the span', () => {
    for (const days of [1, 9, 40, 200, 900, 4000, 20_000]) {
      const from = Date.parse('1999-12-31T06:00:00Z')
      const ticks = dateTicks(from, from + days * 86_400_000, 9)
      assert.ok(ticks.length > 0 && ticks.length <= 9, `${days}`)
      assert.ok(ticks.every(({ time }) => time % 86_400_000 === 0 && time >= from))
    }
  })
})
