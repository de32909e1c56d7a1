// Where an API takes a search, as its landing page says: for one that does not take it by POST at the usual address.

import { asText, isJsonObject } from '../model/json.ts'
import type { Documents } from './documents.ts'
import { asGet, type PageRequest } from './search-request.ts'

/**
 * The search by the landing page's links of rel `search`: POST where one says so of another address than the one that
 * refused it, else GET, which every API with item search must take. null where the page cannot be read or has no such
 * link.
 */
export async function requestByLink(
  root: URL,
  { url: refused, body }: PageRequest,
  documents: Documents,
  signal: AbortSignal,
): Promise<PageRequest | null> {
  const page = await documents.json(root.href, {}, signal).catch(() => null)
  signal.throwIfAborted()
  if (page === null || !isJsonObject(page.value)) return null
  const links = Array.isArray(page.value.links) ? page.value.links.filter(isJsonObject) : []
  const found = links.flatMap(({ rel, href, method }) =>
    rel === 'search' && typeof href === 'string' && URL.canParse(href, page.href)
      ? { url: new URL(href, page.href).href, isPost: /^post$/i.test(asText(method)) }
      : [],
  )
  const link =
    found.find(({ isPost, url }) => isPost && url !== refused) ??
    found.find(({ isPost }) => !isPost)
  if (link === undefined || !/^https?:/i.test(link.url)) return null
  return link.isPost ? { url: link.url, method: 'POST', headers: {}, body } : asGet(link.url, body)
}
