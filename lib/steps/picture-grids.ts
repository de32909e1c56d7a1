// On which pixels the pictures of a result are drawn, where these are not those of its grid.

import { GreenprintError } from '../errors.ts'
import type { Crs } from '../geo/crs/crs.ts'
import { boundsInDegrees, type Footprint } from '../geo/footprint.ts'
import { mapGrid } from '../geo/map-grid.ts'
import { type PixelBox, type WarpPlaces, warpPlaces } from '../geo/warp-places.ts'
import { WEB_MERCATOR, webMercator } from '../geo/web-mercator.ts'
import { type Grid, gridBounds } from '../model/grid.ts'
import type { NdviRequest } from '../model/request.ts'
import type { LayerPlace } from '../model/result.ts'
import { Regrid, type RegridPlan } from '../pixels/regrid.ts'
import type { Window } from '../pixels/window.ts'
import { placer } from './place-on-map.ts'

/** A picture with a grid of its own. */
export interface PictureGrid extends RegridPlan {
  readonly grid: Grid
}

/** null = drawn on the grid of the result, pixel for pixel. */
export interface PictureGrids {
  readonly layer: PictureGrid | null
  readonly figure: PictureGrid | null
}

/** What is drawn, and in which place on Earth. */
export interface Pictured {
  readonly grid: Grid
  readonly crs: Pick<Crs, 'projection'>
  readonly footprint: Footprint
}

export type AskedPictures = Pick<
  NdviRequest,
  'outputs' | 'layer_crs' | 'width' | 'height' | 'resampling' | 'max_size'
>

/** Pixels of a picture, a byte each while it is drawn. */
const MOST_PIXELS = 128 * 1024 * 1024
/** Rows of values that are held for one picture: of more, each of its pixels would be made of thousands. */
const MOST_HELD = 192 * 1024 * 1024

/**
 * @throws {GreenprintError} `too_large` for a picture that cannot be held; `invalid_request` where a map of EPSG:3857
 *   does not go
 */
export function pictureGrids(pictured: Pictured, asked: AskedPictures): PictureGrids {
  const { outputs } = asked
  const layer = outputs.includes('layer') ? layerGrid(pictured, asked) : null
  const figure = outputs.includes('figure') ? sizedGrid(pictured.grid, asked) : null
  for (const plan of [layer, figure]) if (plan !== null) limit(plan)
  return { layer, figure }
}

/** Where a layer lies that has a grid of its own, for replies. */
export function layerPlace({ layer }: PictureGrids): { readonly layer?: LayerPlace } {
  return layer === null ? {} : { layer: placeOf(layer.grid) }
}

function placeOf(grid: Grid): LayerPlace {
  const { crs, transform, shape } = grid
  const bounds = gridBounds(grid)
  const place = { crs, transform, shape, bounds }
  if (crs !== WEB_MERCATOR) return place
  const [left, bottom, right, top] = bounds
  const [[west, south], [east, north]] = [
    webMercator.inverse(left, bottom),
    webMercator.inverse(right, top),
  ]
  return { ...place, bbox: [degrees(west), degrees(south), degrees(east), degrees(north)] }
}

/** A tenth of a millimetre. */
function degrees(value: number): number {
  return Number(value.toFixed(9))
}

/**
 * What is to be said of pictures with more pixels than there are values.
 *
 * @param windows those that the values are read from
 */
export function pictureWarnings(
  { layer, figure }: PictureGrids,
  { level, shape: [rows, cols] }: Pick<Grid, 'level' | 'shape'>,
  windows: readonly Pick<Window, 'step'>[],
): string[] {
  const isEnlarged = [layer, figure].some(
    (plan) => plan !== null && plan.to[0] * plan.to[1] > 2 * rows * cols,
  )
  const isReduced = level > 0 || windows.some(({ step }) => step > 1)
  if (!isEnlarged || !isReduced) return []
  return [
    `the picture is enlarged from ${cols} x ${rows} px: with a larger max_size it shows more of the scene`,
  ]
}

function layerGrid(pictured: Pictured, asked: AskedPictures): PictureGrid | null {
  const { grid, crs, footprint } = pictured
  if (asked.layer_crs === undefined) return sizedGrid(grid, asked)
  const own = mapGrid(grid, footprint.bbox)
  if (own === null) {
    throw new GreenprintError(
      'invalid_request',
      `layer_crs: the map of ${asked.layer_crs} ends at 85.051129 degrees, and the area lies beyond: ask for the layer without layer_crs.`,
    )
  }
  const map = sized(own, asked)
  const [west, , east] = boundsInDegrees(grid, crs.projection)
  const ownLongitude = (west + east) / 2
  const place = placer({ grid, projection: crs.projection, ownLongitude }, map)
  return planOf(grid, map, asked, (box) => warpPlaces(box, place))
}

/** The grid itself in as many pixels as are asked for; null where nothing is asked. */
function sizedGrid(grid: Grid, asked: AskedPictures): PictureGrid | null {
  if (asked.width === undefined && asked.height === undefined) return null
  const map = sized(grid, asked)
  const [down, across] = [grid.shape[0] / map.shape[0], grid.shape[1] / map.shape[1]]
  return planOf(grid, map, asked, (box) => scaledPlaces(box, across, down))
}

function planOf(
  { shape: from }: Grid,
  grid: Grid,
  { resampling = 'nearest' }: AskedPictures,
  places: RegridPlan['places'],
): PictureGrid {
  return { grid, from, to: grid.shape, places, resampling }
}

function scaledPlaces(
  { col, row, cols, rows }: PixelBox,
  across: number,
  down: number,
): WarpPlaces {
  const size = cols * rows
  const places = { cols: new Float64Array(size), rows: new Float64Array(size) }
  for (let at = 0; at < size; at++) {
    places.cols[at] = (col + (at % cols) + 0.5) * across
    places.rows[at] = (row + Math.floor(at / cols) + 0.5) * down
  }
  return places
}

/** The same ground in other pixels: of one side alone, the other follows from the shape of the ground. */
function sized(grid: Grid, { width, height }: AskedPictures): Grid {
  if (width === undefined && height === undefined) return grid
  const [rows, cols] = grid.shape
  const [a, b, c, d, e, f] = grid.transform
  const [across, down] = [Math.abs(a) * cols, Math.abs(e) * rows]
  const follow = (length: number) => Math.max(1, Math.round(length))
  const toCols = width ?? follow(((height ?? rows) * across) / down)
  const toRows = height ?? follow(((width ?? cols) * down) / across)
  return {
    ...grid,
    transform: [(a * cols) / toCols, b, c, d, (e * rows) / toRows, f],
    shape: [toRows, toCols],
  }
}

function limit(plan: PictureGrid): void {
  const [rows, cols] = plan.to
  if (rows * cols > MOST_PIXELS) {
    throw new GreenprintError(
      'too_large',
      `The picture would have ${cols} x ${rows} px; at most ${MOST_PIXELS} are drawn. Ask for a smaller width or height.`,
    )
  }
  if (Regrid.bytesOf(plan) > MOST_HELD) {
    throw new GreenprintError(
      'too_large',
      `The picture of ${cols} x ${rows} px would be made of ${plan.from[1]} x ${plan.from[0]} px: ask for a smaller max_size, or for nearest pixels.`,
    )
  }
}
