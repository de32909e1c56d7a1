// How far back a schedule looks: an ISO 8601 duration of fixed length, or hours.

import { GreenprintError } from '../errors.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** Ten years: more is a typing error. */
const LONGEST = 3660 * DAY

const DURATION = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/

/**
 * Milliseconds of `P1D`, `P2W`, `PT6H`, `P1DT12H`, or of a number of hours. Months and years have no fixed length.
 *
 * @throws {GreenprintError} `invalid_request`
 */
export function parsePeriod(period: unknown): number {
  const ms = typeof period === 'number' ? period * HOUR : readDuration(period)
  if (ms >= MINUTE && ms <= LONGEST) return ms
  throw new GreenprintError(
    'invalid_request',
    `The period ${JSON.stringify(period)?.slice(0, 60)} is not valid: give a duration (P1D, PT6H, P2W) or a number of hours.`,
  )
}

function readDuration(period: unknown): number {
  const parts = typeof period === 'string' ? DURATION.exec(period.trim()) : null
  const [, weeks = 0, days = 0, hours = 0, minutes = 0] = parts ?? []
  return (Number(weeks) * 7 + Number(days)) * DAY + Number(hours) * HOUR + Number(minutes) * MINUTE
}
