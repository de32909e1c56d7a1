// One pass over the pixels of a window: NDVI, its statistics, and all pictures and files of its pixels.

import { CogWriter } from '../cog/cog-writer.ts'
import type { BandStatistics } from '../cog/ndvi-metadata.ts'
import type { ObservedBoxes } from '../geo/data-footprint.ts'
import { LayerBuilder } from '../image/layer.ts'
import { createPicture, type Picture } from '../image/picture.ts'
import type { NdviRequest, OutputKind } from '../model/request.ts'
import type { Statistics } from '../model/statistics.ts'
import { DataCells } from '../pixels/data-cells.ts'
import { fileStatistics } from '../pixels/file-statistics.ts'
import type { NdviRules } from '../pixels/ndvi.ts'
import { scanNdvi } from '../pixels/scan.ts'
import { CELL, StatisticsBuilder } from '../pixels/statistics.ts'
import type { Scratch } from '../store/disk/scratch.ts'
import type { FileContent } from '../store/file-content.ts'
import type { SelectedWindow } from './select-window.ts'

/** Image area of a figure, pixels on the longest side. */
const PICTURE_SIZE = 1024

export interface ComputedPixels {
  readonly statistics: Statistics
  readonly picture: Picture
  /** What of the grid is not fill, where an item says so; null where that is all of it, or nothing. */
  readonly observed: ObservedBoxes | null
  /** Pixel for pixel, where requested; readable as long as the scratch is open. */
  readonly rasters: Readonly<Partial<Record<'layer' | 'cog', FileContent>>>
}

export interface PixelSinks {
  readonly request: Pick<NdviRequest, 'rescale' | 'colormap_name' | 'outputs'>
  readonly scratch: Scratch
  /** Called with the share of rows that are done, 0 to 1. */
  readonly onRows: (share: number) => void
}

/**
 * @throws {GreenprintError} `raster_unusable`, `content_unavailable`, `store_failed` where scratch has no room
 */
export async function computePixels(
  selected: SelectedWindow,
  rules: NdviRules,
  sinks: PixelSinks,
  signal: AbortSignal,
): Promise<ComputedPixels> {
  const { window, selection } = selected
  const { request, onRows } = sinks
  const { shape } = window.grid
  const statistics = new StatisticsBuilder()
  const picture = createPicture({ shape, rescale: request.rescale, maxSize: PICTURE_SIZE })
  const builders = startRasters(selected, sinks)
  const cells = request.outputs.includes('item') ? new DataCells(shape) : null
  let cell = 0
  for await (const { firstRow, rows, cols, values, observed, tally } of scanNdvi(
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
    cells?.add(firstRow, observed)
    for (const [, builder] of builders) await builder.add(values)
    onRows((firstRow + rows) / shape[0])
  }
  const counted = statistics.finish()
  const ofFile = fileStatistics(counted, shape)
  const rasters: Partial<Record<OutputKind, FileContent>> = {}
  for (const [kind, builder] of builders) rasters[kind] = await builder.finish(ofFile)
  return {
    statistics: counted,
    picture: picture.finish(),
    observed: cells?.finish() ?? null,
    rasters,
  }
}

interface RasterBuilder {
  /** Takes the next rows; their buffer is reused once this has resolved. */
  add(values: Float64Array): Promise<void>
  /** @param statistics of the file; null where no pixel has a value */
  finish(statistics: BandStatistics | null): Promise<FileContent>
}

function startRasters(
  { window: { grid }, geoKeys: geo }: SelectedWindow,
  { request, scratch }: PixelSinks,
): (readonly [kind: 'layer' | 'cog', RasterBuilder])[] {
  const { rescale, colormap_name: rampName } = request
  const start = {
    layer: () => new LayerBuilder({ shape: grid.shape, rescale, rampName }, scratch.openSpool()),
    cog: () => new CogWriter({ grid, geo }, scratch),
  }
  const kinds = ['layer', 'cog'] as const
  return kinds
    .filter((kind) => request.outputs.includes(kind))
    .map((kind) => [kind, start[kind]()] as const)
}
