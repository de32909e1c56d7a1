// One line for a fault that a caller could not have caused.

import { describeError } from '../errors.ts'
import { writeLine } from '../log.ts'
import { problemOf } from './problem.ts'

export function logFault(error: unknown): void {
  const { status, code, detail, details } = problemOf(error)
  if (status < 500) return
  const cause = error instanceof Error ? error.cause : undefined
  writeLine(status === 500 ? 'error' : 'warn', {
    status,
    code,
    detail,
    details,
    cause: cause === undefined ? undefined : describeError(cause),
    // A source that failed has no interesting stack; a bug has.
    stack: status === 500 && error instanceof Error ? error.stack : undefined,
  })
}
