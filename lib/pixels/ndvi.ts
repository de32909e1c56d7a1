// NDVI of rows of raw values: invalid ones are set aside first, on the raw values, then the rest is scaled and divided.

import { type NodataValues, nodataIn } from '../cog/nodata.ts'
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

/** Counts what another tally has counted, too. */
export function addTally(tally: Tally, other: Tally): void {
  tally.fill += other.fill
  tally.saturation += other.saturation
  tally.mask += other.mask
  tally.denominator += other.denominator
  tally.clipped += other.clipped
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
  const rows = { red, nir, marks, out, observed }
  const nodata = { red: nodataIn(red, rules.red.fill), nir: nodataIn(nir, rules.nir.fill) }
  const isCommon = isShort(red) && isShort(nir) && hasOneFill(nodata.red) && hasOneFill(nodata.nir)
  if (observed !== null) bytesOf(observed).fill(1)
  if (!isCommon) return ndviOfAny(rows, rules, nodata, tally)
  const shorts = { ...rows, red, nir }
  for (let from = 0; from < out.length; from += PIECE) {
    const end = Math.min(out.length, from + PIECE)
    ndviOfShorts(shorts, rules, nodata, tally, from, end)
  }
}

/** Memory that threads share is filled and copied byte by byte by typed arrays, as their standard wants it. */
function bytesOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

interface Rows<S extends Samples> {
  readonly red: S
  readonly nir: S
  readonly marks: Uint8Array | null
  readonly out: Float64Array
  /** All 1 before. */
  readonly observed: Uint8Array | null
}

interface Nodata {
  readonly red: NodataValues
  readonly nir: NodataValues
}

type Short = Extract<Samples, Uint8Array | Int8Array | Uint16Array | Int16Array>

/** None of them is NaN, infinite or near a number without being it. */
function isShort(samples: Samples): samples is Short {
  return (
    samples instanceof Uint16Array ||
    samples instanceof Int16Array ||
    samples instanceof Uint8Array ||
    samples instanceof Int8Array
  )
}

function hasOneFill({ exact: [, second] }: NodataValues): boolean {
  return Number.isNaN(second)
}

/** Beyond all numbers of 16 bits. */
const NEVER = 2 ** 16

function orNever(value: number | null): number {
  return value !== null && Number.isInteger(value) ? value : NEVER
}

/**
 * Pixels of one call of the loop. V8 compiles a function for good once it was called often enough; until then it
 * leaves in the middle of the first call for code that knows less, and is half as fast.
 */
const PIECE = 4096

/**
 * What most scenes are, in a third of the time of the general case: integers of which one is fill. What is set aside
 * leaves by one branch, and nothing in the loop is of two types.
 */
function ndviOfShorts(
  { red, nir, marks, out, observed }: Rows<Short>,
  rules: NdviRules,
  nodata: Nodata,
  tally: Tally,
  from: number,
  end: number,
): void {
  const { scale: redScale, offset: redOffset } = rules.red
  const { scale: nirScale, offset: nirOffset } = rules.nir
  const { minimumDenominator } = rules
  const redFill = orNever(nodata.red.exact[0])
  const nirFill = orNever(nodata.nir.exact[0])
  const redSaturation = orNever(rules.red.saturation)
  const nirSaturation = orNever(rules.nir.saturation)
  for (let i = from; i < end; i++) {
    const r = red[i]!
    const n = nir[i]!
    if (
      r === redFill ||
      n === nirFill ||
      r === redSaturation ||
      n === nirSaturation ||
      (marks !== null && marks[i] !== CLEAR)
    ) {
      const mark = marks === null ? CLEAR : marks[i]!
      out[i] = Number.NaN
      if (r === redFill || n === nirFill || mark === FILL) {
        if (observed !== null) observed[i] = 0
        if (mark !== OUTSIDE) tally.fill++
      } else if (mark === OUTSIDE) continue
      else if (r === redSaturation || n === nirSaturation || mark === SATURATED) tally.saturation++
      else tally.mask++
      continue
    }
    const redReflectance = r * redScale + redOffset
    const nirReflectance = n * nirScale + nirOffset
    const sum = nirReflectance + redReflectance
    if (!(sum >= minimumDenominator)) {
      out[i] = Number.NaN
      tally.denominator++
      continue
    }
    const value = (nirReflectance - redReflectance) / sum
    // One comparison where nothing is clipped, which is nearly everywhere.
    if (Math.abs(value) > 1) {
      out[i] = value > 1 ? 1 : -1
      tally.clipped++
    } else out[i] = value
  }
}

/** Numbers of any type, of which three may be fill. */
function ndviOfAny(
  { red, nir, marks, out, observed }: Rows<Samples>,
  rules: NdviRules,
  nodata: Nodata,
  tally: Tally,
): void {
  const { scale: redScale, offset: redOffset } = rules.red
  const { scale: nirScale, offset: nirOffset } = rules.nir
  const { minimumDenominator } = rules
  // Three at most: the file's, the item's and the product's.
  const [redFill, redFill2, redFill3] = nodata.red.exact
  const [nirFill, nirFill2, nirFill3] = nodata.nir.exact
  const redIsNear = nodata.red.isNear
  const nirIsNear = nodata.nir.isNear
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
    if (isFill && observed !== null) observed[i] = 0
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
