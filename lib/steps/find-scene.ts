// From what the caller gave (an item, its address or a search) to one scene.

import type { JsonObject } from '../model/json.ts'
import type { NdviOrder, NdviRequest, SceneSearch } from '../model/request.ts'
import type { Scene } from '../model/scene.ts'
import type { Documents } from '../stac/documents.ts'
import { readItem } from '../stac/item.ts'
import { readScene } from '../stac/scene.ts'
import { searchScenes } from '../stac/search.ts'

export interface FoundScene {
  readonly scene: Scene
  /** Why this scene. */
  readonly chosen: string
  /** Its item, as it was read. */
  readonly source: JsonObject
}

export interface SceneFinding {
  readonly documents: Documents
  /** The STAC API of a search that has none of its own. */
  readonly stacApiUrl: string
}

/** A search without an area of its own looks for scenes of the area to compute. */
export function searchOver(
  search: SceneSearch,
  { bbox, geometry }: { readonly [Field in 'bbox' | 'geometry']?: NdviRequest[Field] | undefined },
): SceneSearch {
  if (search.bbox !== undefined || search.intersects !== undefined) return search
  return {
    ...search,
    ...(bbox === undefined ? {} : { bbox }),
    ...(geometry === undefined ? {} : { intersects: { ...geometry } }),
  }
}

/**
 * @throws {GreenprintError} `item_invalid`, `item_unreachable`, `asset_missing`, `asset_unusable`,
 *   `search_failed`, `scene_not_found`
 */
export async function findScene(
  { request, resolved }: Pick<NdviOrder, 'request' | 'resolved'>,
  { documents, stacApiUrl }: SceneFinding,
  signal: AbortSignal,
): Promise<FoundScene> {
  const { item, search, assets, bbox, geometry } = request
  if (search !== undefined) {
    const sought = searchOver(search, { bbox, geometry })
    const winner = await searchScenes(sought, stacApiUrl, documents, signal, assets)
    return { scene: winner.scene, chosen: winner.reason, source: winner.item.source }
  }
  if (typeof item !== 'string') {
    const chosen = resolved?.chosen ?? 'The item was given in the request.'
    return found(item, resolved?.href ?? null, assets, chosen)
  }
  const { value, href } = await documents.json(item, {}, signal)
  return found(value, href, assets, 'The item was given by its address.')
}

function found(
  value: unknown,
  href: string | null,
  assets: NdviRequest['assets'],
  chosen: string,
): FoundScene {
  const item = readItem(value, href)
  return { scene: readScene(item, assets), chosen, source: item.source }
}
