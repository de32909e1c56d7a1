// The files of a finished series: its rows twice, where they were counted, and what they were counted from.

import { drawChart } from '../figure/chart.ts'
import { canonicalJson } from '../ipld/canonical-json.ts'
import type { SeriesRecord, SeriesRow } from '../model/series.ts'
import type { Zone } from '../model/zones.ts'
import { softwareLine } from '../software.ts'
import { type FileContent, joinContents, memoryContent } from '../store/file-content.ts'
import { zonesRecord } from './keep-inputs.ts'
import { seriesChart } from './series-chart.ts'
import { seriesCsv } from './series-csv.ts'

export interface SeriesParts {
  readonly rows: readonly SeriesRow[]
  readonly zones: readonly Zone[]
  /** `zones.json` of each observation, in the order of the rows. */
  readonly observations: readonly FileContent[]
}

/**
 * `series.csv`, `series.json`, `chart.png`, `areas.json` and `observations.jsonl`. They tell neither who asked when,
 * nor how content is known now: the same scenes and zones give the same bytes.
 */
export async function writeSeries(
  record: SeriesRecord,
  { rows, zones, observations }: SeriesParts,
): Promise<Map<string, FileContent>> {
  const { request, groups, left_out } = record
  const told = rows.map((row) => ({ ...row, trust: null }))
  const described = {
    software: softwareLine,
    request: { ...request, trust: undefined },
    zones: record.zones,
    scenes: groups.flatMap(({ scenes }) => scenes),
    left_out,
    rows: rows.map((row) => ({ ...row, trust: undefined })),
  }
  const encode = (text: string) => memoryContent(new TextEncoder().encode(text))
  return new Map([
    ['series.csv', encode(seriesCsv(told))],
    ['series.json', encode(canonicalJson(described))],
    // Its SHA-256 is what `request.zones` is.
    ['areas.json', encode(canonicalJson(zonesRecord(zones)))],
    // Each line is a file by itself, by which the directory of its rows can be made again.
    ['observations.jsonl', joinContents(observations.flatMap((each) => [each, encode('\n')]))],
    ['chart.png', memoryContent(await drawChart(seriesChart(record, rows, null)))],
  ])
}
