// The only console: what happened, as one line of JSON each.

export type Level = 'info' | 'warn' | 'error'

export function writeLine(level: Level, line: Readonly<Record<string, unknown>>): void {
  // Standard error, for all: standard output of the local system is its report.
  // oxlint-disable-next-line no-console -- this is the place
  console.error(JSON.stringify({ level, ...line }))
}
