// What a schedule asks for: its period, its time, and what is told where it cannot be read.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Clock, systemClock } from '../../../lib/async/clock.ts'
import { parsePeriod } from '../../../lib/events/period.ts'
import { readSchedule } from '../../../lib/events/schedule.ts'
import { eventOf } from './notice-context.ts'

const HOUR = 3_600_000
const NOW = '2026-01-02T03:04:05.000Z'
const clock: Clock = { ...systemClock, now: () => Date.parse(NOW) }
const search = { collections: ['landsat-c2l2-sr'] }
const datetimeOf = (event: unknown) => readSchedule(event, clock).search.datetime

const periods: readonly (readonly [period: unknown, hours: number])[] = [
  ['P1D', 24],
  ['P2W', 336],
  ['PT6H', 6],
  ['P1DT12H', 36],
  ['PT90M', 1.5],
  [' P1D ', 24],
  [6, 6],
  [0.5, 0.5],
]

describe('a period', () => {
  for (const [period, hours] of periods) {
    it(`${JSON.stringify(period)} is ${hours} h`, () => {
      assert.equal(parsePeriod(period), hours * HOUR)
    })
  }

  for (const period of [
    '',
    'P',
    'PT',
    'P1M',
    'P1Y',
    '1D',
    'P-1D',
    'P1.5D',
    -1,
    0,
    NaN,
    1e9,
    null,
    {},
  ]) {
    it(`${JSON.stringify(period)} is none`, () => {
      assert.throws(() => parsePeriod(period), { code: 'invalid_request' })
    })
  }
})

describe('the time that is swept', () => {
  it('ends at the time of the payload', () => {
    assert.equal(
      datetimeOf(eventOf('scheduler')),
      '2023-07-08T06:00:00.000Z/2023-07-24T06:00:00.000Z',
    )
  })

  it('is a day where no period is given, and ends now where no time is', () => {
    assert.equal(datetimeOf({ search }), `2026-01-01T03:04:05.000Z/${NOW}`)
  })

  it('ends at the time of the event where EventBridge wraps the payload', () => {
    const event = { ...eventOf('eventbridge-scheduled'), detail: { search, period: 'PT1H' } }
    assert.equal(datetimeOf(event), '2016-12-30T17:44:49.000Z/2016-12-30T18:44:49.000Z')
  })

  it('is the search’s own where it has one', () => {
    const own = { search: { ...search, datetime: '2023-01-01/2023-02-01' } }
    assert.equal(datetimeOf(own), '2023-01-01/2023-02-01')
  })
})

it('the area to compute is searched where the search has none of its own', () => {
  const bbox = [-60.1, -3.3, -59.8, -3]
  assert.deepEqual(readSchedule({ search, bbox }, clock).search.bbox, bbox)
  const own = { ...search, bbox: [0, 0, 1, 1] }
  assert.deepEqual(readSchedule({ search: own, bbox }, clock).search.bbox, [0, 0, 1, 1])
})

it('what is to be computed is kept for every scene', () => {
  assert.deepEqual(readSchedule(eventOf('scheduler'), clock).fields, { mask: ['clouds'] })
})

const wrong: readonly (readonly [name: string, event: unknown, fault: RegExp])[] = [
  ['nothing', null, /a JSON object with a search/],
  ['no search', { period: 'P1D' }, /needs a search/],
  ['a scheduled event without a payload', eventOf('eventbridge-scheduled'), /needs a search/],
  ['a scheduled event without a detail', { 'detail-type': 'Scheduled Event' }, /has no detail/],
  ['an unknown field of the search', { search: { where: 'here' } }, /where/],
  ['an unknown field beside it', { search, maxsize: 5 }, /maxsize/],
  ['an item too', { search, item: 'https://a.example' }, /exactly one of item and search/],
  [
    'a time that nobody filled in',
    { search, time: '<aws.scheduler.scheduled-time>' },
    /EventBridge Scheduler to fill in/,
  ],
  ['a time that is a number', { search, time: 1700000000 }, /of the schedule is not a time/],
  [
    'a period and a datetime',
    { search: { ...search, datetime: '2023-01-01' }, period: 'P1D' },
    /not both/,
  ],
  ['a month', { search, period: 'P1M' }, /period .* is not valid/],
]

describe('a schedule is refused for', () => {
  for (const [name, event, fault] of wrong) {
    it(name, () => {
      assert.throws(
        () => readSchedule(event, clock),
        (error) => {
          assert.equal(Object(error).code, 'invalid_request', String(error))
          assert.match(String(error), fault)
          return true
        },
      )
    })
  }
})
