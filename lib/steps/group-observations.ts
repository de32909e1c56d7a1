// Observations as the rows of a series will be: each for itself, or those of an interval together.

import type { SeriesGroup, SeriesRequest, SeriesScene } from '../model/series.ts'
import { unsignedUrl } from '../model/unsigned-url.ts'
import { widenDatetime } from '../stac/datetime-range.ts'
import { intervalsOver, parseInterval } from '../stac/intervals.ts'
import type { DatedItem } from '../stac/same-acquisition.ts'
import type { ObservedDay } from './find-observations.ts'

/** Rows of one series, those of intervals without a scene too: as many as the most scenes have of the most zones. */
const MOST_ROWS = 366_000
/** Fifty years of days. */
const MOST_INTERVALS = 18_300

/** What becomes one row of each zone. */
export interface ObservationGroup {
  readonly group: Omit<SeriesGroup, 'job'>
  readonly observations: readonly ObservedDay[]
}

/**
 * In order of time; of intervals those between the first and the last without a scene, too.
 *
 * @throws {GreenprintError} `invalid_request` for an interval that cannot be read; `too_large` for too many of them
 */
export function groupObservations(
  observations: readonly ObservedDay[],
  { interval, search, zones }: Pick<SeriesRequest, 'interval' | 'search' | 'zones'>,
): ObservationGroup[] {
  if (interval === null) {
    return observations.map((observation) => {
      const { day, scenes } = observation
      const datetime = scenes[0]?.item.datetime ?? null
      const group = { date: day, datetime, interval: null, scenes: scenes.map(describe) }
      return { group, observations: [observation] }
    })
  }
  const duration = parseInterval(interval)
  const times = observations.map(({ scenes }) => scenes[0]!.time)
  const first = new Date(Math.min(...times)).toISOString()
  const anchor = Date.parse(startOf(search.datetime) ?? `${first.slice(0, 8)}01T00:00:00Z`)
  const most = Math.min(MOST_INTERVALS, Math.floor(MOST_ROWS / zones.length))
  return intervalsOver(times, duration, anchor, most).map(({ start, end }) => {
    const [from, to] = [Date.parse(start), Date.parse(end)]
    const inside = observations.filter((_, at) => times[at]! >= from && times[at]! < to)
    const scenes = inside.flatMap((observation) => observation.scenes.map(describe))
    const group = { date: start.slice(0, 10), datetime: null, interval: { start, end }, scenes }
    return { group, observations: inside }
  })
}

/** Where the asked time begins; null where it is open. */
function startOf(datetime: string | undefined): string | null {
  const [start] = datetime === undefined ? [] : widenDatetime(datetime).split('/')
  return start === undefined || start === '..' || start === '' ? null : start
}

function describe({ item, platform }: DatedItem): SeriesScene {
  const { id, collection, datetime, href } = item
  return {
    id,
    collection,
    datetime: datetime ?? '',
    platform,
    href: href === null ? null : unsignedUrl(href),
  }
}
