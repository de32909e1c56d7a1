// Intervals of a series: an ISO 8601 duration, counted from where the asked time begins.

import { GreenprintError } from '../errors.ts'

export interface CalendarDuration {
  readonly months: number
  readonly days: number
}

/** From its first moment up to that of the next: RFC 3339, UTC. */
export interface SeriesInterval {
  readonly start: string
  readonly end: string
}

const DURATION = /^P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,4})D)?$/

/**
 * `P1M`, `P16D`, `P2W`, `P1Y`: of days at least.
 *
 * @throws {GreenprintError} `invalid_request`
 */
export function parseInterval(text: string): CalendarDuration {
  const [, years = 0, months = 0, weeks = 0, days = 0] = DURATION.exec(text.trim()) ?? []
  const duration = {
    months: Number(years) * 12 + Number(months),
    days: Number(weeks) * 7 + Number(days),
  }
  if (duration.months + duration.days > 0) return duration
  throw new GreenprintError(
    'invalid_request',
    `interval "${text.slice(0, 40)}" is not a duration of days, weeks, months or years: give P1M, P16D, P1Y.`,
  )
}

/**
 * The intervals that hold these times, in order, those between them too.
 *
 * @throws {GreenprintError} `too_large` for more than `most`
 */
export function intervalsOver(
  times: readonly number[],
  { months, days }: CalendarDuration,
  anchor: number,
  most: number,
): SeriesInterval[] {
  if (times.length === 0) return []
  const first = Math.min(...times)
  const last = Math.max(...times)
  const startOf = (number: number) => shifted(anchor, months * number, days * number)
  // A duration is a day at least and a guess by its longest months is never too late.
  const longest = (months * 31 + days) * DAY
  let number = Math.floor((first - anchor) / longest)
  while (startOf(number) > first) number--
  while (startOf(number + 1) <= first) number++
  const intervals: SeriesInterval[] = []
  for (; startOf(number) <= last; number++) {
    if (intervals.length === most) throw tooMany(most, last - first)
    intervals.push({ start: textOf(startOf(number)), end: textOf(startOf(number + 1)) })
  }
  return intervals
}

const DAY = 24 * 3_600_000

function tooMany(most: number, time: number): GreenprintError {
  return new GreenprintError(
    'too_large',
    `The scenes lie ${Math.ceil(time / DAY)} days apart, and a series of so many zones has at most ${most} intervals: ask for a longer one, a shorter time (search.datetime), or fewer zones.`,
  )
}

/** Months are counted on the calendar: of 31 January a month later is the last of February. */
function shifted(time: number, months: number, days: number): number {
  const date = new Date(time)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months]
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  const day = Math.min(date.getUTCDate(), lastDay)
  return Date.UTC(year, month, day) + (((time % DAY) + DAY) % DAY) + days * DAY
}

function textOf(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z')
}
