// The zones of a request on each grid that its scenes lie on, and for each zone the grid that holds most of it.

import type { PixelPolygon } from '../geo/pixel-polygon.ts'
import { onGrid, type ProjectedArea } from '../geo/projected-area.ts'
import type { Zone, ZoneRow, ZonesRequest } from '../model/zones.ts'
import { countZones } from '../pixels/count-zones.ts'
import type { OpenScene } from './open-scenes.ts'
import {
  chooseWindows,
  groupByGrid,
  placeScene,
  projectOnto,
  type Stack,
  stackWindows,
} from './place-scenes.ts'

/** Scenes on one grid, and the zones that touch them. */
export interface ZonedStack extends Stack {
  /** Numbers of the zones in the request, each with its place. */
  readonly zones: readonly { readonly number: number; readonly polygon: PixelPolygon }[]
}

/** @throws {GreenprintError} what placeScene, chooseWindows and stackWindows throw */
export async function stackByGrid(
  scenes: readonly OpenScene[],
  zones: readonly Zone[],
  signal: AbortSignal,
): Promise<ZonedStack[]> {
  const placed = []
  for (const scene of scenes) placed.push(await placeScene(scene))
  const areas = zones.map(({ geometry }) => geometry)
  const stacks: ZonedStack[] = []
  for (const shared of groupByGrid(placed)) {
    const projected = projectOnto(shared, areas)
    const windows = chooseWindows(shared, projected, 'full')
    if (windows === null) continue
    const stack = await stackWindows(windows, signal)
    const placedWarnings = stack.members.flatMap(({ warnings, placeWarning }) =>
      placeWarning === null ? warnings : [...warnings, placeWarning],
    )
    const warnings = [...placedWarnings, ...stack.warnings]
    stacks.push({ ...stack, warnings, zones: placeZones(projected, stack) })
  }
  return stacks
}

function placeZones(
  areas: readonly (ProjectedArea | null)[],
  { grid }: Stack,
): ZonedStack['zones'] {
  return areas.flatMap((area, number) =>
    area === null ? [] : [{ number, polygon: onGrid(area.rings, grid) }],
  )
}

/** Of a stack, each scene and, in the same order, the layer of it. */
interface Masked {
  readonly members: readonly {
    readonly scene: { readonly content: { readonly scene: { readonly id: string } } }
  }[]
  readonly layers: readonly {
    readonly selection: { readonly qa: { readonly placement: { readonly number: number } } | null }
  }[]
}

/** By the id of a scene, the overview that its mask is of; of the full resolution, which most are, nothing. */
export function qaLevelsOf(stacks: readonly Masked[]): Readonly<Record<string, number>> {
  const levels = stacks.flatMap(({ members, layers }) =>
    members.map(({ scene }, at) => {
      const { qa = null } = layers[at]?.selection ?? {}
      return [scene.content.scene.id, qa?.placement.number ?? 0] as const
    }),
  )
  return Object.fromEntries(levels.filter(([, level]) => level > 0))
}

/**
 * The row of each zone that lies on any of the scenes.
 *
 * @throws {GreenprintError} `too_large` before anything is read; `raster_unusable`, `content_unavailable`
 */
export async function countOnStacks(
  stacks: readonly ZonedStack[],
  zones: readonly Zone[],
  { reduce }: Pick<ZonesRequest, 'reduce'>,
  limits: { readonly maxPixels: number; readonly onRows: (share: number) => void },
  signal: AbortSignal,
): Promise<ZoneRow[]> {
  const best = new Map<number, { readonly row: ZoneRow; readonly covered: number }>()
  for (const [at, stack] of stacks.entries()) {
    const onRows = (share: number) => limits.onRows((at + share) / stacks.length)
    const polygons = stack.zones.map(({ polygon }) => polygon)
    const given = { stack: stack.stack, grid: stack }
    const counted = await countZones(
      polygons,
      given,
      reduce ?? 'first',
      { ...limits, onRows },
      signal,
    )
    const scenes = stack.members.map(({ scene }) => scene.content.scene.id)
    for (const [place, { numbers, covered }] of counted.entries()) {
      const { number } = stack.zones[place]!
      const other = best.get(number)
      if (covered === 0 || (other !== undefined && other.covered >= covered)) continue
      best.set(number, { row: { zone: zones[number]!.id, scenes, ...numbers }, covered })
    }
  }
  const sorted = [...best].toSorted(([one], [other]) => one - other)
  return sorted.map(([, { row }]) => row)
}
