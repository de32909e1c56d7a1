// The scenes of a composite on one grid: those of the grid that most of the area was observed on; the others are told.

import { GreenprintError } from '../errors.ts'
import { boundsInDegrees, footprintOf } from '../geo/footprint.ts'
import type { PixelPolygon } from '../geo/pixel-polygon.ts'
import { onGrid, type ProjectedArea } from '../geo/projected-area.ts'
import { nearScene, projectBounds } from '../geo/projection.ts'
import type { CompositeRequest } from '../model/composite.ts'
import type { Grid } from '../model/grid.ts'
import type { LeftOut } from '../model/series.ts'
import { areaWarnings, askedArea } from './asked-area.ts'
import type { JointPlace } from './joint.ts'
import type { OpenScene } from './open-scenes.ts'
import {
  groupByGrid,
  type PlacedScene,
  placeScene,
  projectOnto,
  type SharedGrid,
  type Stack,
  stackScenes,
} from './place-scenes.ts'

export interface PlacedComposite {
  readonly place: JointPlace
  readonly geoKeys: PlacedScene['geoKeys']
  readonly stack: Stack
  /** Where a polygon was asked. */
  readonly polygon: PixelPolygon | null
  readonly leftOut: readonly LeftOut[]
}

type Wish = Pick<CompositeRequest, 'bbox' | 'geometry' | 'max_size'>

/**
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
  const candidates: Candidate[] = []
  for (const shared of groupByGrid(placed)) {
    const candidate = await stackOn(shared, request, signal)
    if (candidate !== null) candidates.push(candidate)
  }
  const [first, ...others] = candidates
  if (first === undefined) throw outside(placed)
  const best = others.reduce((most, each) => (each.observed > most.observed ? each : most), first)
  const { shared, stack, area } = best
  const { crs, geoKeys } = shared.base
  const { projection } = crs
  const { grid } = stack
  const footprint = footprintOf(grid, projection)
  const asked = askedArea(request, footprint)
  const used = new Set(stack.members)
  return {
    geoKeys,
    stack,
    polygon: area?.rings === undefined ? null : onGrid(area.rings, grid),
    leftOut: placed.flatMap((each) => (used.has(each) ? [] : [leave(each, best)])),
    place: {
      grid,
      crs,
      footprint,
      area: asked,
      warnings: [
        ...new Set([
          ...stack.members.flatMap(({ warnings }) => warnings),
          ...stack.warnings,
          ...areaWarnings(asked),
        ]),
      ],
    },
  }
}

interface Candidate {
  readonly shared: SharedGrid
  readonly stack: Stack
  /** In the CRS of the grid; null where none was asked for. */
  readonly area: (Pick<ProjectedArea, 'bounds'> & Partial<ProjectedArea>) | null
  /** Of the area, by all scenes together, in squares of the CRS's unit. */
  readonly observed: number
}

/** null where the scenes of a grid have nothing of the area. */
async function stackOn(
  shared: SharedGrid,
  { bbox, geometry, max_size }: Wish,
  signal: AbortSignal,
): Promise<Candidate | null> {
  const area =
    geometry === undefined
      ? bbox === undefined
        ? null
        : boxOn(shared, bbox)
      : (projectOnto(shared, [geometry])[0] ?? 'elsewhere')
  if (area === 'elsewhere') return null
  const stack = await stackScenes(shared, area && [area], signal, max_size)
  if (stack === null) return null
  const [a, , , , e] = stack.grid.transform
  const pixels = stack.layers.reduce((sum, { window: { grid } }) => sum + areaOf(grid), 0)
  return { shared, stack, area, observed: pixels * Math.abs(a * e) }
}

function areaOf({ shape: [rows, cols] }: Grid): number {
  return rows * cols
}

function boxOn(
  shared: SharedGrid,
  bbox: NonNullable<Wish['bbox']>,
): Candidate['area'] | 'elsewhere' {
  const { base, members } = shared
  const { projection } = base.crs
  for (const { placed } of members) {
    const near = nearScene(bbox, boundsInDegrees(placed.whole, projection), projection)
    if (near !== null) return { bounds: projectBounds(near, projection) }
  }
  return 'elsewhere'
}

function leave({ crs, whole, scene }: PlacedScene, { shared, stack }: Candidate): LeftOut {
  const { id } = scene.content.scene
  const isOnGrid = shared.members.some(({ placed }) => placed.scene === scene)
  if (isOnGrid) return { id, reason: 'it has no pixel of the area' }
  const [a] = whole.transform
  const [own, others] = [crs.code ?? crs.name, shared.base.crs.code ?? shared.base.crs.name]
  const [size] = shared.base.whole.transform
  return {
    id,
    reason: `it lies on another grid (${own}, pixels of ${a}) than the ${stack.members.length} scenes that are composed (${others}, pixels of ${size})`,
  }
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
