// What the parts of the bench share: how they print, and how they judge.

/** Prints its tables. @returns the targets that were missed, one line each */
export type Part = () => Promise<readonly string[]>

export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** Prints rows under a header: the first column to the left, numbers to the right. */
export function printTable(
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): void {
  const texts = [header, ...rows].map((row) => row.map(String))
  const widths = header.map((_, at) => Math.max(...texts.map((row) => row[at]?.length ?? 0)))
  const pad = (cell: string, at: number) =>
    at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)
  for (const row of texts) print(`  ${row.map(pad).join('  ').trimEnd()}`)
}

/** Judges one target after the other, and remembers those that were missed. */
export class Verdicts {
  readonly missed: string[] = []

  /** @param value of which `most` is the target */
  atMost(what: string, value: number, most: number, unit = ''): void {
    const told = `${what}: ${value.toFixed(2)}${unit} (at most ${most}${unit})`
    this.holds(told, value <= most)
  }

  holds(what: string, met: boolean): void {
    print(`  ${met ? 'PASS' : 'FAIL'}  ${what}`)
    if (!met) this.missed.push(what)
  }
}

/** Of an even number of values, the lower of the two in the middle. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** The smallest value that a share of all values does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}
