// The chart of a series says how far the files of its rows were checked.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Trust } from '../../../lib/model/scene.ts'
import type { SeriesRecord } from '../../../lib/model/series.ts'
import { seriesChart } from '../../../lib/steps/series-chart.ts'
import { seriesRow } from '../../harness/series-row.ts'

const record: SeriesRecord = {
  id: 'x',
  request: {
    search: { collections: ['sentinel-2-c1-l2a'] },
    scale: 'auto',
    mask: null,
    interval: null,
    reduce: 'mean',
    min_valid: 50,
    zones: '00',
    trust: 'transport',
  },
  zones: ['field'],
  api: 'https://stac.example',
  groups: [{ date: '2023-07-23', datetime: null, interval: null, scenes: [], job: null }],
  left_out: [],
}

for (const [trusts, told] of [
  [['cid', 'fingerprint', null], 'field · 2023-07-23 to 2023-07-23'],
  [['transport', null, 'transport'], 'field · 2023-07-23 to 2023-07-23 · not verified'],
  [['cid', 'transport'], 'field · 2023-07-23 to 2023-07-23 · in part not verified'],
  [[null], 'field · 2023-07-23 to 2023-07-23'],
] satisfies [(Trust | null)[], string][]) {
  it(`of ${trusts.join(', ')} is "${told}"`, () => {
    const rows = trusts.map((trust) => ({ ...seriesRow, trust }))
    assert.equal(seriesChart(record, rows, null).subtitle, told)
  })
}

it('names a zone by its number where the chart has not its letters', () => {
  const zones = ['Поле №1', 'Łąka Čadca', '田地', 'Süd 🌾']
  const { lines, caption } = seriesChart({ ...record, zones }, [], null)
  assert.deepEqual(
    lines.map(({ name }) => name),
    ['zone 1', 'Łąka Čadca', 'zone 3', 'Süd 🌾'],
  )
  assert.match(caption, /Names in other letters are told by their number/)
  assert.match(seriesChart({ ...record, zones }, [], '田地').subtitle, /^zone 3 · /)
  assert.doesNotMatch(seriesChart(record, [], null).caption, /letters/)
})
