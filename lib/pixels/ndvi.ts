// NDVI of rows of raw values: invalid ones are set aside first, on the raw values, then the rest is scaled and divided.

import { nodataIn } from '../cog/nodata.ts'
import type { Samples } from '../cog/samples.ts'
import type { LinearScale } from '../model/radiometry.ts'
import { CLEAR, FILL, MASKED, OUTSIDE, SATURATED } from './qa.ts'

export interface NdviRules {
  readonly red: BandRules
  readonly nir: BandRules
  /**
   * A smaller sum of reflectances is noise: the smallest real one on a Landsat scene is 1.25e-5, exact zeros come out
   * near 1e-17.
   */
  readonly minimumDenominator: number
}

export interface BandRules extends LinearScale {
  /** Raw numbers that mean "no observation", at most three, in any type. NaN and infinities always do. */
  readonly fill: readonly number[]
  /** The raw number of a saturated detector, or null. */
  readonly saturation: number | null
}

/** Invalid pixels, each counted under the first reason that applies, and those that were clipped. */
export interface Tally {
  fill: number
  saturation: number
  mask: number
  denominator: number
  clipped: number
}

export function emptyTally(): Tally {
  return { fill: 0, saturation: 0, mask: 0, denominator: 0, clipped: 0 }
}

/**
 * Writes NDVI = (N - R) / (N + R), clipped to [-1, 1], into `out`; NaN where there is none.
 *
 * Every step is one rounded double operation in this order, so that the float32 of the result equals numpy's:
 * R = red * scale + offset, N likewise, d = N + R, v = (N - R) / d.
 *
 * @param red raw numbers, as many as `out`
 * @param nir raw numbers on the same grid
 * @param marks of pixels that are excluded before their values are read (see qa.ts), or null where there are none
 * @param observed takes 1 where a pixel is not fill, else 0, outside a polygon too
 */
export function ndviOfRows(
  red: Samples,
  nir: Samples,
  marks: Uint8Array | null,
  rules: NdviRules,
  out: Float64Array,
  tally: Tally,
  observed: Uint8Array | null = null,
): void {
  const { scale: redScale, offset: redOffset } = rules.red
  const { scale: nirScale, offset: nirOffset } = rules.nir
  const { minimumDenominator } = rules
  // Three at most: the file's, the item's and the product's.
  const redNodata = nodataIn(red, rules.red.fill)
  const nirNodata = nodataIn(nir, rules.nir.fill)
  const [redFill, redFill2, redFill3] = redNodata.exact
  const [nirFill, nirFill2, nirFill3] = nirNodata.exact
  const redIsNear = redNodata.isNear
  const nirIsNear = nirNodata.isNear
  const redSaturation = rules.red.saturation ?? Number.NaN
  const nirSaturation = rules.nir.saturation ?? Number.NaN
  const { length } = out
  for (let i = 0; i < length; i++) {
    const r = red[i]!
    const n = nir[i]!
    const mark = marks === null ? CLEAR : marks[i]!
    out[i] = Number.NaN
    const redIsFill = r === redFill || r === redFill2 || r === redFill3 || !(r - r === 0)
    const nirIsFill = n === nirFill || n === nirFill2 || n === nirFill3 || !(n - n === 0)
    const isNear = (redIsNear !== null && redIsNear(r)) || (nirIsNear !== null && nirIsNear(n))
    const isFill = redIsFill || nirIsFill || isNear || mark === FILL
    if (observed !== null) observed[i] = isFill ? 0 : 1
    if (mark === OUTSIDE) continue
    if (isFill) {
      tally.fill++
      continue
    }
    if (r === redSaturation || n === nirSaturation || mark === SATURATED) {
      tally.saturation++
      continue
    }
    if (mark === MASKED) {
      tally.mask++
      continue
    }
    const redReflectance = r * redScale + redOffset
    const nirReflectance = n * nirScale + nirOffset
    const denominator = nirReflectance + redReflectance
    if (!(denominator >= minimumDenominator)) {
      tally.denominator++
      continue
    }
    let value = (nirReflectance - redReflectance) / denominator
    if (value > 1 || value < -1) {
      value = value > 1 ? 1 : -1
      tally.clipped++
    }
    out[i] = value
  }
}
