// The rows of a series as a chart: a line a zone, with gaps where cloud left too little.

import { type ChartInput, MOST_LINES } from '../figure/chart.ts'
import type { ChartPoint } from '../figure/chart-lines.ts'
import { isLegible } from '../figure/text.ts'
import type { SeriesRecord, SeriesRow } from '../model/series.ts'

/** @param zone the one that is drawn, with the band of its middle half; null for the first few */
export function seriesChart(
  { request, zones, groups }: SeriesRecord,
  rows: readonly SeriesRow[],
  zone: string | null,
): ChartInput {
  const shown = zone === null ? zones.slice(0, MOST_LINES) : [zone]
  const byZone = Map.groupBy(rows, (row) => row.zone)
  const labelled = shown.map((name) => ({ name, label: labelOf(name, zones) }))
  const lines = labelled.map(({ name, label }) => ({
    name: label,
    points: (byZone.get(name) ?? []).map(pointOf).toSorted((one, other) => one.time - other.time),
  }))
  const [first, last] = [groups[0]?.date ?? '', groups.at(-1)?.date ?? '']
  const failed = rows.filter(({ problem }) => problem !== undefined).length
  const collections = request.search.collections?.join(', ')
  const every =
    request.interval === null ? 'each observation' : `${request.reduce} of ${request.interval}`
  return {
    title: 'Normalized Difference Vegetation Index (NDVI) over time',
    subtitle: `${shown.length === 1 ? `${labelled[0]?.label} · ` : ''}${first} to ${last}${unverified(rows)}`,
    caption: [
      shown.length === 1 ? 'Median of the pixels, and their middle half.' : 'Median of the pixels.',
      `No value where fewer than ${request.min_valid} % of them are valid.`,
      ...(shown.length < zones.length && zone === null
        ? [`${shown.length} of ${zones.length} zones: zone= draws another.`]
        : []),
      ...(labelled.some(({ name, label }) => name !== label)
        ? ['Names in other letters are told by their number in the request.']
        : []),
      ...(failed > 0 ? [`${failed} could not be used.`] : []),
    ].join(' '),
    footer: [
      ...(collections === undefined ? [] : [`Scenes\t${collections}, ${every}`]),
      `Zones\tsha256 ${request.zones}`,
    ],
    lines,
  }
}

/** A name in letters that the chart has not is its number from 1. */
function labelOf(name: string, zones: readonly string[]): string {
  return isLegible(name) ? name : `zone ${zones.indexOf(name) + 1}`
}

/** Rows without a value were read by nobody. */
function unverified(rows: readonly SeriesRow[]): string {
  const trusts = rows.flatMap(({ trust }) => trust ?? [])
  if (!trusts.includes('transport')) return ''
  return trusts.every((trust) => trust === 'transport')
    ? ' · not verified'
    : ' · in part not verified'
}

function pointOf({ date, datetime, interval, median, p25, p75 }: SeriesRow): ChartPoint {
  const time =
    interval === null
      ? Date.parse(datetime ?? date)
      : (Date.parse(interval.start) + Date.parse(interval.end)) / 2
  return { time, value: median, band: p25 === null || p75 === null ? null : [p25, p75] }
}
