// Tells in STAC's own words what the NDVI band is: its arithmetic, its numbers, its statistics.

import type { JsonObject } from '../model/json.ts'
import type { LinearScale, Radiometry } from '../model/radiometry.ts'
import type { Statistics } from '../model/statistics.ts'

/**
 * What gdal_calc.py computes with A = red and B = near infrared; the decimal point keeps it out of unsigned integers.
 */
export function ndviExpression({ red, nir }: Radiometry): string {
  const [r, n] = [scaled('A', red), scaled('B', nir)]
  return `(${n}-${r})/(${n}+${r})`
}

function scaled(band: string, { scale, offset }: LinearScale): string {
  const factor = Number.isInteger(scale) ? scale.toFixed(1) : String(scale)
  const term = offset === 0 ? '' : `${offset < 0 ? '-' : '+'}${Math.abs(offset)}`
  return `(${factor}*${band}${term})`
}

/** An entry of `bands`. A picture's own numbers are colours, so type and nodata are told of a data asset only. */
export function ndviBand(statistics: Statistics, isData: boolean): JsonObject {
  return {
    name: 'ndvi',
    description: 'Normalized Difference Vegetation Index',
    unit: '1',
    ...(isData ? { data_type: 'float32', nodata: 'nan' } : {}),
    statistics: bandStatistics(statistics),
    'raster:sampling': 'area',
    // The ends of the distribution, as the 40 bins on [-1, 1] are cut.
    'raster:histogram': {
      count: statistics.histogram.counts.length,
      min: statistics.histogram.edges[0] ?? -1,
      max: statistics.histogram.edges.at(-1) ?? 1,
      buckets: statistics.histogram.counts,
    },
  }
}

/** Common metadata 1.1: numbers only, so what has no value is left out. `count` is of all pixels, valid or not. */
function bandStatistics(statistics: Statistics): JsonObject {
  const { mean, stddev, minimum, maximum, valid_percent, total_count } = statistics
  const numbers = Object.entries({ minimum, maximum, mean, stddev, valid_percent })
  return {
    ...Object.fromEntries(numbers.filter(([, value]) => value !== null)),
    count: total_count,
  }
}
