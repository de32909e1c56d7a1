// The statistics of a file of float32 NDVI, of all its pixels: those outside an asked polygon have no value in it.

import type { Statistics } from '../model/statistics.ts'

export interface FileStatistics {
  readonly minimum: number
  readonly maximum: number
  readonly mean: number
  readonly stddev: number
  readonly validPercent: number
}

/**
 * Of doubles, which differ from those of the file's float32 by less than 1e-8; the ends are the file's own numbers.
 *
 * @returns null where no pixel has a value
 */
export function fileStatistics(
  { valid_count, minimum, maximum, mean, stddev }: Statistics,
  [rows, cols]: readonly [rows: number, cols: number],
): FileStatistics | null {
  if (minimum === null || maximum === null || mean === null || stddev === null) return null
  const validPercent = (100 * valid_count) / (rows * cols)
  return {
    minimum: Math.fround(minimum),
    maximum: Math.fround(maximum),
    mean,
    stddev,
    validPercent,
  }
}
