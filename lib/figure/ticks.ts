// Round numbers along an axis, and how they are written.

/** The multiples of one round step that lie within a range. */
export interface TickSet {
  /** The step is `mantissa` x 10^`exponent`. */
  readonly mantissa: Mantissa
  readonly exponent: number
  readonly step: number
  readonly values: readonly number[]
  /** One per value, all with the same decimals. */
  readonly labels: readonly string[]
}

const mantissas = [1, 2, 2.5, 5] as const
type Mantissa = (typeof mantissas)[number]

/** Steps whose labels can be written in full digits; a range that needs other steps gets no ticks. */
const smallestExponent = -12
const largestExponent = 15
const mostTicks = 200

/** A number in full digits with a true minus sign; no exponent, no grouping, no negative zero. */
export function formatNumber(value: number, decimals: number): string {
  const digits = Math.abs(value).toFixed(decimals)
  return value < 0 && Number(digits) !== 0 ? `−${digits}` : digits
}

/**
 * Every tick set of a range at steps of 1, 2, 2.5 or 5 x 10^n, finest step first, each with 1 to 200 ticks.
 *
 * Empty for a range that is empty, infinite, or too narrow for distinct labels.
 */
export function tickSets(lo: number, hi: number): TickSet[] {
  const span = hi - lo
  if (!(span > 0) || !Number.isFinite(span)) return []
  const finest = Math.max(span / mostTicks, Math.max(Math.abs(lo), Math.abs(hi)) * 1e-13)
  const exponents = range(
    Math.max(smallestExponent, Math.floor(Math.log10(finest))),
    Math.min(largestExponent, Math.ceil(Math.log10(span))),
  )
  return exponents
    .flatMap((exponent) => mantissas.map((mantissa) => ({ mantissa, exponent })))
    .filter(({ mantissa, exponent }) => decimal(mantissa, exponent) >= finest)
    .map(({ mantissa, exponent }) => tickSet(lo, hi, mantissa, exponent))
    .filter(({ values }) => values.length > 0)
}

/** Short unlabelled ticks for a set: its step in five (in four where that is rounder), labelled values left out. */
export function minorTicks(lo: number, hi: number, set: TickSet): number[] {
  const parts = set.mantissa === 2 ? 4 : 5
  const labelled = new Set(set.values)
  return multiples(lo, hi, (set.mantissa * 10) / parts, set.exponent - 1).filter(
    (value) => !labelled.has(value),
  )
}

function tickSet(lo: number, hi: number, mantissa: Mantissa, exponent: number): TickSet {
  const decimals = Math.max(0, (mantissa === 2.5 ? 1 : 0) - exponent)
  const values = multiples(lo, hi, mantissa, exponent)
  const labels = values.map((value) => formatNumber(value, decimals))
  return { mantissa, exponent, step: decimal(mantissa, exponent), values, labels }
}

/** Both ends are included, with a tolerance of a billionth of the range for rounding errors of sums. */
function multiples(lo: number, hi: number, mantissa: number, exponent: number): number[] {
  const step = decimal(mantissa, exponent)
  const tolerance = (hi - lo) * 1e-9
  return range(Math.floor(lo / step) - 1, Math.ceil(hi / step) + 1)
    .map((i) => decimal(i * mantissa, exponent))
    .filter((value) => value >= lo - tolerance && value <= hi + tolerance)
}

/** m x 10^n by its decimal spelling: the nearest double, where a product of doubles may be its neighbour. */
function decimal(mantissa: number, exponent: number): number {
  return Number(`${mantissa}e${exponent}`)
}

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i)
}
