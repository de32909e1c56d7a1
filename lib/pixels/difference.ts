// The difference of two rows of NDVI, and what is left of both where either has no value.

/** Pixels of one part of a grid. */
export interface DifferenceRows {
  /** `after` less `before`, one rounded double operation each; NaN where either is. */
  readonly difference: Float64Array
  /** Pixels that both have a value of. */
  readonly valid: number
}

/**
 * @param before NDVI; is set to NaN where `after` has no value
 * @param after likewise
 * @param into takes the difference
 */
export function subtractRows(
  before: Float64Array,
  after: Float64Array,
  into: Float64Array,
): DifferenceRows {
  const { length } = before
  let valid = 0
  for (let i = 0; i < length; i++) {
    const value = after[i]! - before[i]!
    into[i] = value
    if (value === value) valid++
    else {
      before[i] = Number.NaN
      after[i] = Number.NaN
    }
  }
  return { difference: into.subarray(0, length), valid }
}
