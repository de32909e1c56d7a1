// From what a caller named (an item, its address, a search) to one scene.

import type { JsonObject } from './model/json.ts'
import type { NdviRequest } from './model/request.ts'
import type { Scene } from './model/scene.ts'
import type { Documents } from './stac/documents.ts'
import { readItem } from './stac/item.ts'
import { readScene } from './stac/scene.ts'
import { searchScenes } from './stac/search.ts'

export interface FoundScene {
  readonly scene: Scene
  /** Why this scene. */
  readonly chosen: string
  /** Its item, as it was read. */
  readonly source: JsonObject
}

export interface SceneFinding {
  readonly documents: Documents
  /** The API that a search without one asks. */
  readonly stacApiUrl: string
}

/**
 * @throws {GreenprintError} `item_invalid`, `item_unreachable`, `asset_missing`, `asset_unusable`,
 *   `search_failed`, `scene_not_found`
 */
export async function findScene(
  { item, resolved, search, bbox, geometry }: NdviRequest,
  { documents, stacApiUrl }: SceneFinding,
  signal: AbortSignal,
): Promise<FoundScene> {
  if (search !== undefined) {
    // Without an area of its own the search is for scenes of the area to compute.
    const anywhere = search.bbox === undefined && search.intersects === undefined
    const area = {
      ...(bbox === undefined ? {} : { bbox }),
      ...(geometry === undefined ? {} : { intersects: { ...geometry } }),
    }
    const sought = anywhere ? { ...search, ...area } : search
    const { item, scene, reason } = await searchScenes(sought, stacApiUrl, documents, signal)
    return { scene, chosen: reason, source: item.source }
  }
  if (typeof item !== 'string') {
    const chosen = resolved?.chosen ?? 'The item was given in the request.'
    return found(item, resolved?.href ?? null, chosen)
  }
  const { value, href } = await documents.json(item, {}, signal)
  return found(value, href, 'The item was given by its address.')
}

function found(value: unknown, href: string | null, chosen: string): FoundScene {
  const item = readItem(value, href)
  return { scene: readScene(item), chosen, source: item.source }
}
