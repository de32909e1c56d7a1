// A series as CSV: RFC 4180, one line a row, names as in JSON.

import type { SeriesRow } from '../model/series.ts'

const columns: readonly (readonly [
  name: string,
  of: (row: SeriesRow) => string | number | null,
])[] = [
  ['date', ({ date }) => date],
  ['datetime', ({ datetime }) => datetime],
  ['interval_start', ({ interval }) => interval?.start ?? null],
  ['interval_end', ({ interval }) => interval?.end ?? null],
  ['zone', ({ zone }) => zone],
  ['scenes', ({ scenes }) => scenes.join(' ')],
  ['mean', ({ mean }) => mean],
  ['median', ({ median }) => median],
  ['p2', ({ p2 }) => p2],
  ['p25', ({ p25 }) => p25],
  ['p75', ({ p75 }) => p75],
  ['p98', ({ p98 }) => p98],
  ['stddev', ({ stddev }) => stddev],
  ['minimum', ({ minimum }) => minimum],
  ['maximum', ({ maximum }) => maximum],
  ['valid_percent', ({ valid_percent }) => valid_percent],
  ['valid_count', ({ valid_count }) => valid_count],
  ['total_count', ({ total_count }) => total_count],
  ['trust', ({ trust }) => trust],
  ['root', ({ root }) => root],
  [
    'problem',
    ({ problem }) => (problem === undefined ? null : `${problem.code}: ${problem.detail}`),
  ],
]

/** What has no value is empty. Lines end with CR LF, the last one too. */
export function seriesCsv(rows: readonly SeriesRow[]): string {
  const lines = rows.map((row) => columns.map(([, of]) => cell(of(row))).join(','))
  const head = columns.map(([name]) => name).join(',')
  return [head, ...lines].map((line) => `${line}\r\n`).join('')
}

function cell(value: string | number | null): string {
  if (value === null) return ''
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
