// One pass over the pixels of a window: NDVI, its statistics and the picture to draw.

import { createPicture, type Picture } from './figure/picture.ts'
import type { Bands, OpenBand } from './inputs.ts'
import type { Radiometry } from './model/radiometry.ts'
import type { Product } from './model/scene.ts'
import type { Statistics } from './model/statistics.ts'
import type { BandRules, NdviRules } from './raster/ndvi.ts'
import { scanNdvi } from './raster/scan.ts'
import { CELL, StatisticsBuilder } from './raster/statistics.ts'
import type { Window } from './raster/window.ts'

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
  window: Window,
  rules: NdviRules,
  rescale: readonly [number, number],
  onRows: (share: number) => void,
  signal: AbortSignal,
): Promise<Measured> {
  const statistics = new StatisticsBuilder()
  const picture = createPicture({ shape: window.grid.shape, rescale, maxSize: PICTURE_SIZE })
  let cell = 0
  for await (const { firstRow, rows, cols, values, tally } of scanNdvi(window, rules, signal)) {
    for (let from = 0; from < cols; from += CELL) {
      statistics.addCell(cell++, values, cols, rows, from, Math.min(cols, from + CELL))
    }
    statistics.addTally(tally)
    picture.add(firstRow, values)
    onRows((firstRow + rows) / window.grid.shape[0])
  }
  return { statistics: statistics.finish(), picture: picture.finish() }
}

/** What counts as fill and saturation in each band, and how its numbers are scaled. */
export function ndviRules(
  { red, nir }: Bands,
  radiometry: Radiometry,
  product: Product,
): NdviRules {
  const scaled = radiometry.applied !== 'none'
  return {
    red: bandRules(red, radiometry.red, product),
    nir: bandRules(nir, radiometry.nir, product),
    // Without a scale the sum is a whole number: anything above zero divides.
    minimumDenominator: scaled ? 1e-6 : Number.MIN_VALUE,
  }
}

function bandRules(
  { asset, cog }: OpenBand,
  scale: Radiometry['red'],
  product: Product,
): BandRules {
  const fill = new Set(
    [cog.nodata, asset.nodata ?? null, product.fill].filter((value) => value !== null),
  )
  const saturates = product.saturates && cog.dtype === 'uint16'
  return { ...scale, fill: [...fill], saturation: saturates ? 65535 : null }
}

/** What is set aside, for the reply and the published item. */
export function maskOf({ red, nir }: NdviRules): string[] {
  return ['fill', ...(red.saturation === null && nir.saturation === null ? [] : ['saturation'])]
}
