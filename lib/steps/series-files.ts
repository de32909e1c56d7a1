// The files of a finished series: its rows twice, and what they were made of.

import { drawChart } from '../figure/chart.ts'
import { canonicalJson } from '../ipld/canonical-json.ts'
import type { Json, JsonObject } from '../model/json.ts'
import type { SeriesRecord, SeriesRow } from '../model/series.ts'
import { softwareLine } from '../software.ts'
import { type FileContent, memoryContent } from '../store/file-content.ts'
import { seriesChart } from './series-chart.ts'
import { seriesCsv } from './series-csv.ts'

/**
 * `series.csv`, `series.json` and `chart.png`. They tell neither who asked when, nor how content is known now: the same
 * scenes and zones give the same bytes.
 */
export async function writeSeries(
  record: SeriesRecord,
  rows: readonly SeriesRow[],
): Promise<Map<string, FileContent>> {
  const { request, zones, groups, left_out } = record
  const told = rows.map((row) => ({ ...row, trust: null }))
  const described: JsonObject = {
    software: softwareLine,
    request: plain({ ...request, trust: undefined }),
    zones,
    scenes: plain(groups.flatMap(({ scenes }) => scenes)),
    left_out: plain(left_out),
    rows: plain(rows.map((row) => ({ ...row, trust: undefined }))),
  }
  const encode = (text: string) => memoryContent(new TextEncoder().encode(text))
  return new Map([
    ['series.csv', encode(seriesCsv(told))],
    ['series.json', encode(canonicalJson(described))],
    ['chart.png', memoryContent(await drawChart(seriesChart(record, rows, null)))],
  ])
}

/** Of plain data, as JSON has it: what is undefined is left out. */
function plain(value: object): Json {
  return JSON.parse(JSON.stringify(value))
}
