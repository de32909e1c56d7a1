// Which pixels of which level answer a request: one grid for both bands.

import type { Cog, Level } from '../cog/cog.ts'
import { GreenprintError } from '../errors.ts'
import { boundsOfPoints } from '../geo/bounds.ts'
import type { Bbox, Grid, Transform } from '../model/grid.ts'
import { type Axis, axisOf } from './axis.ts'

/** A rectangle of one level, and the grid it becomes when every `step`th pixel is taken. */
export interface Window {
  readonly red: Level
  readonly nir: Level
  readonly row: number
  readonly col: number
  readonly rows: number
  readonly cols: number
  readonly step: number
  /** The rows and columns of the level that the grid's rows and columns are. */
  readonly rowsAt: Axis
  readonly colsAt: Axis
  readonly grid: Grid
  /** What the area measures on each common level, the finest first. */
  readonly sizes: readonly Pick<PixelPlace, 'rows' | 'cols'>[]
  readonly warnings: readonly string[]
}

/** A corner may lie this far over a pixel's edge, in pixels, and still count as on it. */
const SNAP = 1e-3

/**
 * The CRS is compared before (steps/open-crs).
 *
 * @throws {GreenprintError} `grids_differ` unless size, origin and pixel size agree within 1e-3 px over the width
 */
export function checkOneGrid(red: Cog, nir: Cog): void {
  const [one, other] = [red.levels[0], nir.levels[0]]
  if (one.width !== other.width || one.height !== other.height) {
    throw gridsDiffer(
      `they measure ${one.width} x ${one.height} and ${other.width} x ${other.height} px`,
    )
  }
  const [a, , c, , e, f] = one.transform
  const [a2, , c2, , e2, f2] = other.transform
  const drift = [
    (c2 - c) / a,
    (f2 - f) / e,
    ((a2 - a) * one.width) / a,
    ((e2 - e) * one.height) / e,
  ]
  if (drift.some((pixels) => Math.abs(pixels) > SNAP))
    throw gridsDiffer('their origins or pixel sizes do not agree')
}

function gridsDiffer(what: string): GreenprintError {
  const advice = 'Choose assets of one resolution.'
  return new GreenprintError('grids_differ', `Red and NIR are not on one grid: ${what}. ${advice}`)
}

/**
 * The finest common level on which the area has at most `maxSize` pixels on its longest side;
 * where there is none, the coarsest, decimated.
 *
 * @param area bounds in the CRS of the bands, or null for the whole scene
 * @throws {GreenprintError} `grids_differ` as `checkOneGrid`; `outside_scene` when the area misses the scene;
 *   `too_large` above `maxPixels`
 */
export function chooseWindow(
  red: Cog,
  nir: Cog,
  area: Bbox | null,
  maxSize: number | 'full',
  maxPixels: number,
): Window {
  checkOneGrid(red, nir)
  const limit = maxSize === 'full' ? Number.POSITIVE_INFINITY : maxSize
  const levels = commonLevels(red, nir)
  if (area !== null && !touchesLevel(red.levels[0], area)) {
    throw new GreenprintError('outside_scene', 'The area lies outside the scene.')
  }
  const fits = levels
    .map((pair) => ({ ...pair, ...snap(pair.red, area) }))
    .map((candidate) => ({
      ...candidate,
      step: Math.ceil(Math.max(candidate.rows, candidate.cols) / limit) || 1,
    }))
  const chosen = fits.find(({ step }) => step === 1) ?? fits.at(-1)
  if (chosen === undefined) throw new RangeError('a COG has at least one level')
  const { step, rows, cols, level } = chosen
  if (rows * cols > maxPixels) throw tooLarge(rows, cols, maxPixels)
  requireFewTiles(chosen)
  return {
    ...chosen,
    rowsAt: axisOf(chosen.row, rows, step),
    colsAt: axisOf(chosen.col, cols, step),
    grid: gridOf(chosen, red.crs),
    sizes: fits.map((fit) => ({ rows: fit.rows, cols: fit.cols })),
    warnings: levelWarnings(level, step),
  }
}

/** Rows and columns of a level. */
export interface PixelPlace {
  readonly row: number
  readonly col: number
  readonly rows: number
  readonly cols: number
}

/** The smallest that holds all of them. */
export function placeAround(places: readonly PixelPlace[]): PixelPlace {
  const corners = places.flatMap(({ row, col, rows, cols }) => [
    [col, row],
    [col + cols, row + rows],
  ])
  const [col, row, endCol, endRow] = boundsOfPoints(corners)
  return { row, col, rows: endRow - row, cols: endCol - col }
}

/** One resolution of both bands. */
export interface LevelPair {
  /** Number of red's level; 0 is full resolution. */
  readonly level: number
  readonly red: Level
  readonly nir: Level
}

/** The resolutions that both bands have, the finest first. */
export function commonLevels(red: Cog, nir: Cog): LevelPair[] {
  return red.levels.flatMap((level, index) => {
    const twin = nir.levels.find(
      ({ width, height }) => width === level.width && height === level.height,
    )
    return twin === undefined ? [] : [{ level: index, red: level, nir: twin }]
  })
}

/** An area in columns and rows of a level. */
function inPixels({ transform: [a, , c, , e, f] }: Level, [left, bottom, right, top]: Bbox) {
  return {
    cols: [(left - c) / a, (right - c) / a],
    rows: [(top - f) / e, (bottom - f) / e],
  } as const
}

/** Asked of the full resolution alone: a hair inside it may be on the edge of an overview's pixel. */
export function touchesLevel(level: Level, area: Bbox): boolean {
  const { cols, rows } = inPixels(level, area)
  const meets = ([from, to]: readonly [number, number], size: number) =>
    Math.floor(from + SNAP) < size &&
    Math.max(Math.ceil(to - SNAP), Math.floor(from + SNAP) + 1) > 0
  return meets(cols, level.width) && meets(rows, level.height)
}

/** Whether two areas leave a column of pixels out that lies between them. */
export function isPixelBetween(
  { transform: [a, , c] }: Pick<Grid, 'transform'>,
  one: Bbox,
  other: Bbox,
): boolean {
  const [from, to] = [(Math.min(one[2], other[2]) - c) / a, (Math.max(one[0], other[0]) - c) / a]
  return Math.ceil(from - SNAP) < Math.floor(to + SNAP)
}

/** What of a level an area needs: at least one pixel, and none outside. */
export function snap(level: Level, area: Bbox | null): PixelPlace {
  if (area === null) return { row: 0, col: 0, rows: level.height, cols: level.width }
  const { cols, rows } = inPixels(level, area)
  const [col, colEnd] = snapSide(cols, level.width)
  const [row, rowEnd] = snapSide(rows, level.height)
  return { row, col, rows: rowEnd - row, cols: colEnd - col }
}

/** At least one pixel, and none outside. */
function snapSide([from, to]: readonly [number, number], size: number): [number, number] {
  const first = Math.min(Math.max(0, Math.floor(from + SNAP)), size - 1)
  return [first, Math.max(Math.min(size, Math.ceil(to - SNAP)), first + 1)]
}

function gridOf(
  {
    red,
    row,
    col,
    rows,
    cols,
    step,
    level,
  }: PixelPlace & { red: Level; step: number; level: number },
  crs: string | null,
): Grid {
  const [a, , c, , e, f] = red.transform
  const transform: Transform = [a * step, 0, c + col * a, 0, e * step, f + row * e]
  return { crs, transform, shape: [Math.ceil(rows / step), Math.ceil(cols / step)], level }
}

/** What is to be said of numbers that are not of the full resolution. */
export function levelWarnings(level: number, step: number): string[] {
  const warnings: string[] = []
  if (level > 0) warnings.push(`overview level ${level}: statistics are of resampled reflectance`)
  if (step > 1) {
    warnings.push(
      `no overview is small enough: one pixel in ${step} of level ${level} was taken, along rows and columns`,
    )
  }
  return warnings
}

/** Of 100,000,000 pixels in tiles of 256 x 256 there are 1,526; each costs a lookup, a read and a call. */
const MAX_TILES = 200_000

/** @throws {GreenprintError} `too_large` for more tiles than are read */
export function requireFewTiles(place: PixelPlace & { red: Level; nir: Level }): void {
  for (const level of [place.red, place.nir]) {
    const along = (from: number, size: number, tile: number) =>
      Math.floor((from + size - 1) / tile) - Math.floor(from / tile) + 1
    const tiles =
      along(place.row, place.rows, level.tileHeight) * along(place.col, place.cols, level.tileWidth)
    if (tiles <= MAX_TILES) continue
    throw new GreenprintError(
      'too_large',
      `The area lies on ${tiles} tiles of ${level.tileWidth} x ${level.tileHeight} px; at most ${MAX_TILES} are read. Ask for a smaller area, or tile the file (gdal_translate -of COG).`,
    )
  }
}

function tooLarge(rows: number, cols: number, maxPixels: number): GreenprintError {
  return new GreenprintError(
    'too_large',
    `The area has ${rows} x ${cols} = ${rows * cols} px; this deployment reads at most ${maxPixels}. Ask for a smaller max_size or a smaller area.`,
  )
}
