// The GDAL_NODATA tag as GDAL reads it: text like C's strtod, and a number of the band's own type.

import type { Samples } from './samples.ts'

const special: readonly (readonly [RegExp, number])[] = [
  [/^[+-]?nan/i, Number.NaN],
  [/^[+-]?1\.#QNAN/i, Number.NaN],
  [/^-1\.#IND/i, Number.NaN],
  [/^\+?inf/i, Number.POSITIVE_INFINITY],
  [/^-inf/i, Number.NEGATIVE_INFINITY],
  [/^1\.#INF/i, Number.POSITIVE_INFINITY],
  [/^-1\.#INF/i, Number.NEGATIVE_INFINITY],
]

const ranges: Readonly<Record<string, readonly [number, number]>> = {
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65_535],
  int16: [-32_768, 32_767],
  uint32: [0, 4_294_967_295],
  int32: [-2_147_483_648, 2_147_483_647],
  uint64: [0, 2 ** 64],
  int64: [-(2 ** 63), 2 ** 63],
}

/**
 * What the text of a GDAL_NODATA tag means in a band; null where that is nothing.
 *
 * @param text null where there is no tag
 * @param dtype numpy's name of the band's type
 */
export function readNodata(text: string | null, dtype: string): number | null {
  const value = numberOf(text, dtype)
  return value === null ? null : inType(value, dtype)
}

/** What GDAL reads where a tile was never written: nodata, rounded into the type, else 0. */
export function unwrittenValue(text: string | null, dtype: string): number {
  const value = numberOf(text, dtype) ?? 0
  const range = ranges[dtype]
  if (range === undefined) return value
  if (Number.isNaN(value)) return 0
  return Math.min(Math.max(Math.floor(value + 0.5), range[0]), range[1])
}

function numberOf(text: string | null, dtype: string): number | null {
  const trimmed = text?.trim() ?? ''
  if (trimmed === '') return null
  // GDAL reads these with strtoll and strtoull, which know digits alone, and the latter wraps what is negative.
  if (dtype.endsWith('int64')) {
    const whole = Number(/^[+-]?\d+/.exec(trimmed)?.[0] ?? 0)
    return dtype === 'uint64' && whole < 0 ? whole + 2 ** 64 : whole
  }
  return special.find(([words]) => words.test(trimmed))?.[1] ?? leadingNumber(trimmed)
}

/** A number as a band of a type can hold it; null where it cannot. Integers drop what is behind the point, as in C. */
function inType(value: number, dtype: string): number | null {
  const range = ranges[dtype]
  if (range === undefined) return dtype === 'float32' ? Math.fround(value) : value
  const [least, most] = range
  return value >= least && value <= most ? Math.trunc(value) + 0 : null
}

/** As C's strtod: what follows the number does not matter, and text without one is 0. A comma is a point, too. */
function leadingNumber(text: string): number {
  const hex = /^[+-]?0x[0-9a-f]+/i.exec(text)
  if (hex !== null) return Number(hex[0].replace(/^[+-]/, '')) * (text.startsWith('-') ? -1 : 1)
  return Number(
    /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?/i.exec(text)?.[0].replace(',', '.') ?? 0,
  )
}

/**
 * Distance of a float to nodata, relative to their sum, below which GDAL 3 takes one for the other: two epsilons of
 * float32, for float64 as well.
 */
const TOLERANCE = 2 ** -22

/** Numbers that mean nodata in a band. */
export interface NodataValues {
  /** In the band's own type; NaN, which equals nothing, where there are less than three. */
  readonly exact: readonly [number, number, number]
  /** Of floats: whether a sample that equals none of them is near enough to one; null for integers. */
  readonly isNear: ((sample: number) => boolean) | null
}

/**
 * What a sample is compared with to be nodata, as GDAL's masks do it: integers exactly, floats within two epsilons
 * (ARE_REAL_EQUAL of gdal_priv_templates.hpp), each computed in the band's own type.
 *
 * @param samples of the band
 * @param values at most three, in any type; those that the band cannot hold do not count
 */
export function nodataIn(samples: Samples, values: readonly number[]): NodataValues {
  const dtype = samples.constructor.name.replace('Array', '').toLowerCase()
  const held = values.map((value) => inType(value, dtype))
  const known = [...new Set(held)].filter((value) => value !== null && Number.isFinite(value))
  const [one = Number.NaN, two = Number.NaN, three = Number.NaN] = known.map(Number)
  const exact = [one, two, three] as const
  if (known.length === 0 || !dtype.startsWith('float')) return { exact, isNear: null }
  const round = dtype === 'float32' ? Math.fround : Number
  const near = (sample: number, nodata: number) =>
    Math.abs(sample - nodata) < Math.abs(round(sample + nodata)) * TOLERANCE
  return {
    exact,
    isNear: (sample) => near(sample, one) || near(sample, two) || near(sample, three),
  }
}
