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
  const starts = startsOf(counts)
  const bins = wanted.map((index) => binAt(index, starts))
  const isWanted = new Uint8Array(counts.length)
  // By bin the place of its first value among those that are sorted.
  const places = new Map<number, number>()
  let size = 0
  for (const bin of [...new Set(bins)].toSorted((one, other) => one - other)) {
    isWanted[bin] = 1
    places.set(bin, size)
    size += counts[bin]!
  }
  const sorted = new Float64Array(size)
  let held = 0
  // By index: an iterator boxes each double until this loop is compiled, which is most of a small scene's garbage.
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (isWanted[((value - from) * perUnit) | 0] === 1) sorted[held++] = value
  }
  sorted.sort()
  return wanted.map((index, i) => sorted[places.get(bins[i]!)! + index - starts[bins[i]!]!]!)
}

/** How many values lie before each bin. */
function startsOf(counts: Uint32Array): Uint32Array {
  const starts = new Uint32Array(counts.length)
  for (let bin = 1; bin < counts.length; bin++) starts[bin] = starts[bin - 1]! + counts[bin - 1]!
  return starts
}

/** The bin that holds the value of a rank: the last one that starts at or before it and is not empty. */
function binAt(index: number, starts: Uint32Array): number {
  let [low, high] = [0, starts.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (starts[middle]! <= index) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** numpy interpolates from the nearer end, so that the result never leaves [low, high]. */
function interpolate(low: number, high: number, share: number): number {
  return share >= 0.5 ? high - (high - low) * (1 - share) : low + (high - low) * share
}
