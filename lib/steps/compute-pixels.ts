// One pass over the pixels of a window: NDVI, its statistics, and all pictures and files of its pixels.

import type { NdviRequest } from '../model/request.ts'
import type { Statistics } from '../model/statistics.ts'
import type { NdviRules } from '../pixels/ndvi.ts'
import { scanNdvi } from '../pixels/scan.ts'
import { partsOf, scanBytes } from '../pixels/scan-parts.ts'
import { type BandRows, type DrawnBands, drawBands, type Sinks } from './draw-bands.ts'
import type { SelectedWindow } from './select-window.ts'

export interface ComputedPixels extends Pick<DrawnBands, 'picture' | 'observed' | 'rasters'> {
  readonly statistics: Statistics
  /** SHA-256 of all pixels (PixelDigest), where an item says so; null for grids whose rows are not held whole. */
  readonly digest: string | null
}

export interface PixelSinks extends Sinks {
  readonly request: Pick<NdviRequest, 'rescale' | 'colormap_name' | 'outputs'>
}

/**
 * @throws {GreenprintError} `raster_unusable`, `content_unavailable`, and what drawBands throws
 */
export async function computePixels(
  selected: Pick<SelectedWindow, 'window' | 'selection' | 'geoKeys' | 'pictures'>,
  rules: NdviRules,
  { request, ...sinks }: PixelSinks,
  signal: AbortSignal,
): Promise<ComputedPixels> {
  const { window, selection, geoKeys, pictures } = selected
  const { grid } = window
  const plan = {
    grid,
    geoKeys,
    pictures,
    request,
    bands: [{ description: 'NDVI', spread: 1 }],
    holds: (wholeRows: boolean) => scanBytes(selected, partsOf([selected], wholeRows)),
  } as const
  async function* rowsOf(wholeRows: boolean): AsyncGenerator<BandRows> {
    const parts = partsOf([selected], wholeRows)
    for await (const part of scanNdvi(window, rules, selection, signal, parts)) {
      yield { ...part, bands: [part.values], tallies: [part.tally] }
    }
  }
  const { bands, ...drawn } = await drawBands(plan, rowsOf, sinks, signal)
  const [ndvi] = bands
  if (ndvi === undefined) throw new TypeError('the only band was not drawn')
  return { ...drawn, ...ndvi }
}
