// A series as CSV: every value as JSON has it, whatever a reader might make of it.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { seriesCsv } from '../../../lib/steps/series-csv.ts'
import { seriesRow } from '../../harness/series-row.ts'

it('a name is written as it was given, also one that spreadsheets take for a formula', () => {
  const names = ['=1+1', '-5', '+a', '@home', '\ttab', '007', 'NA', '"a", b', 'two\r\nlines']
  const csv = seriesCsv(names.map((zone) => ({ ...seriesRow, zone })))
  const written = [...csv.matchAll(/,,,((?:"(?:[^"]|"")*")|[^",\r\n]*),one,-0\.25,0,/g)]
  assert.deepEqual(
    written.map(([, cell = '']) => cell.replace(/^"([^]*)"$/, '$1').replaceAll('""', '"')),
    names,
  )
})
