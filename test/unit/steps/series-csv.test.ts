// A series as CSV: every value as JSON has it, whatever a reader might make of it.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { SeriesRow } from '../../../lib/model/series.ts'
import { seriesCsv } from '../../../lib/steps/series-csv.ts'

const row: Omit<SeriesRow, 'zone'> = {
  date: '2023-07-23',
  datetime: '2023-07-23T14:13:44Z',
  interval: null,
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

it('a name is written as it was given, also one that spreadsheets take for a formula', () => {
  const names = ['=1+1', '-5', '+a', '@home', '\ttab', '007', 'NA', '"a", b', 'two\r\nlines']
  const csv = seriesCsv(names.map((zone) => ({ ...row, zone })))
  const written = [...csv.matchAll(/,,,((?:"(?:[^"]|"")*")|[^",\r\n]*),one,-0\.25,0,/g)]
  assert.deepEqual(
    written.map(([, cell = '']) => cell.replace(/^"([^]*)"$/, '$1').replaceAll('""', '"')),
    names,
  )
})
