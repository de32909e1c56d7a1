// The scenes of a composite on one grid: those of the grid that most of the area was observed on; the others are told.

import { GreenprintError } from '../errors.ts'
import { footprintOf } from '../geo/footprint.ts'
import type { PixelPolygon } from '../geo/pixel-polygon.ts'
import { onGrid, type ProjectedArea } from '../geo/projected-area.ts'
import type { CompositeRequest } from '../model/composite.ts'
import type { LeftOut } from '../model/series.ts'
import { momentTaken } from '../stac/acquisition.ts'
import { inTime } from '../stac/same-acquisition.ts'
import { areaOfRequest, areaWarnings, askedArea } from './asked-area.ts'
import { boxInCrs } from './box-in-crs.ts'
import type { JointPlace } from './joint.ts'
import { mostObserved } from './most-observed.ts'
import type { OpenScene } from './open-scenes.ts'
import { type AskedPictures, pictureGrids, pictureWarnings } from './picture-grids.ts'
import {
  type ChosenWindows,
  chooseWindows,
  groupByGrid,
  type PlacedScene,
  placeScene,
  projectOnto,
  type SharedGrid,
  type Stack,
  stackWindows,
} from './place-scenes.ts'
import { wordsWarnings } from './words-of-crs.ts'

export interface PlacedComposite {
  readonly place: JointPlace
  readonly geoKeys: PlacedScene['words']['geoKeys']
  readonly stack: Stack
  /** Where a polygon was asked. */
  readonly polygon: PixelPolygon | null
  readonly leftOut: readonly LeftOut[]
}

type Wish = Pick<CompositeRequest, 'bbox' | 'geometry'> & AskedPictures

/**
 * What the scenes that are left out say decides nothing: those that stay are placed as if they alone had been found.
 *
 * @param scenes by time
 * @throws {GreenprintError} `outside_scene` where none of them has any of the area; `raster_unusable`, `grids_differ`,
 *   `mask_unavailable`, `too_large`
 */
export async function placeComposite(
  scenes: readonly OpenScene[],
  request: Wish,
  signal: AbortSignal,
): Promise<PlacedComposite> {
  const placed: PlacedScene[] = []
  for (const scene of scenes) placed.push(await placeScene(scene))
  const { candidates, refusal } = candidatesOf(groupByGrid(placed), request)
  const best = await mostObserved(candidates, areaOfRequest(request), signal)
  if (best === null) throw refusal ?? outside(placed)
  const { windows, area, shared } = best
  const stack = await stackWindows(windows, signal)
  const [told] = best.used
  const { crs, words } = told
  const { grid } = stack
  const footprint = footprintOf(grid, crs.projection)
  const asked = askedArea(request, footprint)
  const pictures = pictureGrids({ grid, crs, footprint }, request)
  const read = windows.windows.map(({ window }) => window)
  const used = new Set(stack.members.map(({ scene }) => scene.content))
  return {
    geoKeys: words.geoKeys,
    stack,
    polygon: area?.rings === undefined ? null : onGrid(area.rings, grid),
    leftOut: placed.flatMap((each) =>
      used.has(each.scene.content) ? [] : [leave(each, shared, stack)],
    ),
    place: {
      grid,
      crs,
      footprint,
      area: asked,
      pictures,
      warnings: [
        ...new Set([
          ...stack.members.flatMap(({ warnings }) => warnings),
          ...wordsWarnings(told.words, request),
          ...stack.warnings,
          ...pictureWarnings(pictures, grid, read),
          ...areaWarnings(asked),
        ]),
      ],
    },
  }
}

interface Candidate {
  /** All scenes of the grid. */
  readonly shared: SharedGrid
  /** Those that have pixels of the area. */
  readonly used: SharedGrid
  readonly windows: ChosenWindows
  /** In the CRS of the grid; null where none was asked for. */
  readonly area: (Pick<ProjectedArea, 'bounds'> & Partial<ProjectedArea>) | null
}

/** The grids whose scenes have something of the area; a box that cannot be asked of one may well be of another. */
function candidatesOf(grids: readonly SharedGrid[], wish: Wish) {
  const candidates: Candidate[] = []
  let refusal: GreenprintError | null = null
  for (const shared of grids) {
    try {
      const candidate = candidateOn(shared, wish)
      if (candidate !== null) candidates.push({ ...candidate, shared })
    } catch (error) {
      if (!(error instanceof GreenprintError) || error.code !== 'invalid_request') throw error
      refusal ??= error
    }
  }
  return { candidates, refusal }
}

/** null where the scenes of a grid have nothing of the area. */
function candidateOn(shared: SharedGrid, wish: Wish): Omit<Candidate, 'shared'> | null {
  const { bbox, geometry, max_size } = wish
  const area =
    geometry === undefined
      ? bbox === undefined
        ? null
        : boxOn(shared, bbox)
      : (projectOnto(shared, [geometry])[0] ?? 'elsewhere')
  if (area === 'elsewhere') return null
  const windows = chooseWindows(shared, area && [area], max_size)
  if (windows === null) return null
  if (windows.windows.length < shared.length) {
    const [first, ...others] = byObservation(windows.windows.map(({ scene }) => scene.placed))
    return first === undefined ? null : candidateOn([first, ...others], wish)
  }
  return { used: shared, windows, area }
}

/** By time again, now that some are missing. */
function byObservation(placed: readonly PlacedScene[]): PlacedScene[] {
  const observations = [...Map.groupBy(placed, ({ scene }) => scene.observation).values()]
  const timed = observations.map((same) => {
    const { scene } = same[0]!.scene.content
    return { same, time: momentTaken(scene) ?? 0, item: scene }
  })
  return timed
    .toSorted(inTime)
    .flatMap(({ same }, observation) =>
      same.map((each) => ({ ...each, scene: { ...each.scene, observation } })),
    )
}

function boxOn(
  shared: SharedGrid,
  bbox: NonNullable<Wish['bbox']>,
): Candidate['area'] | 'elsewhere' {
  const { projection } = shared[0].crs
  for (const { whole } of shared) {
    const bounds = boxInCrs(bbox, whole, projection)
    if (bounds !== null) return { bounds }
  }
  return 'elsewhere'
}

function leave(each: PlacedScene, shared: SharedGrid, { members }: Stack): LeftOut {
  const { id } = each.scene.content.scene
  if (shared.includes(each)) return { id, reason: 'it has no pixel of the area' }
  const composed = members.length === 1 ? 'scene that is' : `${members.length} scenes that are`
  return {
    id,
    reason: `it lies on another grid (${gridOf(each)}) than the ${composed} composed (${gridOf(shared[0])})`,
  }
}

function gridOf({ crs, whole }: PlacedScene): string {
  const [a, , c, , , f] = whole.transform
  return `${crs.code ?? crs.name}, pixels of ${a} from ${c}, ${f}`
}

function outside(placed: readonly PlacedScene[]): GreenprintError {
  const boxes = placed.slice(0, 3).map(({ scene, covered: { bbox } }) => {
    const box = bbox.map((value) => Number(value.toFixed(4))).join(', ')
    return `${scene.content.scene.id} covers [${box}]`
  })
  const rest = placed.length > 3 ? `; and ${placed.length - 3} more` : ''
  return new GreenprintError(
    'outside_scene',
    `The area does not touch any of the ${placed.length} scenes: ${boxes.join('; ')}${rest} (west, south, east, north).`,
  )
}
