// What is made of the values of a grid while its rows stream by: the layer, the map of the figure, the GeoTIFF.

import type { BandStatistics } from '../cog/band-metadata.ts'
import { CogWriter } from '../cog/cog-writer.ts'
import type { GeoTags } from '../cog/tiff.ts'
import { LayerBuilder, PlacedLayerBuilder } from '../image/layer.ts'
import { createPicture, type Picture, PlacedPictureBuilder } from '../image/picture.ts'
import type { Grid } from '../model/grid.ts'
import type { NdviRequest } from '../model/request.ts'
import { Regrid } from '../pixels/regrid.ts'
import type { Scratch } from '../store/disk/scratch.ts'
import type { FileContent } from '../store/file-content.ts'
import type { PictureGrids } from './picture-grids.ts'

export interface RasterBuilder {
  /** Takes the next rows of each band; their buffers are reused once this has resolved. */
  add(bands: readonly Float64Array[], signal: AbortSignal): Promise<void>
  /** @param statistics of the file, by band; null where no pixel has a value */
  finish(statistics: readonly (BandStatistics | null)[], signal: AbortSignal): Promise<FileContent>
}

export interface FigureMap {
  /** Takes the next rows, or the next columns of them, as createPicture does. */
  add(
    firstRow: number,
    values: Float64Array,
    firstCol: number,
    partCols: number,
    signal: AbortSignal,
  ): Promise<void>
  finish(): Picture
}

type Style = Pick<NdviRequest, 'rescale' | 'colormap_name'>

/** The first band is drawn. */
export interface Drawn {
  readonly grid: Grid
  readonly geoKeys: Pick<GeoTags, 'keys' | 'raw'>
  readonly bands: readonly { readonly description: string }[]
  /** Absent where all pictures are drawn on the grid. */
  readonly pictures?: PictureGrids
  readonly request: Style & Pick<NdviRequest, 'outputs'>
}

/** Image area of a figure, pixels on the longest side. */
const PICTURE_SIZE = 1024

export function startRasters(
  drawn: Drawn,
  scratch: Scratch,
): (readonly [kind: 'layer' | 'cog', RasterBuilder])[] {
  const { grid, geoKeys: geo, bands } = drawn
  const { outputs } = drawn.request
  const start = {
    layer: () => startLayer(drawn, scratch),
    cog: () => new CogWriter({ grid, geo, bands: bands.map((band) => band.description) }, scratch),
  }
  const kinds = ['layer', 'cog'] as const
  return kinds
    .filter((kind) => outputs.includes(kind))
    .map((kind) => [kind, start[kind]()] as const)
}

function startLayer(
  { grid: { shape }, pictures, request: { rescale, colormap_name: rampName } }: Drawn,
  scratch: Scratch,
): RasterBuilder {
  const plan = pictures?.layer ?? null
  if (plan === null) {
    const layer = new LayerBuilder({ shape, rescale, rampName }, scratch.openSpool())
    return {
      add: ([values], signal) => layer.add(values!, signal),
      finish: () => layer.finish(),
    }
  }
  const layer = new PlacedLayerBuilder({ shape: plan.to, rescale, rampName }, scratch.openSpool())
  const regrid = new Regrid(plan, (at, value) => {
    layer.paint(at, value)
  })
  return {
    add: ([values], signal) => regrid.add(values!, signal),
    finish(_, signal) {
      regrid.finish()
      return layer.finish(signal)
    },
  }
}

export function startFigureMap({
  grid,
  pictures,
  request: { rescale },
}: Pick<Drawn, 'grid' | 'pictures'> & {
  readonly request: Pick<Style, 'rescale'>
}): FigureMap {
  const figure = pictures?.figure ?? null
  if (figure === null) {
    const picture = createPicture({ shape: grid.shape, rescale, maxSize: PICTURE_SIZE })
    return {
      // oxlint-disable-next-line typescript/require-await -- the other map waits for its turn
      async add(firstRow, values, firstCol, partCols) {
        picture.add(firstRow, values, firstCol, partCols)
      },
      finish: () => picture.finish(),
    }
  }
  const picture = new PlacedPictureBuilder(figure.to, rescale)
  const regrid = new Regrid(figure, (at, value) => {
    picture.paint(at, value)
  })
  return {
    // Whole rows: drawBands asks for no others where a picture has a grid of its own.
    add: (_row, values, _col, _cols, signal) => regrid.add(values, signal),
    finish() {
      regrid.finish()
      return picture.finish()
    },
  }
}
