// From what the caller gave (an item, its address or a search) to one item, whether or not its bands can be read.

import type { FingerprintRequest } from '../model/fingerprint-request.ts'
import type { JsonObject } from '../model/json.ts'
import type { ResolvedItem, SceneSearch } from '../model/request.ts'
import { type Item, readItem } from '../stac/item.ts'
import { searchScenes } from '../stac/search.ts'
import { isList } from './choose-files.ts'
import type { SceneFinding } from './find-scene.ts'

export interface FoundItem {
  readonly item: Item
  /** Why this item. */
  readonly chosen: string
}

/** What is asked for, of whichever kind of order. */
export interface ItemWish {
  readonly item?: JsonObject | string
  readonly search?: SceneSearch
  readonly assets?: FingerprintRequest['assets']
}

/**
 * @throws {GreenprintError} `item_invalid`, `item_unreachable`; of a search `scene_not_found`, `asset_unusable` when
 *   nothing that matches can be used, and what `itemPages` throws
 */
export async function findItem(
  { item, search, assets }: ItemWish,
  resolved: ResolvedItem | undefined,
  { documents, stacApiUrl }: SceneFinding,
  signal: AbortSignal,
): Promise<FoundItem> {
  if (search !== undefined) {
    // A list of keys says nothing of which asset is which band.
    const bands = assets === undefined || isList(assets) ? {} : assets
    const winner = await searchScenes(search, stacApiUrl, documents, signal, bands)
    return { item: winner.item, chosen: winner.reason }
  }
  if (typeof item !== 'string') {
    const chosen = resolved?.chosen ?? 'The item was given in the request.'
    return { item: readItem(item, resolved?.href ?? null), chosen }
  }
  const { value, href } = await documents.json(item, {}, signal)
  return { item: readItem(value, href), chosen: 'The item was given by its address.' }
}
