// From what the caller gave (an item, its address or a search) to one scene.

import type { ResolveName } from '../ipfs/names.ts'
import type { JsonObject } from '../model/json.ts'
import { perObject } from '../model/per-object.ts'
import type { NdviOrder, NdviRequest, SceneSearch } from '../model/request.ts'
import type { ResolvedName, Scene } from '../model/scene.ts'
import type { Documents } from '../stac/documents.ts'
import { type Item, readItem } from '../stac/item.ts'
import { readScene } from '../stac/scene.ts'
import { searchScenes } from '../stac/search.ts'
import { requireCids } from './require-cids.ts'
import { type Named, resolveAddress, resolveItemNames } from './resolve-names.ts'

export interface FoundScene {
  readonly scene: Scene
  /** Why this scene. */
  readonly chosen: string
  /** Its item, as it was read, IPNS names resolved. */
  readonly source: JsonObject
  readonly names: readonly ResolvedName[]
}

export interface SceneFinding {
  readonly documents: Documents
  /** The STAC API of a search that has none of its own. */
  readonly stacApiUrl: string
  /** Resolves IPNS names for requests that allow it. */
  readonly resolveName: ResolveName
  /** STAC API whose items carry CIDs; null = none. */
  readonly catalogUrl: string | null
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
 * @throws {GreenprintError} `item_invalid`, `item_unreachable`, `asset_missing`, `asset_unusable`; of a search
 *   `scene_not_found` and what `itemPages` throws
 */
export async function findScene(
  { request, resolved, trust }: Pick<NdviOrder, 'request' | 'resolved' | 'trust'>,
  { documents, stacApiUrl, resolveName, catalogUrl }: SceneFinding,
  signal: AbortSignal,
): Promise<FoundScene> {
  const { item, search, assets, bbox, geometry } = request
  const named = async (value: unknown) =>
    request.names === true ? resolveItemNames(value, resolveName, signal) : plain(value)
  if (search !== undefined) {
    const sought = searchOver(search, { bbox, geometry })
    const resolving = new NamedHits(named)
    const withCids = requireCids(request, { documents, catalogUrl })
    const prepare = async (hit: Item, stop: AbortSignal) => {
      const item = await resolving.read(hit)
      return trust === 'cid' ? withCids(item, stop) : item
    }
    const winner = await searchScenes(sought, stacApiUrl, documents, signal, assets, prepare)
    const { scene, reason: chosen, item: won } = winner
    return { scene, chosen, source: won.source, names: resolving.namesOf(won) }
  }
  if (typeof item !== 'string') {
    const chosen = resolved?.chosen ?? 'The item was given in the request.'
    const { value, names } = await named(item)
    const all = [...(resolved?.names ?? []), ...names]
    return { ...readInline(Object(value), resolved?.href ?? null, assets, chosen), names: all }
  }
  const address =
    request.names === true ? await resolveAddress(item, resolveName, signal) : plain(item)
  const { value: read, href } = await documents.json(address.value, {}, signal)
  const { value, names } = await named(read)
  const chosen = 'The item was given by its address.'
  return { ...found(value, href, assets, chosen), names: [...address.names, ...names] }
}

/** Items of one search whose names are looked up: each costs requests to several gateways. */
const MOST_NAMED = 4

/** Hits of a search, read one after the other until one can be used. */
class NamedHits {
  readonly #resolve: (item: unknown) => Promise<Named<unknown>>
  readonly #names = new Map<Item, readonly ResolvedName[]>()
  #left = MOST_NAMED

  constructor(resolve: (item: unknown) => Promise<Named<unknown>>) {
    this.#resolve = resolve
  }

  async read(hit: Item): Promise<Item> {
    if (this.#left === 0) return hit
    // One whose names cannot be resolved has cost as much.
    this.#left--
    const { value, names } = await this.#resolve(hit.source)
    if (names.length === 0) {
      this.#left++
      return hit
    }
    const item = readItem(value, null)
    this.#names.set(item, names)
    return item
  }

  namesOf(item: Item): readonly ResolvedName[] {
    return this.#names.get(item) ?? []
  }
}

function plain<T>(value: T): Named<T> {
  return { value, names: [] }
}

/** The item of a request that is asked again is the same object. */
const readInline = perObject(found)

function found(
  value: unknown,
  href: string | null,
  assets: NdviRequest['assets'],
  chosen: string,
): Omit<FoundScene, 'names'> {
  const item = readItem(value, href)
  return { scene: readScene(item, assets), chosen, source: item.source }
}
