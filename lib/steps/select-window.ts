// From the asked area, in degrees, to a window of the bands' own pixels and back to the ground.

import { once } from '../async/once.ts'
import type { GeoTags } from '../cog/tiff.ts'
import { GreenprintError } from '../errors.ts'
import type { Crs } from '../geo/crs/crs.ts'
import { boundsInDegrees, type Footprint, footprintOf } from '../geo/footprint.ts'
import { onGrid, type ProjectedArea, projectArea } from '../geo/projected-area.ts'
import type { Projection } from '../geo/projection.ts'
import type { Bbox, Grid } from '../model/grid.ts'
import type { NdviRequest } from '../model/request.ts'
import type { Scene } from '../model/scene.ts'
import { qaTable } from '../pixels/qa.ts'
import { placeQa } from '../pixels/qa-placement.ts'
import type { Selection } from '../pixels/selection.ts'
import { chooseWindow, type Window } from '../pixels/window.ts'
import { type MaskChoice, withNodata } from '../products/mask-rules.ts'
import { type AskedArea, areaWarnings, askedArea } from './asked-area.ts'
import { boxInCrs } from './box-in-crs.ts'
import { naming } from './open-bands.ts'
import { checkPlace, datumWarnings, type LocatedBand, openCrs } from './open-crs.ts'
import { type PictureGrids, pictureGrids, pictureWarnings } from './picture-grids.ts'
import { wholeGrid } from './whole-grid.ts'
import { wordsOfCrs, wordsWarnings } from './words-of-crs.ts'

/** Opened, whether or not more than their headers can be read. */
export interface LocatedBands {
  readonly red: LocatedBand
  readonly nir: LocatedBand
  /** null where none is read. */
  readonly qa: LocatedBand | null
}

export interface SelectedWindow {
  readonly window: Window
  /** Which pixels of the window count. */
  readonly selection: Selection
  /** Of the whole window, fill and all. */
  readonly footprint: Footprint
  readonly crs: Crs
  /** What says it in a GeoTIFF. */
  readonly geoKeys: Pick<GeoTags, 'keys' | 'raw'>
  readonly pictures: PictureGrids
  readonly area: AskedArea
  /** The ground of the whole raster. */
  readonly covered: Footprint
  /** Where the item's own place cannot be right. */
  readonly placeWarning: string | null
  readonly warnings: readonly string[]
}

/**
 * @param masking the rules of the quality band; null where none is read
 * @throws {GreenprintError} `outside_scene` with the scene's bounds, `invalid_request` for a box at both ends of it,
 *   `grids_differ`, `too_large`, `mask_unavailable`, `raster_unusable` when the bands name no CRS that is known
 */
export async function selectWindow(
  bands: LocatedBands,
  scene: Pick<Scene, 'bbox' | 'geometry'>,
  request: NdviRequest,
  masking: MaskChoice | null,
  maxPixels: number,
  signal: AbortSignal,
): Promise<SelectedWindow> {
  const { red, nir } = bands
  const opened = await openCrs(bands)
  const { crs, warnings: crsWarnings } = opened
  const { projection } = crs
  const whole = wholeGrid(red.cog, crs)
  const covered = footprintOf(whole, projection)
  const placeWarning = checkPlace(scene, covered)
  const { within, window } = namingBounds(request, covered.bbox, () => {
    const asked = areaInCrs(request, whole, projection)
    const bounds = asked?.bounds ?? null
    const chosen = chooseWindow(red.cog, nir.cog, bounds, request.max_size, maxPixels)
    return { within: asked, window: { ...chosen, grid: { ...chosen.grid, crs: crs.code } } }
  })
  const qa = await placeMask(bands, masking, window, signal)
  const footprint = footprintOf(window.grid, projection)
  const pictures = pictureGrids({ grid: window.grid, crs, footprint }, request)
  const ofDatum = datumWarnings(crs, footprint)
  const selection: Selection = {
    polygon: within?.rings === undefined ? null : onGrid(within.rings, window.grid),
    qa,
  }
  // Told alone: the pixels need not wait for it.
  const area = once(() => askedArea(request, covered))
  const words = await wordsOfCrs(red, opened, whole)
  return {
    window,
    selection,
    footprint,
    geoKeys: words.geoKeys,
    crs,
    pictures,
    get area() {
      return area()
    },
    covered,
    placeWarning,
    get warnings() {
      return [
        ...crsWarnings,
        ...ofDatum,
        ...wordsWarnings(words, request),
        ...window.warnings,
        ...pictureWarnings(pictures, window.grid, [window]),
        ...areaWarnings(area()),
        ...(qa?.placement.warnings ?? []),
      ]
    },
  }
}

interface Area {
  /** In the CRS of the bands. */
  readonly bounds: Bbox
  /** Where a polygon was asked. */
  readonly rings?: ProjectedArea['rings']
}

/**
 * The asked area in the CRS of a scene; null where all of it is asked for.
 *
 * @param whole the pixels of the scene
 * @throws {GreenprintError} `outside_scene`, `invalid_request`
 */
export function areaInCrs(
  { bbox, geometry }: Pick<NdviRequest, 'bbox' | 'geometry'>,
  whole: Grid,
  projection: Projection,
): Area | null {
  if (geometry !== undefined) {
    return projectArea(geometry, boundsInDegrees(whole, projection), projection)
  }
  if (bbox === undefined) return null
  const bounds = boxInCrs(bbox, whole, projection)
  if (bounds !== null) return { bounds }
  throw new GreenprintError('outside_scene', 'The area is far from the scene.')
}

/** The quality band of a window, where one is read. */
export async function placeMask(
  { qa }: Pick<LocatedBands, 'qa'>,
  masking: MaskChoice | null,
  window: Window,
  signal: AbortSignal,
): Promise<Selection['qa']> {
  if (qa === null || masking === null) return null
  const placement = await naming(qa.asset, () => placeQa(window, qa.cog, signal))
  return { placement, table: qaTable(withNodata(masking, qa.cog.nodata)) }
}

/** An area outside of the scene is refused with the bounds of the scene. */
export function namingBounds<T>(
  { bbox }: Pick<NdviRequest, 'bbox'>,
  scene: Bbox,
  choose: () => T,
): T {
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
