// Finds the content reference of one asset, whichever of the field's shapes its publisher used.

import { describeError } from '../errors.ts'
import { isJsonObject } from '../model/json.ts'
import type { ContentReference } from '../model/scene.ts'
import { findContentReference } from './content-reference.ts'
import type { ItemAsset } from './item.ts'

export interface AssetContent {
  readonly content: ContentReference | null
  /** References that claimed to name content and could not be used: where, what and why. */
  readonly refused: readonly string[]
}

interface Candidate {
  readonly where: string
  readonly text: unknown
  /** Whether its place alone says that it names content. */
  readonly claims: boolean
}

/**
 * The first usable of: `dgeo:cid`; the alternate whose key is `ipfs` in any letter case (object with `href`, or a bare
 * string); any other alternate that names content; the main href, also as resolved against the item's URL.
 * Alternates named Filecoin are never content: what stands there is a piece or a deal.
 */
export function contentOf(asset: ItemAsset): AssetContent {
  const refused: string[] = []
  for (const { where, text, claims } of candidates(asset)) {
    if (typeof text !== 'string' || text === '') {
      if (claims) refused.push(`${where} has no address`)
      continue
    }
    try {
      const content = findContentReference(text)
      if (content !== null) return { content, refused }
      if (claims) refused.push(`${where}: "${text.slice(0, 120)}" names no IPFS content.`)
    } catch (error) {
      refused.push(`${where}: ${describeError(error)}`)
    }
  }
  return { content: null, refused }
}

function candidates({ fields, href, url }: ItemAsset): Candidate[] {
  const alternates = Object.entries(isJsonObject(fields.alternate) ? fields.alternate : {})
    .filter(([key]) => !/^fil(ecoin)?$/i.test(key))
    .map(([key, value]) => ({
      where: `alternate.${key}`,
      text: isJsonObject(value) ? value.href : value,
      claims: key.toLowerCase() === 'ipfs',
    }))
  const found: Candidate[] = []
  if (fields['dgeo:cid'] !== undefined) {
    found.push({ where: 'dgeo:cid', text: fields['dgeo:cid'], claims: true })
  }
  found.push(...alternates.filter(({ claims }) => claims))
  found.push(...alternates.filter(({ claims }) => !claims))
  found.push({ where: 'href', text: href, claims: false })
  // A relative href becomes content where the item itself was read from IPFS.
  if (url !== href) found.push({ where: 'href', text: url, claims: false })
  return found
}
