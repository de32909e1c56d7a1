// The published item as a deployment serves it: with addresses, which the published bytes themselves leave out.

import type { JsonObject } from '../model/json.ts'
import { isJsonObject } from '../model/json.ts'

/**
 * The item with absolute hrefs and a self link.
 *
 * @param folder address of the published directory, without a slash at its end: `https://…/ipfs/<root>`
 * @param file the item's own name in it
 */
export function decorateItem(item: JsonObject, folder: string, file: string): JsonObject {
  const assets = Object.entries(isJsonObject(item['assets']) ? item['assets'] : {})
  const links = Array.isArray(item['links']) ? item['links'] : []
  const self = { rel: 'self', href: `${folder}/${file}`, type: 'application/geo+json' }
  return {
    ...item,
    links: [self, ...links],
    assets: Object.fromEntries(assets.map(([key, asset]) => [key, withAddress(asset, folder)])),
  }
}

function withAddress(asset: JsonObject[string], folder: string): JsonObject[string] {
  if (!isJsonObject(asset) || typeof asset['href'] !== 'string') return asset
  return { ...asset, href: asset['href'].replace(/^\.\//, `${folder}/`) }
}
