// Two scenes on one grid: the part that both have of the asked area, and the window of each that it is.

import type { Cog } from '../cog/cog.ts'
import { GreenprintError } from '../errors.ts'
import { footprintOf } from '../geo/footprint.ts'
import { onGrid, type ProjectedArea } from '../geo/projected-area.ts'
import { type Bbox, type Grid, gridBounds } from '../model/grid.ts'
import type { NdviRequest } from '../model/request.ts'
import type { Selection } from '../pixels/selection.ts'
import { shiftOf } from '../pixels/stack-window.ts'
import { chooseWindow, commonLevels, type Window } from '../pixels/window.ts'
import { areaWarnings, askedArea } from './asked-area.ts'
import type { JointPlace } from './joint.ts'
import type { OpenScene } from './open-scenes.ts'
import { type AskedPictures, pictureGrids, pictureWarnings } from './picture-grids.ts'
import { offsetOn, type PlacedScene, placeScene } from './place-scenes.ts'
import { areaInCrs, namingBounds, placeMask } from './select-window.ts'
import { wordsWarnings } from './words-of-crs.ts'

/** A scene with its pixels of the common grid. */
export interface WindowOfPair {
  readonly placed: PlacedScene
  readonly window: Window
  readonly selection: Selection
}

export interface PlacedPair {
  readonly place: JointPlace
  readonly geoKeys: PlacedScene['words']['geoKeys']
  /** In the order of the scenes. */
  readonly windows: readonly WindowOfPair[]
}

type Wish = Pick<NdviRequest, 'bbox' | 'geometry'> & AskedPictures

/**
 * @throws {GreenprintError} `grids_differ` unless both have one CRS and one pixel size, and lie apart by whole pixels;
 *   `outside_scene` where they have nothing in common, or nothing of the area; `invalid_request` for a
 *   box at both ends of a scene; `too_large`, `mask_unavailable`, `raster_unusable`
 */
export async function placePair(
  scenes: readonly OpenScene[],
  request: Wish,
  maxPixels: number,
  signal: AbortSignal,
): Promise<PlacedPair> {
  const placed = []
  for (const scene of scenes) placed.push(await placeScene(scene))
  const [before, after] = placed
  if (before === undefined || after === undefined) throw new TypeError('a pair has two scenes')
  if (offsetOn(before, after) === null) throw apart(before, after)
  const { crs, words, whole } = after
  const { projection } = crs
  const shared = overlap(gridBounds(before.whole), gridBounds(whole))
  if (shared === null) throw disjoint(before, after)
  const common = gridOver(shared, whole)
  const ground = footprintOf(common, projection)
  const { asked, bounds } = namingBounds(request, ground.bbox, () => {
    const area = areaInCrs(request, common, projection)
    const inside = area === null ? shared : overlap(shared, area.bounds)
    if (inside === null) {
      throw new GreenprintError('outside_scene', 'The area is not on both scenes.')
    }
    return { asked: area, bounds: inside }
  })
  const chosen = chooseWindows([before, after], bounds, request.max_size, maxPixels)
  const windows: WindowOfPair[] = []
  for (const [at, window] of chosen.entries()) {
    const own = [before, after][at]!
    const { bands, content } = own.scene
    const qa = await placeMask(bands, content.rules.masking, window, signal)
    windows.push({ placed: own, window, selection: { polygon: polygonOf(asked, window), qa } })
  }
  const [, last] = chosen
  const grid = { ...last.grid, crs: crs.code }
  const area = askedArea(request, ground)
  const footprint = footprintOf(grid, projection)
  const pictures = pictureGrids({ grid, crs, footprint }, request)
  return {
    geoKeys: words.geoKeys,
    windows,
    place: {
      grid,
      crs,
      footprint,
      area,
      pictures,
      warnings: [
        ...new Set([
          ...placed.flatMap((each) => each.warnings),
          ...wordsWarnings(after.words, request),
          ...last.warnings,
          ...pictureWarnings(pictures, grid, chosen),
          ...areaWarnings(area),
          ...windows.flatMap(({ selection: { qa } }) => qa?.placement.warnings ?? []),
        ]),
      ],
    },
  }
}

function polygonOf(
  area: { readonly rings?: ProjectedArea['rings'] } | null,
  { grid }: Window,
): Selection['polygon'] {
  return area?.rings === undefined ? null : onGrid(area.rings, grid)
}

/** The same pixels of both: from an overview only where those of both are the same ground. */
function chooseWindows(
  pair: readonly [PlacedScene, PlacedScene],
  bounds: Bbox,
  maxSize: NdviRequest['max_size'],
  maxPixels: number,
): [Window, Window] {
  const [before, after] = pair
  const levels = sharedLevels(before, after)
  const choose = ({ scene: { bands } }: PlacedScene, box: Bbox) =>
    chooseWindow(upTo(bands.red.cog, levels), upTo(bands.nir.cog, levels), box, maxSize, maxPixels)
  const first = choose(before, bounds)
  const second = choose(after, boundsOf(first))
  if (isSameShape(first, second)) return [first, second]
  // Pixels of an overview at the edge of one scene, which the other has not.
  const again = choose(before, boundsOf(second))
  if (isSameShape(again, second)) return [again, second]
  throw new GreenprintError(
    'grids_differ',
    'The overviews of the two scenes cannot be laid over each other at the edge of this area: ask for "max_size": "full", or for another area.',
  )
}

function isSameShape({ grid: one }: Window, { grid: other }: Window): boolean {
  return one.level === other.level && one.shape.every((size, at) => size === other.shape[at])
}

/** Of the pixels that are read, whichever of them are taken. */
function boundsOf({ red: { transform }, row, col, rows, cols }: Window): Bbox {
  const [a, , c, , e, f] = transform
  return [c + a * col, f + e * (row + rows), c + a * (col + cols), f + e * row]
}

/** How many resolutions, the finest first, have pixels over the same ground in both. */
function sharedLevels(before: PlacedScene, after: PlacedScene): number {
  const [one, other] = [before, after].map(({ scene: { bands } }) =>
    commonLevels(bands.red.cog, bands.nir.cog),
  )
  let shared = 1
  for (let at = 1; at < Math.min(one!.length, other!.length); at++, shared++) {
    const [mine, theirs] = [one![at]!, other![at]!]
    if (mine.level !== at || theirs.level !== at) break
    if (shiftOf(theirs.red, mine.red) === null) break
  }
  return shared
}

function upTo(cog: Cog, levels: number): Cog {
  const [full, ...overviews] = cog.levels
  return { ...cog, levels: [full, ...overviews.slice(0, levels - 1)] }
}

function overlap(one: Bbox, other: Bbox): Bbox | null {
  const [left, bottom] = [Math.max(one[0], other[0]), Math.max(one[1], other[1])]
  const [right, top] = [Math.min(one[2], other[2]), Math.min(one[3], other[3])]
  return left < right && bottom < top ? [left, bottom, right, top] : null
}

/** Whole pixels of a grid. */
function gridOver([left, bottom, right, top]: Bbox, { crs, transform }: Grid): Grid {
  const [a, , , , e] = transform
  const shape = [Math.round((bottom - top) / e), Math.round((right - left) / a)] as const
  return { crs, transform: [a, 0, left, 0, e, top], shape, level: 0 }
}

function apart(before: PlacedScene, after: PlacedScene): GreenprintError {
  const tell = ({ crs, whole }: PlacedScene) => {
    const [a, , c, , e, f] = whole.transform
    return `${crs.code ?? crs.name}, pixels of ${a} x ${-e}, from ${c}, ${f}`
  }
  return new GreenprintError(
    'grids_differ',
    `The two scenes do not lie on one grid: before is in ${tell(before)}; after in ${tell(after)}. Their CRS and pixel size must be the same and their origins whole pixels apart: choose scenes of one product, and of one zone or path.`,
  )
}

function disjoint(before: PlacedScene, after: PlacedScene): GreenprintError {
  const tell = ({ covered: { bbox } }: PlacedScene) =>
    `[${bbox.map((value) => Number(value.toFixed(4))).join(', ')}]`
  return new GreenprintError(
    'outside_scene',
    `The two scenes have no ground in common: before covers ${tell(before)}, after ${tell(after)} (west, south, east, north).`,
  )
}
