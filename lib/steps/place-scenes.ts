// Scenes side by side on the ground: which of them lie on one grid, and the window of each that an area needs.

import { boxAround } from '../geo/bbox.ts'
import type { Crs } from '../geo/crs/crs.ts'
import { boundsInDegrees, type Footprint, footprintOf } from '../geo/footprint.ts'
import { type ProjectedArea, projecting } from '../geo/projected-area.ts'
import { distanceBetween } from '../geo/same-place.ts'
import { type Grid, gridBounds } from '../model/grid.ts'
import type { AreaGeometry } from '../model/request.ts'
import type { Joined, Layer } from '../pixels/stack.ts'
import { chooseStackWindow, type StackWindow, shiftOf } from '../pixels/stack-window.ts'
import { checkOneGrid } from '../pixels/window.ts'
import type { PlannedGrid } from '../pixels/zone-plan.ts'
import { checkPlace, datumWarnings, openCrs } from './open-crs.ts'
import type { OpenScene } from './open-scenes.ts'
import { placeMask } from './select-window.ts'
import { wholeGrid } from './whole-grid.ts'
import { type WordsOfCrs, wordsOfCrs } from './words-of-crs.ts'

/** A scene whose place on Earth is known. */
export interface PlacedScene {
  readonly scene: OpenScene
  readonly crs: Crs
  /** What says it in a GeoTIFF. */
  readonly words: WordsOfCrs
  /** At full resolution. */
  readonly whole: Grid
  /** The ground of it. */
  readonly covered: Footprint
  /** Where the item's own place cannot be right; among the warnings. */
  readonly placeWarning: string | null
  readonly warnings: readonly string[]
}

/** @throws {GreenprintError} `raster_unusable`, `grids_differ`, `mask_unavailable` */
export async function placeScene(scene: OpenScene): Promise<PlacedScene> {
  const { bands } = scene
  checkOneGrid(bands.red.cog, bands.nir.cog)
  const opened = await openCrs(bands)
  const { crs, warnings } = opened
  const whole = wholeGrid(bands.red.cog, crs)
  const covered = footprintOf(whole, crs.projection)
  const placeWarning = checkPlace(scene.content.scene, covered)
  return {
    scene,
    crs,
    words: await wordsOfCrs(bands.red, opened, whole),
    whole,
    covered,
    placeWarning,
    warnings: [...warnings, ...datumWarnings(crs, covered)],
  }
}

/** How far a scene's first pixel lies from that of another on the same grid; null where the grids differ. */
export function offsetOn(
  base: PlacedScene,
  other: PlacedScene,
): { row: number; col: number } | null {
  const isSameCrs =
    base.crs.code !== null && base.crs.code === other.crs.code
      ? true
      : distanceBetween(base.crs.projection, other.crs.projection, base.whole) === 0
  if (!isSameCrs) return null
  const [height, width] = other.whole.shape
  return shiftOf(base.whole, { ...other.whole, width, height })
}

/** Scenes on one grid, shifted by whole pixels; its CRS is told in the words of the first. */
export type SharedGrid = readonly [PlacedScene, ...PlacedScene[]]

/**
 * Scenes by the grid that they lie on, in the order of the first of each. One from 0 to 360 degrees and one from -180
 * to 180 are on two: on one, the same ground would be two pixels.
 */
export function groupByGrid(placed: readonly PlacedScene[]): SharedGrid[] {
  const groups: [PlacedScene, ...PlacedScene[]][] = []
  for (const each of placed) {
    const home = groups.find((group) => offsetOn(group[0], each) !== null && isOneTurn(group, each))
    if (home === undefined) groups.push([each])
    else home.push(each)
  }
  return groups
}

/** Whether a grid stays within one turn of the globe with one scene more. */
function isOneTurn(shared: SharedGrid, more: PlacedScene): boolean {
  const [{ crs }] = shared
  if (crs.degrees === null) return true
  const [left, , right] = boxAround([...shared, more].map(({ whole }) => gridBounds(whole)))!
  const [a] = more.whole.transform
  return (right - left - Math.abs(a)) * crs.degrees <= 360
}

/** Windows of several scenes on one grid. */
export interface Stack extends PlannedGrid, Pick<StackWindow<unknown>, 'grid' | 'read' | 'sizes'> {
  /** By observation, in their order. */
  readonly stack: readonly Joined[]
  /** Of each entry of the stack, the number of its observation. */
  readonly observations: readonly number[]
  /** The scenes that have a window, and the window of each. */
  readonly members: readonly PlacedScene[]
  readonly layers: readonly Layer[]
  readonly warnings: readonly string[]
}

/** Areas in the CRS of a grid; null for one that lies far from all of its scenes. */
export function projectOnto(
  shared: SharedGrid,
  areas: readonly AreaGeometry[],
): (ProjectedArea | null)[] {
  const [{ crs, whole }] = shared
  const wholes = shared.map((placed) => gridBounds(placed.whole))
  const [a, , , , e] = whole.transform
  const [left, bottom, right, top] = boxAround(wholes) ?? [0, 0, 0, 0]
  const shape = [Math.round((bottom - top) / e), Math.round((right - left) / a)] as const
  const grid: Grid = { crs: crs.code, transform: [a, 0, left, 0, e, top], shape, level: 0 }
  const ground = boundsInDegrees(grid, crs.projection)
  return areas.map(projecting(ground, crs.projection))
}

/** Of each scene of a grid the part that an area needs. */
export type ChosenWindows = StackWindow<{ readonly placed: PlacedScene }>

/**
 * The part of each scene of a grid that lies in a box around areas; no pixel is read for it.
 *
 * @param areas in the CRS of the grid; null for all of every scene
 * @param maxSize most pixels on the longest side
 * @returns null where no scene has any
 * @throws {GreenprintError} `too_large` for more tiles than are read
 */
export function chooseWindows(
  shared: SharedGrid,
  areas: readonly (Pick<ProjectedArea, 'bounds'> | null)[] | null,
  maxSize: number | 'full',
): ChosenWindows | null {
  const bounds =
    areas === null ? null : boxAround(areas.flatMap((area) => (area === null ? [] : [area.bounds])))
  if (areas !== null && bounds === null) return null
  const scenes = shared.map((placed) => {
    const { red, nir } = placed.scene.bands
    return { placed, red: red.cog, nir: nir.cog }
  })
  const chosen = chooseStackWindow(scenes, bounds, maxSize, shared[0].crs.code)
  return chosen === null || chosen.windows.length === 0 ? null : chosen
}

/**
 * Windows with what masks their pixels.
 *
 * @throws {GreenprintError} `mask_unavailable`, `raster_unusable`
 */
export async function stackWindows(chosen: ChosenWindows, signal: AbortSignal): Promise<Stack> {
  const layers: { layer: Layer; observation: number; warnings: readonly string[] }[] = []
  for (const { scene, window, row, col } of chosen.windows) {
    const { bands, content, applied, observation } = scene.placed.scene
    const qa = await placeMask(bands, content.rules.masking, window, signal)
    const layer: Layer = {
      window,
      rules: applied.pixels,
      selection: { polygon: null, qa },
      row,
      col,
    }
    layers.push({ layer, observation, warnings: qa?.placement.warnings ?? [] })
  }
  const observations = [...new Set(layers.map(({ observation }) => observation))].toSorted(
    (a, b) => a - b,
  )
  const { grid, tile, read, sizes, warnings } = chosen
  return {
    grid,
    read,
    sizes,
    shape: grid.shape,
    tile,
    stack: observations.map((number) =>
      layers.filter(({ observation }) => observation === number).map(({ layer }) => layer),
    ),
    observations,
    members: chosen.windows.map(({ scene }) => scene.placed),
    layers: layers.map(({ layer }) => layer),
    warnings: [...warnings, ...layers.flatMap((layer) => layer.warnings)],
  }
}
