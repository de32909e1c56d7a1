// Names of products in an item: UUIDs are ids in many catalogues, and the name stands elsewhere.

import type { JsonObject } from '../model/json.ts'
import type { Scene } from '../model/scene.ts'

/** Landsat, Sentinel-2 and HLS, as their producers name what they make. */
const NAME = /^(L[COTEM]\d{2}_\w+|S2[A-D]_\w+|HLS\.[LS]30\.[\w.]+?)(\.SAFE)?$/
const MENTIONED = /(?<![A-Za-z0-9])S2[A-D]_MSIL(?:1C|2A)_\d{8}T\d{6}_N\d{4}_\w+/g
/** The same in lower case, as object stores and file systems have them; whole, for `le7_` alone begins other names, too. */
const IN_LOWER_CASE =
  /^(l[cotem]0\d_l\w{3}_\d{6}_\d{8}_\w+|s2[a-d]_msil(1c|2a)_\d{8}t\d{6}_\w+|hls\.[ls]30\.t\w{5}\.\d{7}t\d{6}\.[\w.]+?)(\.safe)?$/
/** More are the item's history. */
const MOST_MENTIONED = 8

export function productNamesOf(
  id: string,
  source: JsonObject,
  properties: JsonObject,
): Pick<Scene, 'productNames' | 'mentionedNames'> {
  const named = Object.values(properties).flatMap((value) =>
    typeof value === 'string' ? (NAME.exec(asProduced(value.trim()))?.[1] ?? []) : [],
  )
  const productNames = [...new Set([asProduced(id), ...named])]
  const { assets, links } = source
  const mentioned = [...JSON.stringify([assets, links]).matchAll(MENTIONED)].map(([name]) => name)
  return { productNames, mentionedNames: [...new Set(mentioned)].slice(0, MOST_MENTIONED) }
}

function asProduced(name: string): string {
  return IN_LOWER_CASE.test(name) ? name.toUpperCase() : name
}
