// One item of two that name the same content: the copies of its files are those of both.

import { isJsonObject, type JsonObject } from '../model/json.ts'
import { namesContent } from './content-reference.ts'

/** An item, and where its relative addresses begin; null where nobody knows. */
export interface PlacedItem {
  readonly item: JsonObject
  readonly href: string | null
}

/** Of one asset: more are not read of any item. */
const MOST_UNITED = 8
const PREFIX = 'greenprint-copy-'

/**
 * The first item, its assets with the copies that the second names besides, the newest before the others: what was
 * named earlier may be gone by now. null where the second has none that are new.
 */
export function uniteCopies(known: JsonObject, other: PlacedItem): JsonObject | null {
  const [assets, others] = [known['assets'], other.item['assets']]
  if (!isJsonObject(assets) || !isJsonObject(others)) return null
  let isChanged = false
  const united = Object.entries(assets).map(([key, asset]) => {
    const namesake = Object.hasOwn(others, key) ? others[key] : undefined
    if (!isJsonObject(asset) || !isJsonObject(namesake)) return [key, asset] as const
    const there = new Set(addressesOf(asset, null))
    const fresh = addressesOf(namesake, other.href).filter((address) => !there.has(address))
    if (fresh.length === 0) return [key, asset] as const
    isChanged = true
    return [key, withCopies(asset, fresh)] as const
  })
  return isChanged ? { ...known, assets: Object.fromEntries(united) } : null
}

/** As alternates under names of their own; those of the item itself stay, for one of them may name the content. */
function withCopies(asset: JsonObject, fresh: readonly string[]): JsonObject {
  const before = Object.entries(isJsonObject(asset['alternate']) ? asset['alternate'] : {})
  const own = before.filter(([name]) => !name.startsWith(PREFIX))
  const earlier = before.filter(([name]) => name.startsWith(PREFIX)).map(([, value]) => value)
  const copies = [...fresh.map((href): JsonObject => ({ href })), ...earlier].slice(0, MOST_UNITED)
  const named = copies.map((value, at) => [`${PREFIX}${at + 1}`, value] as const)
  return { ...asset, alternate: Object.fromEntries([...named, ...own]) }
}

/** Plain copies, wherever an asset names them: what names content is the same in both. */
function addressesOf({ href, alternate }: JsonObject, base: string | null): string[] {
  const alternates = Object.values(isJsonObject(alternate) ? alternate : {})
  const texts = [href, ...alternates.map((value) => (isJsonObject(value) ? value['href'] : value))]
  return texts.flatMap((text) => {
    if (typeof text !== 'string') return []
    const url = base === null ? URL.parse(text) : URL.parse(text, base)
    if (url === null || !/^(https?|s3):$/.test(url.protocol)) return []
    return namesContent(url.href) ? [] : [url.href]
  })
}
