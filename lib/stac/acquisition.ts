// When a scene was taken, as STAC wants it written: RFC 3339 in UTC, or a start and an end.

import type { JsonObject } from '../model/json.ts'
import type { Scene } from '../model/scene.ts'
import { acquisitionDay } from '../products/product.ts'

/** First and last moment that a text may mean. */
export interface TimeSpan {
  readonly start: string
  readonly end: string
}

/** ISO 8601 as items write it: date and time, a date, a month; T, t or a blank between; with a zone or without. */
const TIME =
  /^(\d{4})-?(\d{2})(?:-?(\d{2})(?:[Tt ](\d{2}):?(\d{2})(?::?(\d{2})([.,]\d+)?)?\s*([Zz]|[+-]\d{2}(?::?\d{2})?)?)?)?$/

/** null for text that is not a time of the calendar. A time without a zone is taken for UTC, as pystac takes it. */
export function readTime(text: string): TimeSpan | null {
  const match = TIME.exec(text.trim())
  if (match === null) return null
  const [, year = '', month = '', day, hour, minute, second = '00', fraction = '', zone = 'Z'] =
    match
  if (!isDay(Number(year), Number(month), Number(day ?? 1))) return null
  if (day === undefined) {
    return wholeDays(`${year}-${month}-01`, new Date(Date.UTC(Number(year), Number(month), 0)))
  }
  if (hour === undefined) return wholeDays(`${year}-${month}-${day}`, null)
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null
  const shift = zoneMinutes(zone)
  if (shift === null) return null
  const local = Date.UTC(+year, +month - 1, +day, +hour, Number(minute), +second)
  const instant = new Date(local - shift * 60_000).toISOString().slice(0, 19)
  const moment = `${instant}${fraction.replace(',', '.')}Z`
  return { start: moment, end: moment }
}

function wholeDays(first: string, last: Date | null): TimeSpan {
  const end = last === null ? first : last.toISOString().slice(0, 10)
  return { start: `${first}T00:00:00Z`, end: `${end}T23:59:59Z` }
}

function isDay(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false
  return day <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()
}

/** Minutes east of UTC. */
function zoneMinutes(zone: string): number | null {
  if (/^z$/i.test(zone)) return 0
  const [, sign = '', hours = '', minutes = '00'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone) ?? []
  if (Number(hours) > 23 || Number(minutes) > 59) return null
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}

/**
 * `datetime`, or null with `start_datetime` and `end_datetime`, each valid by the schema of STAC; null where the item
 * and its product's name tell no time.
 */
export function acquisitionOf(
  scene: Pick<Scene, 'productNames' | 'properties'>,
): JsonObject | null {
  const { datetime, start_datetime, end_datetime } = scene.properties
  const [moment, start, end] = [datetime, start_datetime, end_datetime].map(spanOf)
  if (moment != null) return written(moment)
  if (start != null || end != null) {
    return written({ start: (start ?? end)?.start ?? '', end: (end ?? start)?.end ?? '' })
  }
  const day = acquisitionDay(scene)
  const span = day === null ? null : readTime(day)
  return span && written(span)
}

/** The day in UTC on which it was taken, or its taking began: `2023-07-23`; null where nothing tells. */
export function dayTaken(scene: Pick<Scene, 'productNames' | 'properties'>): string | null {
  return beginningOf(scene)?.slice(0, 10) ?? null
}

/** The same to the millisecond, since 1970. */
export function momentTaken(scene: Pick<Scene, 'productNames' | 'properties'>): number | null {
  const time = beginningOf(scene)
  return time === null ? null : Date.parse(time)
}

function beginningOf(scene: Pick<Scene, 'productNames' | 'properties'>): string | null {
  const { datetime, start_datetime } = acquisitionOf(scene) ?? {}
  const time = datetime ?? start_datetime
  return typeof time === 'string' ? time : null
}

function spanOf(value: unknown): TimeSpan | null {
  return typeof value === 'string' ? readTime(value) : null
}

function written({ start, end }: TimeSpan): JsonObject {
  if (start === end) return { datetime: start }
  return { datetime: null, start_datetime: start, end_datetime: end }
}
