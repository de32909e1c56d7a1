// What was asked for, on the ground, and how much of it the scene covers.

import { GreenprintError } from '../errors.ts'
import { areaOfBox, polygonsOf } from '../geo/area.ts'
import { groundOf, shareCovered } from '../geo/coverage.ts'
import type { Footprint } from '../geo/footprint.ts'
import type { AreaGeometry, NdviRequest } from '../model/request.ts'

export interface AskedArea {
  /** Null where the whole scene was asked for. */
  readonly geometry: AreaGeometry | null
  /** How much of it lies on the scene. */
  readonly coveredPercent: number
}

/** Less is the ragged edge of a scene. */
const MOSTLY_PERCENT = 90

type Asked = Pick<NdviRequest, 'bbox' | 'geometry'>

/**
 * Null where all was asked for.
 *
 * @throws {GreenprintError} `invalid_request` for a box that is smaller than coordinates are told
 */
export function areaOfRequest({ bbox, geometry }: Asked): AreaGeometry | null {
  return geometry ?? (bbox === undefined ? null : areaOfBox(bbox))
}

export function askedArea(request: Asked, { geometry: scene }: Footprint): AskedArea {
  const asked = areaOrNothing(request)
  const ground = asked && groundOf(scene)
  if (asked === null || ground === null) return { geometry: asked, coveredPercent: 100 }
  const share = shareCovered(polygonsOf(asked), ground)
  return { geometry: asked, coveredPercent: Number((100 * share).toFixed(4)) }
}

/** The pixel that holds the smallest box is counted, though the box has no area. */
function areaOrNothing(request: Asked): AreaGeometry | null {
  try {
    return areaOfRequest(request)
  } catch (error) {
    if (error instanceof GreenprintError) return null
    throw error
  }
}

export function areaWarnings({ coveredPercent }: AskedArea): string[] {
  if (coveredPercent >= MOSTLY_PERCENT) return []
  return [`only ${coveredPercent} % of the area lies on the scene: the rest is not counted`]
}
