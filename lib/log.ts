// The only use of the console: one line of JSON for each event.

import type { Config } from './config/config.ts'
import { secretsOf, withoutSecrets } from './config/secrets.ts'
import { unsignedJson } from './model/unsigned-url.ts'

export type LogLevel = 'info' | 'warn' | 'error'

export type Log = (level: LogLevel, line: Readonly<Record<string, unknown>>) => void

/** Writes lines without the secrets of the configuration and without the signatures of addresses. */
export function createLog(config: Config, write: Log = writeLine): Log {
  const secrets = secretsOf(config)
  return (level, line) => write(level, unsignedJson(withoutSecrets(line, secrets)))
}

function writeLine(level: LogLevel, line: Readonly<Record<string, unknown>>): void {
  // Standard error, since the local system writes its report to standard output.
  // oxlint-disable-next-line no-console -- this is the place
  console.error(JSON.stringify({ level, ...line }))
}
