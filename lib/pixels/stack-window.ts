// Which pixels of which level of several scenes answer a request: one grid for all, each scene shifted by whole pixels.

import type { Cog, Level } from '../cog/cog.ts'
import type { Bbox, Grid, Transform } from '../model/grid.ts'
import { type Axis, axisOf } from './axis.ts'
import {
  commonLevels,
  type LevelPair,
  levelWarnings,
  type PixelPlace,
  placeAround,
  requireFewTiles,
  snap,
  touchesLevel,
  type Window,
} from './window.ts'
import type { PlannedGrid } from './zone-plan.ts'

/** A corner may lie this far from a pixel's, in pixels, and still be on it. */
const SNAP = 1e-3

/** How far the first pixel of a level lies from that of another, in whole pixels; null where their grids differ. */
export function shiftOf(
  { transform: [a, , c, , e, f] }: Pick<Level, 'transform'>,
  { transform: [a2, , c2, , e2, f2], width, height }: Pick<Level, 'transform' | 'width' | 'height'>,
): { row: number; col: number } | null {
  if (Math.abs(((a2 - a) / a) * width) > SNAP || Math.abs(((e2 - e) / e) * height) > SNAP)
    return null
  const [row, col] = [(f2 - f) / e, (c2 - c) / a]
  const isWhole = [row, col].every((away) => Math.abs(away - Math.round(away)) <= SNAP)
  return isWhole ? { row: Math.round(row), col: Math.round(col) } : null
}

/** Both bands of a scene, on one grid. */
export interface BandPair {
  readonly red: Cog
  readonly nir: Cog
}

/** A scene's window on the grid of all: its first pixel is this row and column of that grid. */
export interface PlacedWindow<Scene> {
  readonly scene: Scene
  readonly window: Window
  readonly row: number
  readonly col: number
}

export interface StackWindow<Scene> {
  readonly grid: Grid
  /** In their order; scenes that the area does not touch have none. */
  readonly windows: readonly PlacedWindow<Scene>[]
  /** Of the first scene's level, in pixels of the grid: the row and column with which one of its tiles begins. */
  readonly tile: PlannedGrid['tile']
  /** What the area measures on each level that all of its scenes have, the finest first. */
  readonly sizes: Window['sizes']
  /** Pixels of the level that is read, of which every `step`th becomes one of the grid. */
  readonly read: Pick<PixelPlace, 'rows' | 'cols'>
  readonly warnings: readonly string[]
}

/**
 * The finest level that all scenes have on one grid and on which the area has at most `maxSize` pixels on its longest
 * side; where there is none the coarsest, decimated, counted from the area's own first pixel.
 *
 * @param area bounds in the CRS of the scenes, or null for all of every scene
 * @param crs code of their CRS
 * @returns null where no scene touches the area
 * @throws {GreenprintError} `too_large` for more tiles than are read
 */
export function chooseStackWindow<Scene extends BandPair>(
  scenes: readonly Scene[],
  area: Bbox | null,
  maxSize: number | 'full',
  crs: string | null,
): StackWindow<Scene> | null {
  const touching = scenes.filter(({ red }) => area === null || touchesLevel(red.levels[0], area))
  const limit = maxSize === 'full' ? Number.POSITIVE_INFINITY : maxSize
  const fits = sharedLevels(touching).map((shared) => {
    const places = shared.members.map((member) => ({ ...member, ...snap(member.pair.red, area) }))
    const box = placeAround(
      places.map(({ shift, row, col, rows, cols }) => ({
        row: shift.row + row,
        col: shift.col + col,
        rows,
        cols,
      })),
    )
    return { ...shared, places, box, step: Math.ceil(Math.max(box.rows, box.cols) / limit) || 1 }
  })
  const chosen = fits.find(({ step }) => step === 1) ?? fits.at(-1)
  if (chosen === undefined) return null
  const { base, level, places, box, step } = chosen
  const sizes = fits.map((fit) => ({ rows: fit.box.rows, cols: fit.box.cols }))
  const [rowsAt, colsAt] = [axisOf(box.row, box.rows, step), axisOf(box.col, box.cols, step)]
  const [a, , c, , e, f] = base.transform
  const transform: Transform = [a * step, 0, c + box.col * a, 0, e * step, f + box.row * e]
  const shape = [rowsAt.length, colsAt.length] as const
  const windows = places.flatMap(({ scene, pair, shift, ...place }) => {
    const rows = partOf(rowsAt, shift.row + place.row, place.rows, shift.row)
    const cols = partOf(colsAt, shift.col + place.col, place.cols, shift.col)
    if (rows.axis.length === 0 || cols.axis.length === 0) return []
    requireFewTiles({ ...place, ...pair })
    const [x, y] = [transform[2] + cols.first * a * step, transform[5] + rows.first * e * step]
    const own: Grid = {
      crs,
      transform: [a * step, 0, x, 0, e * step, y],
      shape: [rows.axis.length, cols.axis.length],
      level,
    }
    const { red, nir } = pair
    const axes = { rowsAt: rows.axis, colsAt: cols.axis }
    const window: Window = { ...place, ...axes, red, nir, step, grid: own, sizes, warnings: [] }
    return [{ scene, window, row: rows.first, col: cols.first }]
  })
  return {
    grid: { crs, transform, shape, level },
    windows,
    tile: tileOf(windows),
    sizes,
    read: { rows: box.rows, cols: box.cols },
    warnings: levelWarnings(level, step),
  }
}

function tileOf([first]: readonly PlacedWindow<unknown>[]): PlannedGrid['tile'] {
  if (first === undefined) return { rows: 1, cols: 1, row: 0, col: 0 }
  const { red, step, row, col } = first.window
  const ofGrid = (pixels: number) => Math.round(pixels / step)
  return {
    rows: Math.max(1, ofGrid(red.tileHeight)),
    cols: Math.max(1, ofGrid(red.tileWidth)),
    row: first.row - ofGrid(row),
    col: first.col - ofGrid(col),
  }
}

interface SharedLevel<Scene> {
  readonly level: number
  readonly base: Level
  readonly members: readonly {
    readonly scene: Scene
    readonly pair: LevelPair
    /** Row and column of the base level that its first pixel is. */
    readonly shift: { readonly row: number; readonly col: number }
  }[]
}

/** Levels that all scenes have on one grid: overviews of scenes with other origins are often between two pixels. */
function sharedLevels<Scene extends BandPair>(scenes: readonly Scene[]): SharedLevel<Scene>[] {
  const [first] = scenes
  if (first === undefined) return []
  const levels = new Map(scenes.map((scene) => [scene, commonLevels(scene.red, scene.nir)]))
  return (levels.get(first) ?? []).flatMap(({ red: base, level }) => {
    const members = scenes.flatMap((scene) => {
      for (const pair of levels.get(scene) ?? []) {
        const shift = shiftOf(base, pair.red)
        if (shift !== null) return [{ scene, pair, shift }]
      }
      return []
    })
    return members.length === scenes.length ? [{ level, base, members }] : []
  })
}

/** The positions of an axis that lie in a stretch, counted from a scene's own first row (column). */
function partOf(
  axis: Axis,
  from: number,
  size: number,
  shift: number,
): { axis: Axis; first: number } {
  const first = firstAtLeast(axis, from)
  const length = firstAtLeast(axis, from + size) - first
  const slice = (start: number, end: number) =>
    axis.slice(first + start, first + Math.min(end, length)).map((position) => position - shift)
  return { first, axis: { length, slice } }
}

/** The number of an axis's first position that is not less. */
function firstAtLeast(axis: Axis, least: number): number {
  let [low, high] = [0, axis.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const [position = Infinity] = axis.slice(middle, middle + 1)
    if (position >= least) high = middle
    else low = middle + 1
  }
  return low
}
