// The time of a search, as STAC APIs want it: RFC 3339 moments or ranges of them, whatever was written.

import { GreenprintError } from '../errors.ts'
import { readTime, type TimeSpan } from './acquisition.ts'

/**
 * A year, a month or a day is widened to all of it, as pystac-client does; so are the ends of a range, of which either
 * may be open (`..` or empty).
 *
 * @throws {GreenprintError} `invalid_request` for what is not a time
 */
export function widenDatetime(text: string): string {
  const [first = '', last, ...more] = text.split('/')
  if (more.length > 0) throw notATime(text)
  if (last === undefined) {
    const { start, end } = spanOf(first, text)
    return start === end ? start : `${start}/${end}`
  }
  const [from, to] = [first, last].map((end) => (isOpen(end) ? null : spanOf(end, text)))
  if (from == null && to == null) throw notATime(text)
  if (from != null && to != null && Date.parse(from.start) > Date.parse(to.end)) {
    throw new GreenprintError(
      'invalid_request',
      `search.datetime "${text.slice(0, 80)}" ends before it begins: give the earlier time first.`,
    )
  }
  return `${from?.start ?? '..'}/${to?.end ?? '..'}`
}

function isOpen(end: string): boolean {
  return ['', '..'].includes(end.trim())
}

function spanOf(time: string, text: string): TimeSpan {
  const year = /^\s*(\d{4})\s*$/.exec(time)?.[1]
  const span = year === undefined ? readTime(time) : wholeYear(year)
  if (span === null) throw notATime(text)
  return span
}

function wholeYear(year: string): TimeSpan {
  return { start: `${year}-01-01T00:00:00Z`, end: `${year}-12-31T23:59:59Z` }
}

function notATime(text: string): GreenprintError {
  return new GreenprintError(
    'invalid_request',
    `search.datetime "${text.slice(0, 80)}" is not a time: give RFC 3339, a date, a month or a year, or two of them with a slash between, of which one may be "..".`,
  )
}
