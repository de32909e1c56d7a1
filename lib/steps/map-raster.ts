// What a map is drawn of: a raster that lies somewhere on Earth and gives values wherever it is asked.

import type { Cog } from '../cog/cog.ts'
import type { Crs } from '../geo/crs/crs.ts'
import { boundsInDegrees, type Footprint, footprintOf } from '../geo/footprint.ts'
import type { Projection } from '../geo/projection.ts'
import type { Grid } from '../model/grid.ts'
import type { Trust } from '../model/scene.ts'
import type { Targets } from '../pixels/targets.ts'
import type { WarpOptions } from '../pixels/warp.ts'
import { wholeGrid } from './whole-grid.ts'

export interface MapRaster {
  /** Of the full resolution. */
  readonly grid: Grid
  readonly projection: Projection
  readonly footprint: Footprint
  /** A longitude in the middle of it, as the raster itself counts. */
  readonly ownLongitude: number
  /** Pixels of the full resolution along one of the coarsest overview; 1 without overviews. */
  readonly coarsest: number
  readonly trust: Trust
  /** NDVI at each target; NaN where there is none. */
  values(targets: Targets, options: WarpOptions, signal: AbortSignal): Promise<Float64Array>
}

/** Where a raster lies, by its file and its CRS. */
export function placeRaster(
  cog: Cog,
  crs: Pick<Crs, 'code' | 'projection'>,
): Omit<MapRaster, 'trust' | 'values'> {
  const { projection } = crs
  const grid = wholeGrid(cog, crs)
  const [west, , east] = boundsInDegrees(grid, projection)
  return {
    grid,
    projection,
    footprint: footprintOf(grid, projection),
    ownLongitude: (west + east) / 2,
    coarsest: cog.levels[0].width / (cog.levels.at(-1) ?? cog.levels[0]).width,
  }
}
