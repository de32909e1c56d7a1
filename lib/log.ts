// The only lines that are written: JSON as CloudWatch reads it, one for each event.

import { systemClock } from './async/clock.ts'
import { currentInvocation } from './async/invocation.ts'
import type { Config } from './config/config.ts'
import { secretsOf, withoutSecrets } from './config/secrets.ts'
import { causesOf, clip, describeError, type ErrorCode, GreenprintError } from './errors.ts'
import { unsignedJson } from './model/unsigned-url.ts'

export type LogLevel = 'info' | 'warn' | 'error'

export type Log = (level: LogLevel, line: Readonly<Record<string, unknown>>) => void

/**
 * Writes lines without the secrets of the configuration and without the signatures of addresses. Each tells which
 * invocation it is of, and who asked for that.
 */
export function createLog(config: Config, write: Log = writeLine): Log {
  const secrets = secretsOf(config)
  return (level, line) => {
    const plain = { ...whoseLine(), ...line }
    write(level, unsignedJson(withoutSecrets(plain, secrets)))
  }
}

/** An error as every line of the log has it, beside what the line is about. */
export interface LoggedFault {
  readonly code: ErrorCode | 'internal'
  readonly detail: string
  readonly details?: readonly string[]
  /** From the inner cause of the error to the innermost. */
  readonly causes?: readonly string[]
  /** Of errors that the domain does not know: a bug, most likely. */
  readonly stack?: string
}

const MOST_DETAILS = 20
const LONGEST_TEXT = 500

export function faultOf(error: unknown): LoggedFault {
  const [, ...inner] = causesOf(error)
  const causes = inner.map((cause) => loggable(describeError(cause)))
  const isOurs = error instanceof GreenprintError
  const details = isOurs ? error.details.slice(0, MOST_DETAILS).map(loggable) : []
  const stack = !isOurs && error instanceof Error ? error.stack : undefined
  return {
    code: isOurs ? error.code : 'internal',
    detail: loggable(describeError(error)),
    ...(details.length > 0 ? { details } : {}),
    ...(causes.length > 0 ? { causes } : {}),
    ...(stack === undefined ? {} : { stack }),
  }
}

/** Text of others, which may be of any length, as a line has it. */
export function loggable(text: string): string {
  return clip(text, LONGEST_TEXT)
}

function whoseLine(): Readonly<Record<string, string>> {
  const { requestId = null, traceparent = null, xray = null } = currentInvocation() ?? {}
  return {
    ...(requestId === null ? {} : { requestId }),
    ...(traceparent === null ? {} : { traceparent }),
    ...(xray === null ? {} : { xray }),
  }
}

/**
 * A line of standard error, since the local system writes its report to standard output. Not by the console, whose
 * lines Lambda puts into a frame of its own, all of `console.error` as ERROR; what has `timestamp` and `level` it takes
 * as it is: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
 */
function writeLine(level: LogLevel, line: Readonly<Record<string, unknown>>): void {
  const timestamp = new Date(systemClock.now()).toISOString()
  process.stderr.write(`${JSON.stringify({ timestamp, level: level.toUpperCase(), ...line })}\n`)
}
