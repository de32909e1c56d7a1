// A row of a series of one zone, for tests of what is made of rows.

import type { SeriesRow } from '../../lib/model/series.ts'

export const seriesRow: SeriesRow = {
  date: '2023-07-23',
  datetime: '2023-07-23T14:13:44Z',
  interval: null,
  zone: 'field',
  scenes: ['one'],
  mean: -0.25,
  median: 0,
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
  trust: 'cid',
  root: null,
}
