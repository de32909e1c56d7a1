// Tells in STAC's own words what the NDVI band is: its arithmetic, its numbers, its statistics.

import type { JsonObject } from '../model/json.ts'
import type { Statistics } from '../model/statistics.ts'
import type { BandPixelRules, PixelRules } from './lineage.ts'

/** What red, near infrared and the quality band are called in an expression. */
type Letters = readonly [red: string, nir: string, qa: string]

/**
 * What gdal_calc.py computes with A = red, B = near infrared and C = the quality band on their grid: the file's own
 * numbers. Multiplied by a double, integers do not overflow; floats of 32 bits are made doubles first.
 */
export function ndviExpression(
  { red, nir, qa, minimum_denominator, clip }: PixelRules,
  [a, b, c]: Letters = ['A', 'B', 'C'],
): string {
  const [r, n] = [scaled(a, red), scaled(b, nir)]
  const aside = [
    ...isAnyOf(a, [...red.fill, ...(red.saturation === null ? [] : [red.saturation])]),
    ...isAnyOf(b, [...nir.fill, ...(nir.saturation === null ? [] : [nir.saturation])]),
    ...(qa === undefined
      ? []
      : [
          ...(qa.bits === 0 ? [] : [`((${c}&${qa.bits})!=0)`]),
          ...qa.fields.map(
            ({ offset, length, values }) =>
              `isin((${c}>>${offset})&${2 ** length - 1},[${values.join(',')}])`,
          ),
          ...isAnyOf(c, [...qa.values, ...qa.saturated]),
        ]),
    `~(${n}+${r}>=${minimum_denominator})`,
  ]
  return `where(${aside.join('|')},nan,clip((${n}-${r})/(${n}+${r}),${clip[0]},${clip[1]}))`
}

/** Of two scenes the later less the earlier, whose bands are A, B and C as above; those of the later are D, E and F. */
export function differenceExpression(before: PixelRules, after: PixelRules): string {
  return `${ndviExpression(after, ['D', 'E', 'F'])}-${ndviExpression(before)}`
}

function isAnyOf(band: string, numbers: readonly (number | string)[]): string[] {
  return numbers
    .filter((number) => typeof number === 'number')
    .map((number) => `(${band}==${number})`)
}

function scaled(band: string, { scale, offset, data_type }: BandPixelRules): string {
  const factor = Number.isInteger(scale) ? scale.toFixed(1) : String(scale)
  const term = offset === 0 ? '' : `${offset < 0 ? '-' : '+'}${Math.abs(offset)}`
  const double = data_type === 'float32' ? `${band}.astype(float64)` : band
  return `(${factor}*${double}${term})`
}

/** An entry of `bands`. A picture's own numbers are colours, so type and nodata are told of a data asset only. */
export function ndviBand(
  statistics: Statistics,
  shape: readonly [rows: number, cols: number],
  isData: boolean,
): JsonObject {
  return {
    name: 'ndvi',
    description: 'Normalized Difference Vegetation Index',
    unit: '1',
    ...(isData ? { data_type: 'float32', nodata: 'nan' } : {}),
    statistics: bandStatistics(statistics, shape),
    'raster:sampling': 'area',
    'raster:histogram': bandHistogram(statistics),
  }
}

/** Its ends are those of the distribution, as its 40 bins are cut. */
export function bandHistogram({ histogram: { edges, counts } }: Statistics): JsonObject {
  return {
    count: counts.length,
    min: edges[0] ?? -1,
    max: edges.at(-1) ?? 1,
    buckets: counts,
  }
}

/**
 * Of all pixels of the file, valid or not, as everybody who opens it will find them; those of the asked area stand in
 * `greenprint:area`. Common metadata 1.1: numbers only, so what has no value is left out.
 */
export function bandStatistics(
  { mean, stddev, minimum, maximum, valid_count }: Statistics,
  [rows, cols]: readonly [rows: number, cols: number],
): JsonObject {
  const count = rows * cols
  const numbers = {
    minimum: minimum === null ? null : Math.fround(minimum),
    maximum: maximum === null ? null : Math.fround(maximum),
    mean,
    stddev,
    valid_percent: (100 * valid_count) / count,
  }
  const told = Object.entries(numbers).filter(([, value]) => value !== null)
  return { ...Object.fromEntries(told), count }
}
