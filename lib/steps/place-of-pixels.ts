// Where the pixels of a result lie, as its figure and its item tell it.

import { captionOf } from '../figure/caption.ts'
import type { FigureInput } from '../figure/figure.ts'
import type { Crs } from '../geo/crs/crs.ts'
import { dataFootprint, type ObservedBoxes } from '../geo/data-footprint.ts'
import type { Footprint } from '../geo/footprint.ts'
import { pixelOnGround } from '../geo/ground-distance.ts'
import type { Picture } from '../image/picture.ts'
import { type Bbox, type Grid, gridBounds } from '../model/grid.ts'
import type { NdviRequest } from '../model/request.ts'
import type { Scene } from '../model/scene.ts'
import type { DerivedItemInput } from '../stac/derived-item.ts'
import type { AskedArea } from './asked-area.ts'
import type { Bands } from './open-bands.ts'

export interface GridPlace {
  readonly grid: Grid
  readonly crs: Crs
  /** Of the grid. */
  readonly footprint: Footprint
  readonly area: AskedArea
}

type Style = Pick<NdviRequest, 'colormap_name' | 'rescale'>

/** @param valid pixels that have a value */
export function figurePlace(
  { grid, crs }: Pick<GridPlace, 'grid' | 'crs'>,
  picture: Picture,
  { colormap_name: rampName, rescale }: Style,
  valid: number,
): Omit<FigureInput, 'title' | 'subtitle' | 'quantity' | 'footer'> {
  return {
    picture,
    rampName,
    rescale,
    bounds: pictureBounds(grid, picture),
    crs: grid.crs,
    axes: crs.axes,
    caption: captionOf(valid, picture.step),
  }
}

/** @param observed null where that is all of the grid, or nothing */
export function itemPlace(
  { grid, crs, footprint, area }: GridPlace,
  { scene, bands }: { readonly scene: Scene; readonly bands: Bands },
  observed: ObservedBoxes | null,
  { geometry }: Pick<NdviRequest, 'geometry'>,
): Pick<DerivedItemInput, 'grid' | 'definition' | 'gsd' | 'footprint' | 'area'> {
  return {
    grid,
    definition: grid.crs === null ? crs.describe() : null,
    gsd: distanceOfGrid(scene, bands, grid, crs),
    footprint: dataFootprint(grid, crs.projection, footprint, observed, geometry ?? null),
    area: {
      geometry: area.geometry === null ? footprint.geometry : { ...area.geometry },
      coveredPercent: area.coveredPercent,
    },
  }
}

/** A decimated picture may reach past the grid's last pixels: its own pixels set its bounds. */
function pictureBounds(grid: Grid, { step, width, height }: Picture): Bbox {
  if (step === null) return gridBounds(grid)
  const [a, , c, , e, f] = grid.transform
  return [c, f + e * step * height, c + a * step * width, f]
}

/** The source's own, larger for an overview or every nth pixel; without one, the distance on the ground. */
function distanceOfGrid(
  { gsd }: Pick<Scene, 'gsd'>,
  { red }: Pick<Bands, 'red'>,
  grid: Grid,
  { projection }: Pick<Crs, 'projection'>,
): number {
  if (gsd === null) return Number(pixelOnGround(grid, projection).toPrecision(3))
  const [full] = red.cog.levels
  return Number(((gsd * grid.transform[0]) / full.transform[0]).toPrecision(6))
}
