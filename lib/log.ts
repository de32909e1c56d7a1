// The only console: what happened, as one line of JSON each.

export type Level = 'info' | 'warn' | 'error'

export type WriteText = (line: string) => void

export function writeLine(level: Level, line: Readonly<Record<string, unknown>>): void {
  writeText(JSON.stringify({ level, ...line }))
}

export const writeText: WriteText = (line) => {
  // Standard error, for all: standard output of the local system is its report.
  // oxlint-disable-next-line no-console -- this is the place
  console.error(line)
}
