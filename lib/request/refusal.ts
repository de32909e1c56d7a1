// What a caller is told whose request cannot be read.

import { GreenprintError } from '../errors.ts'

/** Faults in one reply, and their length; a body can have a fault at every position. */
const MOST_FAULTS = 20
const LONGEST_FAULT = 300

/** What is wrong with a request, and where in it. */
export interface Fault {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** `invalid_request`, one detail line per fault. @param what the faults are of */
export function refusal(issues: readonly Fault[], what = 'request'): GreenprintError {
  const listed = issues
    .slice(0, MOST_FAULTS)
    .map(({ path, message }) => `${path.join('.') || what}: ${message}`.slice(0, LONGEST_FAULT))
  const rest = issues.length - listed.length
  const faults = rest > 0 ? [...listed, `and ${rest} more`] : listed
  return new GreenprintError(
    'invalid_request',
    `The ${what} has ${issues.length} fault(s): ${faults.join('; ')}.`,
    { details: faults },
  )
}
