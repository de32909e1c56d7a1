// From a place on Earth to what a scene, or a published result, says there: a line for each step.

import type { PointResult } from './model/point.ts'
import type { TileSource } from './model/tile.ts'
import type { MapServices } from './steps/map-services.ts'
import { openResult } from './steps/open-result.ts'
import { findForMap, openScene } from './steps/open-scene.ts'
import { type Place, readResultPoint, readScenePoint } from './steps/read-point.ts'

export interface PointCaller {
  /** Whether who asks may spend this deployment's credentials. */
  readonly isTrusted: boolean
  /** Whether nothing is fetched for who asks. */
  readonly ownOnly: boolean
}

/** @throws {GreenprintError} `outside_scene`, `fingerprint_needed`, and what opening a scene throws */
export async function readPoint(
  source: TileSource,
  place: Place,
  services: MapServices,
  { isTrusted, ownOnly }: PointCaller,
  signal: AbortSignal,
): Promise<PointResult> {
  if (source.kind === 'result') {
    const opened = await openResult(source.root, ownOnly, services, signal)
    return readResultPoint(opened, place, signal)
  }
  const wish = { request: source.request, trust: source.trust, isTrusted }
  const found = await findForMap(wish, services, signal)
  const opened = await openScene(found, wish, services, signal)
  const point = await readScenePoint(opened, found.content.rules.masking, place, signal)
  return { ...point, warnings: [...found.warnings, ...point.warnings] }
}
