// The chart of a series says how far the files of its rows were checked.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Trust } from '../../../lib/model/scene.ts'
import type { SeriesRecord, SeriesRow } from '../../../lib/model/series.ts'
import { seriesChart } from '../../../lib/steps/series-chart.ts'

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

const row: Omit<SeriesRow, 'trust'> = {
  date: '2023-07-23',
  datetime: null,
  interval: null,
  zone: 'field',
  scenes: [],
  mean: 0.5,
  median: 0.5,
  p2: null,
  p25: null,
  p75: null,
  p98: null,
  stddev: null,
  minimum: null,
  maximum: null,
  valid_percent: 100,
  valid_count: 9,
  total_count: 9,
  root: null,
}

for (const [trusts, told] of [
  [['cid', 'fingerprint', null], 'field · 2023-07-23 to 2023-07-23'],
  [['transport', null, 'transport'], 'field · 2023-07-23 to 2023-07-23 · not verified'],
  [['cid', 'transport'], 'field · 2023-07-23 to 2023-07-23 · in part not verified'],
  [[null], 'field · 2023-07-23 to 2023-07-23'],
] satisfies [(Trust | null)[], string][]) {
  it(`of ${trusts.join(', ')} is "${told}"`, () => {
    const rows = trusts.map((trust) => ({ ...row, trust }))
    assert.equal(seriesChart(record, rows, null).subtitle, told)
  })
}
