// From what the caller asked of a composite to its scenes in order of time, each with its rules and its role.

import type { CompositeOrder } from '../model/composite.ts'
import type { JsonObject } from '../model/json.ts'
import type { LeftOut } from '../model/series.ts'
import { areaOfRequest } from './asked-area.ts'
import { findObservations } from './find-observations.ts'
import type { SceneFinding } from './find-scene.ts'
import type { JointSource } from './joint-source.ts'
import { type KeptInputs, keptItems } from './keep-inputs.ts'
import type { KnownScene } from './open-scenes.ts'
import { type ReadScene, readScenes } from './read-scenes.ts'

export interface FoundComposed {
  /** Their STAC items, by observation, the oldest first. */
  readonly items: readonly (readonly JsonObject[])[]
  readonly scenes: readonly ReadScene[]
  readonly leftOut: readonly LeftOut[]
}

/**
 * @throws {GreenprintError} what findObservations and readScenes throw; `store_failed` where items were kept and are
 *   not any more
 */
export async function findComposed(
  { request, resolved }: CompositeOrder,
  services: SceneFinding & KeptInputs,
  signal: AbortSignal,
): Promise<FoundComposed> {
  if (request.items !== undefined) {
    const items = await keptItems(request.items, services, signal)
    const scenes = await readScenes(items, request, signal)
    return { items, scenes, leftOut: resolved?.left_out ?? [] }
  }
  const area = areaOfRequest(request)
  const zones = area === null ? [] : [{ id: 'area', geometry: area }]
  const { search = {}, assets } = request
  const asked = { search, zones, ...(assets === undefined ? {} : { assets }) }
  const { observations, leftOut } = await findObservations(asked, services, signal)
  const items = observations.map(({ scenes }) => scenes.map(({ item }) => item.source))
  return { items, scenes: await readScenes(items, request, signal), leftOut }
}

/** With what their bands are read by, each named by its id. @param contents in the same order */
export function asComposed(contents: readonly KnownScene[]): JointSource[] {
  const ids = contents.map(({ content }) => content.scene.id)
  return contents.map(({ content }, at) => {
    const { id, collection } = content.scene
    const isOnly = ids.indexOf(id) === ids.lastIndexOf(id)
    const role = isOnly ? id : `${id} (${collection ?? at + 1})`
    return { role, content, chosen: 'Found for a composite.', names: [] }
  })
}
