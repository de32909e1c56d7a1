// Percentiles without sorting everything: a count per bin tells which values can be at a rank.

/** numpy.percentile's default, method "linear": a rank between two values of the sorted order. */
interface Rank {
  /** Of the lower neighbour, from 0. */
  readonly index: number
  /** How far towards the next one, 0 to 1. */
  readonly share: number
}

/** Values counted in bins of one width: each lies in the bin floor((value - from) * perUnit). */
export interface EvenBins {
  /** How many values lie in each bin. */
  readonly counts: Uint32Array
  readonly from: number
  readonly perUnit: number
}

/** So many values to a bin, were they spread evenly: more bins take longer to go through than a few values to sort. */
const VALUES_PER_BIN = 8

/**
 * Counts values in bins that reach just as far as they do.
 *
 * @param values without NaN
 */
export function countEvenly(values: Float64Array, minimum: number, maximum: number): EvenBins {
  const bins = Math.ceil(values.length / VALUES_PER_BIN)
  // Infinite where all values are the same: times 0 that is NaN, which is the first bin as an integer.
  const perUnit = bins / (maximum - minimum)
  const counts = new Uint32Array(bins + 1)
  for (let i = 0; i < values.length; i++) {
    const bin = ((values[i]! - minimum) * perUnit) | 0
    counts[bin] = counts[bin]! + 1
  }
  return { counts, from: minimum, perUnit }
}

/**
 * numpy.percentile of values that are sorted only where it matters.
 *
 * @param values in any order, without NaN, at least one
 * @param bins of all of them
 * @param shares 0 to 1
 */
export function quantiles(
  values: Float64Array,
  bins: EvenBins,
  shares: readonly number[],
): number[] {
  const last = values.length - 1
  const ranks = shares.map((q): Rank => {
    const rank = q * last
    const index = Math.floor(rank)
    return { index, share: rank - index }
  })
  const wanted = ranks.flatMap(({ index }) => [index, Math.min(index + 1, last)])
  const found = valuesAt(wanted, values, bins)
  return ranks.map(({ share }, i) => interpolate(found[2 * i]!, found[2 * i + 1]!, share))
}

function valuesAt(
  wanted: readonly number[],
  values: Float64Array,
  { counts, from, perUnit }: EvenBins,
): number[] {
  const isWanted = new Uint8Array(counts.length)
  // By rank its place among the values that are sorted: those of the bins that hold one.
  const places = new Map<number, number>()
  let [bin, before, size, first] = [0, 0, 0, 0]
  for (const rank of wanted.toSorted((one, other) => one - other)) {
    while (before + counts[bin]! <= rank) before += counts[bin++]!
    if (isWanted[bin] === 0) {
      isWanted[bin] = 1
      first = size
      size += counts[bin]!
    }
    places.set(rank, first + rank - before)
  }
  const sorted = new Float64Array(size)
  let held = 0
  // By index: an iterator boxes each double until this loop is compiled, which is most of a small scene's garbage.
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (isWanted[((value - from) * perUnit) | 0] === 1) sorted[held++] = value
  }
  sorted.sort()
  return wanted.map((rank) => sorted[places.get(rank)!]!)
}

/** numpy interpolates from the nearer end, so that the result never leaves [low, high]. */
function interpolate(low: number, high: number, share: number): number {
  return share >= 0.5 ? high - (high - low) * (1 - share) : low + (high - low) * share
}
