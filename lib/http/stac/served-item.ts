// An item of the catalogue as it is served: with addresses, which published bytes leave out.

import type { CatalogueEntry } from '../../catalogue/entry.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'
import { decorateItem } from '../../stac/decorated-item.ts'

/** @param base address of this deployment, without a slash at its end */
export function servedItem({ collection, item, root }: CatalogueEntry, base: string): JsonObject {
  const api = `${base}/stac`
  const owner = `${api}/collections/${collection}`
  const self = `${owner}/items/${encodeURIComponent(idOf(item))}`
  const absolute = root === null ? item : decorateItem(item, `${base}/ipfs/${root}`, 'item.json')
  const links = (Array.isArray(absolute['links']) ? absolute['links'] : []).filter(isJsonObject)
  // The item's own links to catalogues are to those of its producer.
  const others = links.filter(({ rel }) => typeof rel === 'string' && !own.has(rel))
  const canonical =
    root === null
      ? []
      : [{ rel: 'canonical', href: `${base}/ipfs/${root}/item.json`, type: 'application/geo+json' }]
  return {
    ...absolute,
    collection,
    links: [
      { rel: 'self', href: self, type: 'application/geo+json' },
      { rel: 'root', href: api, type: 'application/json' },
      { rel: 'parent', href: owner, type: 'application/json' },
      { rel: 'collection', href: owner, type: 'application/json' },
      ...canonical,
      ...others,
    ],
  }
}

const own: ReadonlySet<string> = new Set(['self', 'root', 'parent', 'collection', 'canonical'])

/** It was listed by it. */
function idOf({ id }: JsonObject): string {
  return typeof id === 'string' ? id : ''
}
