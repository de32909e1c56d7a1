// Columns to a table of text, and targets to words.

export interface Column {
  readonly title: string
  readonly cells: readonly string[]
}

export function column(title: string, cells: readonly string[]): Column {
  return { title, cells }
}

/** What is measured, how much it is, and how much it may be at most (null: only told). */
export type Target = readonly [what: string, value: number, most: number | null]

/** Prints a table and its targets. @returns those that were missed */
export function judge(
  title: string,
  columns: readonly Column[],
  targets: readonly Target[],
): readonly string[] {
  print(`\n${title}\n`)
  for (const line of lines(columns)) print(line)
  print('')
  const missed = targets.filter(([, value, most]) => most !== null && !(value <= most))
  for (const target of targets) print(sentence(target, missed.includes(target)))
  return missed.map((target) => sentence(target, true))
}

function sentence([what, value, most]: Target, isMissed: boolean): string {
  const verdict = most === null ? 'told  ' : isMissed ? 'MISSED' : 'held  '
  return `  ${verdict}  ${what}: ${value.toFixed(3)}${most === null ? '' : ` (at most ${most})`}`
}

function lines(columns: readonly Column[]): string[] {
  const widths = columns.map(({ title, cells }) =>
    Math.max(title.length, ...cells.map((cell) => cell.length)),
  )
  const row = (cells: readonly string[]) =>
    `  ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')}`
  const count = columns[0]?.cells.length ?? 0
  return [
    row(columns.map(({ title }) => title)),
    ...Array.from({ length: count }, (_, i) => row(columns.map(({ cells }) => cells[i] ?? ''))),
  ]
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
