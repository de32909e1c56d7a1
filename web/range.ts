// The range of values that the colours span: two numbers in a text.

/** Lower and upper end, parted by a comma or blanks; null where they are no range. */
export function readRange(text: string): readonly [number, number] | null {
  const parts = text
    .replaceAll('−', '-')
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
  const [low = NaN, high = NaN] = parts.map(Number)
  return parts.length === 2 && low < high && Number.isFinite(high - low) ? [low, high] : null
}
