// From the asked area, in degrees, to a window of the bands' own pixels and back to the ground.

import { GreenprintError } from '../errors.ts'
import { boundsInDegrees, type Footprint, footprintOf } from '../geo/footprint.ts'
import { onGrid, type ProjectedArea, projectArea } from '../geo/projected-area.ts'
import { nearScene, openProjection, type Projection, projectBounds } from '../geo/projection.ts'
import type { Bbox, Grid } from '../model/grid.ts'
import type { NdviRequest } from '../model/request.ts'
import { qaTable } from '../pixels/qa.ts'
import { placeQa } from '../pixels/qa-placement.ts'
import type { Selection } from '../pixels/selection.ts'
import { chooseWindow, type Window } from '../pixels/window.ts'
import type { MaskChoice } from '../products/mask-rules.ts'
import { type Bands, naming, type OpenBand } from './open-bands.ts'

export interface SelectedWindow {
  readonly window: Window
  /** Which pixels of the window count. */
  readonly selection: Selection
  readonly footprint: Footprint
  readonly warnings: readonly string[]
}

/**
 * @param masking the rules of the quality band; null where none is read
 * @throws {GreenprintError} `outside_scene` with the scene's bounds, `grids_differ`, `too_large`,
 *   `mask_unavailable`, `raster_unusable` when the bands name no CRS that is known
 */
export async function selectWindow(
  bands: Bands,
  request: NdviRequest,
  masking: MaskChoice | null,
  maxPixels: number,
  signal: AbortSignal,
): Promise<SelectedWindow> {
  const { red, nir } = bands
  const projection = await openProjection(red.cog.geoKeys)
  const whole = wholeGrid(red.cog)
  const { area, window } = namingBounds(request, footprintOf(whole, projection).bbox, () => {
    const asked = areaOf(request, boundsInDegrees(whole, projection), projection)
    const bounds = asked?.bounds ?? null
    return {
      area: asked,
      window: chooseWindow(red.cog, nir.cog, bounds, request.max_size, maxPixels),
    }
  })
  const qa = await placeMask(bands, masking, window, signal)
  const selection: Selection = {
    polygon: area?.rings === undefined ? null : onGrid(area.rings, window.grid),
    qa,
  }
  return {
    window,
    selection,
    footprint: footprintOf(window.grid, projection),
    warnings: [...window.warnings, ...(qa?.placement.warnings ?? [])],
  }
}

interface Area {
  /** In the CRS of the bands. */
  readonly bounds: Bbox
  /** Where a polygon was asked. */
  readonly rings?: ProjectedArea['rings']
}

/** @throws {GreenprintError} `outside_scene` */
function areaOf({ bbox, geometry }: NdviRequest, scene: Bbox, projection: Projection): Area | null {
  if (geometry !== undefined) return projectArea(geometry, scene, projection)
  if (bbox === undefined) return null
  const near = nearScene(bbox, scene, projection)
  if (near !== null) return { bounds: projectBounds(near, projection) }
  throw new GreenprintError('outside_scene', 'The area is far from the scene.')
}

async function placeMask(
  { red, qa }: Bands,
  masking: MaskChoice | null,
  window: Window,
  signal: AbortSignal,
): Promise<Selection['qa']> {
  if (qa === null || masking === null) return null
  const placement = await naming(qa.asset, () => placeQa(window, qa.cog, red.cog.crs, signal))
  return { placement, table: qaTable(masking.rules) }
}

function wholeGrid({ crs, levels }: OpenBand['cog']): Grid {
  const { transform, width, height } = levels[0]
  return { crs, transform, shape: [height, width], level: 0 }
}

/** An area outside of the scene is refused with the bounds of the scene. */
function namingBounds<T>({ bbox }: NdviRequest, scene: Bbox, choose: () => T): T {
  const write = (box: readonly number[]) =>
    `[${box.map((value) => Number(value.toFixed(4))).join(', ')}]`
  try {
    return choose()
  } catch (cause) {
    if (!(cause instanceof GreenprintError) || cause.code !== 'outside_scene') throw cause
    const asked = bbox === undefined ? 'geometry' : `bbox ${write(bbox)}`
    throw new GreenprintError(
      'outside_scene',
      `The ${asked} does not touch the scene, which covers ${write(scene)} (west, south, east, north).`,
      { cause },
    )
  }
}
