// Of several grids on which the scenes of a composite lie, the one on which most of the area was observed.

import { nextTurn, turnIsOver } from '../async/turns.ts'
import { polygonsOf } from '../geo/area.ts'
import { coarseOutline, groundOf, shareCovered } from '../geo/coverage.ts'
import { pixelOnGround } from '../geo/ground-distance.ts'
import type { PolygonSet } from '../geo/polygon-set.ts'
import type { Grid } from '../model/grid.ts'
import type { AreaGeometry } from '../model/request.ts'
import type { ChosenWindows, PlacedScene, SharedGrid } from './place-scenes.ts'

/** The scenes of a grid that have pixels of the area, and which those are. */
interface OnGrid {
  readonly used: SharedGrid
  readonly windows: ChosenWindows
}

/**
 * By all scenes of a grid together, and on the ground, for one CRS counts in metres and another in degrees. Of grids on
 * which as much was observed, that whose windows are larger; the first of those that are alike.
 *
 * @param area null where all of every scene was asked for
 * @returns null of none
 */
export async function mostObserved<T extends OnGrid>(
  grids: readonly T[],
  area: AreaGeometry | null,
  signal: AbortSignal,
): Promise<T | null> {
  if (grids.length < 2) return grids[0] ?? null
  const groundSeen = area === null ? squareMetres : sharesOf(coarseOutline(polygonsOf(area)))
  let best: { readonly grid: T; readonly seen: readonly [number, number] } | null = null
  for (const grid of grids) {
    let ground = 0
    for (const scene of grid.used) {
      if (turnIsOver()) await nextTurn(signal)
      ground += groundSeen(scene)
    }
    const seen = [ground, sizeOf(grid.windows)] as const
    if (best === null || isMore(seen, best.seen)) best = { grid, seen }
  }
  return best?.grid ?? null
}

/** By the first number that differs by more than the noise of a sum. */
function isMore(one: readonly [number, number], other: readonly [number, number]): boolean {
  const at = one.findIndex((value, place) => Math.abs(value - other[place]!) > 1e-9 * value)
  return at >= 0 && one[at]! > other[at]!
}

/** In squares of the CRS's unit. */
function sizeOf({ grid: { transform }, windows }: ChosenWindows): number {
  const [a, , , , e] = transform
  return windows.reduce((sum, { window }) => sum + pixelsOf(window.grid) * Math.abs(a * e), 0)
}

function pixelsOf({ shape: [rows, cols] }: Grid): number {
  return rows * cols
}

function squareMetres({ whole, crs }: PlacedScene): number {
  return pixelsOf(whole) * pixelOnGround(whole, crs.projection) ** 2
}

/** How much of an area lies on a scene; many scenes lie on the same ground. */
function sharesOf(area: PolygonSet): (scene: PlacedScene) => number {
  const known = new Map<string, number>()
  return ({ covered: { bbox, geometry } }) => {
    const key = bbox.join()
    const ground = known.has(key) ? null : groundOf(geometry)
    if (ground !== null) known.set(key, shareCovered(area, ground))
    return known.get(key) ?? 0
  }
}
