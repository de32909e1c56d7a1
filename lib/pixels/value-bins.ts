// Values counted in bins: fine ones for percentiles, and those of the published histogram.

import type { EvenBins } from './quantiles.ts'

/** Equal bins on [-1, 1]. A value is in the bin floor((v + 1) * FINE_PER_UNIT). */
export const FINE_BINS = 2 ** 16
export const FINE_PER_UNIT = FINE_BINS / 2
const HISTOGRAM_BINS = 40

/** Counts of values from -1 to 1. */
export interface ValueBins {
  /** By fineBin: of 1 itself one more behind the last. */
  readonly fine: Uint32Array<ArrayBuffer>
  /** By coarseBin, of those values alone whose fine bin lies across an edge of the histogram. */
  readonly coarse: Float64Array<ArrayBuffer>
}

export function emptyBins(): ValueBins {
  return { fine: emptyFine(), coarse: new Float64Array(HISTOGRAM_BINS) }
}

/** Counts what other bins have counted, too. */
export function addBins(bins: ValueBins, { fine, coarse }: ValueBins): void {
  for (let bin = 0; bin < fine.length; bin++) bins.fine[bin] = bins.fine[bin]! + fine[bin]!
  for (let bin = 0; bin < coarse.length; bin++) bins.coarse[bin] = bins.coarse[bin]! + coarse[bin]!
}

/** The fine bins alone. */
export function emptyFine(): Uint32Array<ArrayBuffer> {
  return new Uint32Array(FINE_BINS + 1)
}

/** Of a value from -1 to 1. */
export function fineBin(v: number): number {
  return ((v + 1) * FINE_PER_UNIT) | 0
}

/** numpy.linspace(-1, 1, 41) */
export const histogramEdges: readonly number[] = Array.from(
  { length: HISTOGRAM_BINS + 1 },
  (_, i) => (i === HISTOGRAM_BINS ? 1 : i * (2 / HISTOGRAM_BINS) - 1),
)

/** numpy.histogram's bin: by division, then set right against the edges; the last bin holds its upper edge. */
export function coarseBin(v: number): number {
  const bin = Math.min(HISTOGRAM_BINS - 1, Math.floor((v + 1) * (HISTOGRAM_BINS / 2)))
  if (v < histogramEdges[bin]!) return bin - 1
  return bin < HISTOGRAM_BINS - 1 && v >= histogramEdges[bin + 1]! ? bin + 1 : bin
}

/** In coarseOfFine: an edge of the histogram lies in this fine bin or next to it. */
export const ACROSS = 255

/** By fine bin the bin of the histogram that holds all of it, or ACROSS. */
export const coarseOfFine = findCoarse()

/** In runs, from edge to edge of the histogram: every cold start makes it, whatever is asked. */
function findCoarse(): Uint8Array<ArrayBuffer> {
  const coarse = new Uint8Array(FINE_BINS + 1).fill(ACROSS)
  // Edges of fine bins, counted as these are: the first in each bin of the histogram, and the one behind the last.
  const firsts = histogramEdges.map((_, bin) => firstEdgeIn(bin))
  for (let bin = 0; bin < HISTOGRAM_BINS; bin++) {
    // A fine bin is taken for as wide as its neighbours, too, so that no rounding decides.
    const from = bin === 0 ? 0 : firsts[bin]! + 1
    const end = bin === HISTOGRAM_BINS - 1 ? coarse.length : firsts[bin + 1]! - 2
    coarse.fill(bin, from, end)
  }
  return coarse
}

function firstEdgeIn(bin: number): number {
  let edge = Math.max(0, Math.floor((bin * FINE_BINS) / HISTOGRAM_BINS) - 1)
  while (edge < FINE_BINS && coarseBin((edge * 2) / FINE_BINS - 1) < bin) edge++
  return edge
}

/** The counts of numpy.histogram on `histogramEdges`. */
export function histogramOf({ fine, coarse }: ValueBins): number[] {
  const counts = [...coarse]
  for (let bin = 0; bin < fine.length; bin++) {
    const whole = coarseOfFine[bin]!
    if (whole !== ACROSS) counts[whole] = counts[whole]! + fine[bin]!
  }
  return counts
}

/** Fine bins as quantiles takes them. */
export function evenBins(fine: Uint32Array): EvenBins {
  return { counts: fine, from: -1, perUnit: FINE_PER_UNIT }
}

/**
 * A quantile that is linear inside the fine bin that holds its rank.
 *
 * @param count of all values, at least one
 * @param q 0 to 1
 */
export function binnedQuantile(fine: Uint32Array, count: number, q: number): number {
  const rank = q * (count - 1)
  let below = 0
  for (let bin = 0; bin < FINE_BINS; bin++) {
    const inside = fine[bin]! + (bin === FINE_BINS - 1 ? fine[FINE_BINS]! : 0)
    if (below + inside > rank) return -1 + ((bin + (rank - below + 0.5) / inside) * 2) / FINE_BINS
    below += inside
  }
  return 1
}
