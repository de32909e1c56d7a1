// The only console: one JSON line for a fault that a caller could not have caused.

import { describeError } from '../errors.ts'
import { problemOf } from './problem.ts'

export function logFault(error: unknown): void {
  const { status, code, detail } = problemOf(error)
  if (status < 500) return
  const [stack, cause] =
    error instanceof Error ? [error.stack, error.cause] : [String(error), undefined]
  const causedBy = cause === undefined ? undefined : describeError(cause)
  // oxlint-disable-next-line no-console -- this is the place
  console.error(JSON.stringify({ level: 'error', status, code, detail, stack, cause: causedBy }))
}
