// Scenes side by side on the ground: which of them lie on one grid, and the window of each that an area needs.

import { geoKeysNaming, geoKeysOf } from '../cog/geokeys.ts'
import type { GeoTags } from '../cog/tiff.ts'
import { GreenprintError } from '../errors.ts'
import type { Crs } from '../geo/crs/crs.ts'
import { boundsInDegrees, footprintOf } from '../geo/footprint.ts'
import { type ProjectedArea, projectArea } from '../geo/projected-area.ts'
import { distanceBetween } from '../geo/same-place.ts'
import { type Bbox, type Grid, gridBounds, type Transform } from '../model/grid.ts'
import type { AreaGeometry } from '../model/request.ts'
import type { Joined, Layer } from '../pixels/stack.ts'
import { chooseWindow } from '../pixels/window.ts'
import type { PlannedGrid } from '../pixels/zone-plan.ts'
import { checkPlace, openCrs } from './open-crs.ts'
import type { OpenScene } from './open-scenes.ts'
import { placeMask, wholeGrid } from './select-window.ts'

/** A scene whose place on Earth is known. */
export interface PlacedScene {
  readonly scene: OpenScene
  readonly crs: Crs
  readonly geoKeys: Pick<GeoTags, 'keys' | 'raw'>
  /** At full resolution. */
  readonly whole: Grid
  readonly warnings: readonly string[]
}

/** @throws {GreenprintError} `raster_unusable`, `grids_differ`, `mask_unavailable` */
export async function placeScene(scene: OpenScene): Promise<PlacedScene> {
  const { bands } = scene
  const { crs, isGiven, warnings } = await openCrs(bands)
  const whole = wholeGrid(bands.red.cog, crs)
  const misplaced = checkPlace(scene.content.scene, footprintOf(whole, crs.projection))
  return {
    scene,
    crs,
    geoKeys:
      crs.isCommon && !isGiven
        ? { keys: bands.red.cog.geoKeys, raw: bands.red.cog.rawGeoKeys }
        : (geoKeysOf(crs) ?? geoKeysNaming(crs)),
    whole,
    warnings: [...warnings, ...(misplaced === null ? [] : [misplaced])],
  }
}

/** A corner may lie this far from a pixel's, in pixels, and still be on it. */
const SNAP = 1e-3

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
  const [a, , c, , e, f] = base.whole.transform
  const [a2, , c2, , e2, f2] = other.whole.transform
  const [rows, cols] = other.whole.shape
  if (Math.abs(((a2 - a) / a) * cols) > SNAP || Math.abs(((e2 - e) / e) * rows) > SNAP) return null
  const [row, col] = [(f2 - f) / e, (c2 - c) / a]
  const isWhole = [row, col].every((away) => Math.abs(away - Math.round(away)) <= SNAP)
  return isWhole ? { row: Math.round(row), col: Math.round(col) } : null
}

export interface SharedGrid {
  /** Of the first scene on it; the others' are the same, shifted by whole pixels. */
  readonly base: PlacedScene
  readonly members: readonly {
    readonly placed: PlacedScene
    readonly row: number
    readonly col: number
  }[]
}

/** Scenes by the grid that they lie on, in the order of the first of each. */
export function groupByGrid(placed: readonly PlacedScene[]): SharedGrid[] {
  const groups: {
    base: PlacedScene
    members: { placed: PlacedScene; row: number; col: number }[]
  }[] = []
  for (const each of placed) {
    const offsets = groups.map((group) => ({ group, offset: offsetOn(group.base, each) }))
    const home = offsets.find(({ offset }) => offset !== null)
    if (home === undefined) groups.push({ base: each, members: [{ placed: each, row: 0, col: 0 }] })
    else home.group.members.push({ placed: each, ...home.offset! })
  }
  return groups
}

/** Windows of several scenes on one grid. */
export interface Stack extends PlannedGrid {
  readonly grid: Grid
  /** By observation, in their order. */
  readonly stack: readonly Joined[]
  /** Of the scenes that have a window. */
  readonly members: readonly PlacedScene[]
  readonly warnings: readonly string[]
}

/** Areas in the CRS of a grid; null for one that lies far from all of its scenes. */
export function projectOnto(
  { base: { crs }, members }: SharedGrid,
  areas: readonly AreaGeometry[],
): (ProjectedArea | null)[] {
  const wholes = members.map(({ placed }) => gridBounds(placed.whole))
  const [a, , , , e] = members[0]?.placed.whole.transform ?? [1, 0, 0, 0, -1, 0]
  const [left, bottom, right, top] = unionOfBounds(wholes) ?? [0, 0, 0, 0]
  const shape = [Math.round((bottom - top) / e), Math.round((right - left) / a)] as const
  const grid: Grid = { crs: crs.code, transform: [a, 0, left, 0, e, top], shape, level: 0 }
  const ground = boundsInDegrees(grid, crs.projection)
  return areas.map((area) => {
    try {
      return projectArea(area, ground, crs.projection)
    } catch (error) {
      if (error instanceof GreenprintError && error.code === 'outside_scene') return null
      throw error
    }
  })
}

/**
 * The part of each scene of a grid that lies in a box around areas.
 *
 * @param areas in the CRS of the grid; null for all of every scene
 * @returns null where no scene has any
 * @throws {GreenprintError} `mask_unavailable`, `too_large` for more tiles than are read
 */
export async function stackScenes(
  { base, members }: SharedGrid,
  areas: readonly (ProjectedArea | null)[] | null,
  signal: AbortSignal,
): Promise<Stack | null> {
  const placed = []
  const bounds = areas === null ? null : unionOfBounds(areas.map((area) => area?.bounds ?? null))
  if (areas !== null && bounds === null) return null
  for (const member of members) {
    const window = windowOf(member.placed, bounds)
    if (window === null) continue
    const { bands, content } = member.placed.scene
    const qa = await placeMask(bands, content.rules.masking, window, signal)
    placed.push({ ...member, window, qa })
  }
  const [first] = placed
  if (first === undefined) return null
  const top = Math.min(...placed.map(({ row, window }) => row + window.row))
  const left = Math.min(...placed.map(({ col, window }) => col + window.col))
  const bottom = Math.max(...placed.map(({ row, window }) => row + window.row + window.rows))
  const right = Math.max(...placed.map(({ col, window }) => col + window.col + window.cols))
  const layers = placed.map(({ placed: own, row, col, window, qa }) => {
    const layer: Layer = {
      window,
      rules: own.scene.applied.pixels,
      selection: { polygon: null, qa },
      row: row + window.row - top,
      col: col + window.col - left,
    }
    return { layer, observation: own.scene.observation }
  })
  const observations = [...new Set(layers.map(({ observation }) => observation))].toSorted(
    (a, b) => a - b,
  )
  const [a, , c, , e, f] = base.whole.transform
  const transform: Transform = [a, 0, c + left * a, 0, e, f + top * e]
  const { tileHeight, tileWidth } = first.window.red
  return {
    grid: { crs: base.crs.code, transform, shape: [bottom - top, right - left], level: 0 },
    shape: [bottom - top, right - left],
    tile: { rows: tileHeight, cols: tileWidth, row: first.row - top, col: first.col - left },
    stack: observations.map((number) =>
      layers.filter(({ observation }) => observation === number).map(({ layer }) => layer),
    ),
    members: placed.map((each) => each.placed),
    warnings: placed.flatMap(({ qa }) => qa?.placement.warnings ?? []),
  }
}

function windowOf({ scene: { bands } }: PlacedScene, bounds: Bbox | null) {
  try {
    return chooseWindow(bands.red.cog, bands.nir.cog, bounds, 'full', Infinity)
  } catch (error) {
    if (error instanceof GreenprintError && error.code === 'outside_scene') return null
    throw error
  }
}

function unionOfBounds(boxes: readonly (Bbox | null)[]): Bbox | null {
  let union: Bbox | null = null
  for (const box of boxes) {
    if (box === null) continue
    union =
      union === null
        ? box
        : [
            Math.min(union[0], box[0]),
            Math.min(union[1], box[1]),
            Math.max(union[2], box[2]),
            Math.max(union[3], box[3]),
          ]
  }
  return union
}
