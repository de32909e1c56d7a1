// Observations by intervals of the calendar, and how many of these a series has.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Zone } from '../../../lib/model/zones.ts'
import { readItem } from '../../../lib/stac/item.ts'
import { dateItem } from '../../../lib/stac/same-acquisition.ts'
import { groupObservations } from '../../../lib/steps/group-observations.ts'

function observation(datetime: string) {
  const assets = { red: { href: 'https://example.com/red.tif' } }
  const stac = { type: 'Feature', stac_version: '1.0.0', geometry: null, links: [], assets }
  const scene = dateItem(readItem({ ...stac, id: datetime, properties: { datetime } }, null))
  assert.ok(scene)
  return { day: scene.day, scenes: [scene] }
}

const geometry = { type: 'Polygon', coordinates: [] } as const
const zones = (count: number): Zone[] =>
  Array.from({ length: count }, (_, at) => ({ id: String(at), geometry }))

/** The first day of each interval, with the days of its scenes. */
function intervals(interval: string, datetime: string, days: readonly string[], zoned = 1) {
  const observations = days.map((day) => observation(`${day}T10:00:00Z`))
  const asked = { interval, search: { datetime }, zones: zones(zoned) }
  return groupObservations(observations, asked).map(({ group: { date, scenes } }) =>
    [date, ...scenes.map(({ id }) => id.slice(5, 10))].join(' '),
  )
}

it('intervals follow the calendar from where the asked time begins, those without a scene too', () => {
  const days = ['2023-01-31', '2023-02-28', '2023-04-30']
  const months = ['2023-01-01 01-31', '2023-02-01 02-28', '2023-03-01', '2023-04-01 04-30']
  assert.deepEqual(intervals('P1M', '2023', days), months)
  const lasts = ['2023-01-31 01-31', '2023-02-28 02-28', '2023-03-31', '2023-04-30 04-30']
  assert.deepEqual(intervals('P1M', '2023-01-31/2023-12-31', days), lasts)
  // Of an open beginning, from the first of the month of the first scene.
  assert.deepEqual(intervals('P30D', '../2023-12-31', ['2023-03-15']), ['2023-03-01 03-15'])
})

it('two scenes of forty years ask for no more rows than a series may have', () => {
  const days = ['1984-06-01', '2024-06-01']
  const since = '1984-06-01/..'
  assert.equal(intervals('P1D', since, days).length, 14_611)
  assert.equal(intervals('P16D', since, days, 400).length, 914)
  const refused = { code: 'too_large', message: /14610 days apart.* at most 3660 intervals/ }
  assert.throws(() => intervals('P1D', since, days, 100), refused)
  const century = ['1920-01-01', '2020-01-01']
  assert.throws(() => intervals('P1D', '1920-01-01/..', century), /at most 18300 intervals/)
})
