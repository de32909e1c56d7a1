// From the asked area, in degrees, to a window of the bands' own pixels and back to the ground.

import { GreenprintError } from './errors.ts'
import type { Bands } from './inputs.ts'
import type { Bbox, Grid } from './model/grid.ts'
import type { NdviRequest } from './model/request.ts'
import { type Footprint, footprintOf } from './raster/footprint.ts'
import { nearScene, openProjection, type Projection, projectBounds } from './raster/projection.ts'
import { chooseWindow, type Window } from './raster/window.ts'

export interface Place {
  readonly window: Window
  readonly footprint: Footprint
}

/**
 * @throws {GreenprintError} `outside_scene` with the scene's bounds, `grids_differ`, `too_large`,
 *   `raster_unusable` when the bands name no CRS that is known
 */
export async function placeWindow(
  { red, nir }: Bands,
  request: NdviRequest,
  maxPixels: number,
): Promise<Place> {
  const projection = await openProjection(red.cog.geoKeys)
  const scene = sceneBounds(red.cog, projection)
  try {
    const area = request.bbox === undefined ? null : areaOf(request.bbox, scene, projection)
    const window = chooseWindow(red.cog, nir.cog, area, request.max_size, maxPixels)
    return { window, footprint: footprintOf(window.grid, projection) }
  } catch (error) {
    if (!(error instanceof GreenprintError) || error.code !== 'outside_scene') throw error
    throw outside(request.bbox, scene, error)
  }
}

/** @throws {GreenprintError} `outside_scene` */
function areaOf(asked: Bbox, scene: Bbox, projection: Projection): Bbox {
  const near = nearScene(asked, scene)
  if (near !== null) return projectBounds(near, projection)
  throw new GreenprintError('outside_scene', 'The area lies far from the scene.')
}

function sceneBounds(cog: Bands['red']['cog'], projection: Projection): Bbox {
  const { transform, width, height } = cog.levels[0]
  const grid: Grid = { crs: cog.crs, transform, shape: [height, width], level: 0 }
  return footprintOf(grid, projection).bbox
}

function outside(asked: Bbox | undefined, scene: Bbox, cause: Error): GreenprintError {
  const write = (box: readonly number[]) =>
    `[${box.map((value) => Number(value.toFixed(4))).join(', ')}]`
  return new GreenprintError(
    'outside_scene',
    `The bbox ${write(asked ?? [])} does not touch the scene, which covers ${write(scene)} (west, south, east, north).`,
    { cause },
  )
}
