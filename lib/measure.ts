// One pass over the pixels of a window: NDVI, its statistics and the picture to draw.

import { createPicture, type Picture } from './figure/picture.ts'
import type { Statistics } from './model/statistics.ts'
import type { Place } from './place.ts'
import type { NdviRules } from './raster/ndvi.ts'
import { scanNdvi } from './raster/scan.ts'
import { CELL, StatisticsBuilder } from './raster/statistics.ts'

/** Image area of a figure, pixels on the longest side. */
const PICTURE_SIZE = 1024

export interface Measured {
  readonly statistics: Statistics
  readonly picture: Picture
}

/**
 * @param onRows told the share of rows that are done, 0 to 1
 * @throws {GreenprintError} `raster_unusable`, `content_unavailable`
 */
export async function measure(
  { window, selection }: Place,
  rules: NdviRules,
  rescale: readonly [number, number],
  onRows: (share: number) => void,
  signal: AbortSignal,
): Promise<Measured> {
  const statistics = new StatisticsBuilder()
  const picture = createPicture({ shape: window.grid.shape, rescale, maxSize: PICTURE_SIZE })
  let cell = 0
  for await (const { firstRow, rows, cols, values, tally } of scanNdvi(
    window,
    rules,
    selection,
    signal,
  )) {
    for (let from = 0; from < cols; from += CELL) {
      statistics.addCell(cell++, values, cols, rows, from, Math.min(cols, from + CELL))
    }
    statistics.addTally(tally)
    picture.add(firstRow, values)
    onRows((firstRow + rows) / window.grid.shape[0])
  }
  return { statistics: statistics.finish(), picture: picture.finish() }
}
