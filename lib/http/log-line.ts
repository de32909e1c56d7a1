// One wide line for each request: everything that a log is searched for, in one JSON object.

import { faultOf, type LogLevel, loggable } from '../log.ts'
import type { PublishableResult } from '../model/result.ts'
import { resultFields } from '../publish/result-fields.ts'

/** What a route found out that its reply does not show. */
export interface Findings {
  /** Name of the caller's token. */
  token: string | null
  result: PublishableResult | null
}

export interface Answered {
  readonly method: string
  /** The pattern; `*` when no route matched. */
  readonly route: string
  readonly path: string
  readonly status: number
  readonly error: unknown
}

export function levelOf(status: number): LogLevel {
  if (status === 500) return 'error'
  return status > 500 ? 'warn' : 'info'
}

export function requestLine(
  answered: Answered,
  { token, result }: Findings,
): Record<string, unknown> {
  const { error, path, ...rest } = answered
  return {
    ...rest,
    path: loggable(path),
    token,
    ...(result === null ? {} : resultFields(result)),
    ...(error === undefined ? { code: null } : faultOf(error)),
  }
}
