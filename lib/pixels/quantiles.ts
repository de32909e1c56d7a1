// Percentiles without sorting everything: a count per bin tells which values can be at a rank.

/** numpy.percentile's default, method "linear": a rank between two values of the sorted order. */
interface Rank {
  /** Of the lower neighbour, from 0. */
  readonly index: number
  /** How far towards the next one, 0 to 1. */
  readonly share: number
}

/**
 * numpy.percentile of values that are sorted only where it matters.
 *
 * @param values in any order, without NaN, at least one
 * @param counts how many values lie in each bin
 * @param binOf the bin of a value; of a larger value the same one or a later one
 * @param shares 0 to 1
 */
export function quantiles(
  values: Float64Array,
  counts: Uint32Array,
  binOf: (value: number) => number,
  shares: readonly number[],
): number[] {
  const last = values.length - 1
  const ranks = shares.map((q): Rank => {
    const rank = q * last
    const index = Math.floor(rank)
    return { index, share: rank - index }
  })
  const wanted = ranks.flatMap(({ index }) => [index, Math.min(index + 1, last)])
  const found = valuesAt(wanted, values, counts, binOf)
  return ranks.map(({ share }, i) => interpolate(found[2 * i]!, found[2 * i + 1]!, share))
}

function valuesAt(
  wanted: readonly number[],
  values: Float64Array,
  counts: Uint32Array,
  binOf: (value: number) => number,
): number[] {
  const starts = startsOf(counts)
  const bins = wanted.map((index) => binAt(index, starts))
  const wantedBins = [...new Set(bins)]
  const members = new Float64Array(wantedBins.reduce((sum, bin) => sum + counts[bin]!, 0))
  // By bin one more than the place of its next value in `members`; 0 where nobody wants them.
  const next = new Uint32Array(counts.length)
  const places = new Map<number, number>()
  let end = 0
  for (const bin of wantedBins) {
    places.set(bin, end)
    next[bin] = end + 1
    end += counts[bin]!
  }
  // By index: an iterator boxes each double until this loop is compiled, which is most of a small scene's garbage.
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    const bin = binOf(value)
    const place = next[bin]!
    if (place === 0) continue
    members[place - 1] = value
    next[bin] = place + 1
  }
  for (const [bin, start] of places) members.subarray(start, start + counts[bin]!).sort()
  return wanted.map((index, i) => members[places.get(bins[i]!)! + index - starts[bins[i]!]!]!)
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
