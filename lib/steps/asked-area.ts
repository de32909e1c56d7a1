// What was asked for, on the ground, and how much of it the scene covers.

import { boxGeometry } from '../geo/antimeridian.ts'
import { polygonsOf, reduceArea } from '../geo/area.ts'
import { groundOf, shareCovered } from '../geo/coverage.ts'
import type { Footprint } from '../geo/footprint.ts'
import type { Bbox } from '../model/grid.ts'
import type { AreaGeometry, NdviRequest } from '../model/request.ts'

export interface AskedArea {
  /** Null where the whole scene was asked for. */
  readonly geometry: AreaGeometry | null
  /** How much of it lies on the scene. */
  readonly coveredPercent: number
}

/** Less is the ragged edge of a scene. */
const MOSTLY_PERCENT = 90

export function askedArea(
  { bbox, geometry }: Pick<NdviRequest, 'bbox' | 'geometry'>,
  { geometry: scene }: Footprint,
): AskedArea {
  const asked = geometry ?? (bbox === undefined ? null : areaOfBox(bbox))
  const ground = groundOf(scene)
  if (asked === null || ground === null) return { geometry: asked, coveredPercent: 100 }
  const share = shareCovered(polygonsOf(asked), ground)
  return { geometry: asked, coveredPercent: Number((100 * share).toFixed(4)) }
}

/** Null for a box that is smaller than coordinates are told. */
function areaOfBox(bbox: Bbox): AreaGeometry | null {
  try {
    return reduceArea(boxGeometry(bbox))
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}

export function areaWarnings({ coveredPercent }: AskedArea): string[] {
  if (coveredPercent >= MOSTLY_PERCENT) return []
  return [`only ${coveredPercent} % of the area lies on the scene: the rest is not counted`]
}
