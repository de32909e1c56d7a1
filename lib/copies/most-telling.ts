// Which of the failures of several copies of one file is told.

import { type ErrorCode, GreenprintError } from '../errors.ts'

/**
 * One that says the file itself is wrong says more than one that could not be reached; where one copy may be reached
 * another time, that others are never read decides nothing.
 */
const order: readonly ErrorCode[] = [
  'checksum_mismatch',
  'source_changed',
  'login_needed',
  'content_unavailable',
]

/** The most telling of them, with the lines of all; null of none. */
export function mostTelling(failures: readonly GreenprintError[]): GreenprintError | null {
  const first = order
    .map((code) => failures.find((failure) => failure.code === code))
    .find((failure) => failure !== undefined)
  const shown = first ?? failures.at(-1)
  if (shown === undefined || failures.length === 1) return shown ?? null
  const details = failures.flatMap(({ details, message }) =>
    details.length > 0 ? details : [message],
  )
  return new GreenprintError(shown.code, shown.message, { details, cause: shown })
}
