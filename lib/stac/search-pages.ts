// Asks a STAC API for items, page by page.

import { describeError, GreenprintError } from '../errors.ts'
import { canonicalJson } from '../ipld/canonical-json.ts'
import type { Json, JsonObject } from '../model/json.ts'
import type { SceneSearch } from '../model/request.ts'
import type { Documents, JsonDocument } from './documents.ts'
import { type NextLink, readPage } from './objects.ts'

/** Items asked for at once: whole items weigh about 50 KB, and servers on Lambda cannot answer more than 6 MB. */
export const PAGE_SIZE = 50
/** Most items that are looked at; what is best among more is not known. */
export const MAX_ITEMS = 200
/** Most pages that are asked for, for servers that ignore `limit`. */
export const MAX_PAGES = 10

/** One page, or several put together. */
export interface FoundItems {
  /** Where the search was asked. */
  readonly api: string
  readonly features: readonly unknown[]
  /** How many match on the server, where it says so. */
  readonly matched: number | null
  /** Whether the server has more after these. */
  readonly more: boolean
}

interface PageRequest {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body: JsonObject
}

/**
 * Up to MAX_ITEMS (or the search's own smaller `limit`) items that match, in the server's order.
 *
 * @throws {GreenprintError} as itemPages does
 */
export async function findItems(
  search: SceneSearch,
  defaultApi: string | null,
  documents: Documents,
  signal: AbortSignal,
): Promise<FoundItems> {
  const limit = Math.min(search.limit ?? MAX_ITEMS, MAX_ITEMS)
  const features: unknown[] = []
  let last: FoundItems | null = null
  let pages = 0
  for await (const page of itemPages({ ...search, limit }, defaultApi, documents, signal)) {
    features.push(...page.features)
    last = page
    pages++
    if (features.length >= limit || pages === MAX_PAGES) break
  }
  return {
    api: last?.api ?? searchUrl(search.api ?? defaultApi),
    features: features.slice(0, limit),
    matched: last?.matched ?? null,
    more: last?.more === true || features.length > limit,
  }
}

/**
 * The items that match, page by page in the server's order, as long as it has more and the caller goes on asking.
 * A page is at most PAGE_SIZE items, or the search's own smaller `limit`.
 *
 * @throws {GreenprintError} `invalid_request` for a search that names no API or two areas; `search_failed` when the
 *   API cannot be reached or its answer is no item search
 */
export async function* itemPages(
  search: SceneSearch,
  defaultApi: string | null,
  documents: Documents,
  signal: AbortSignal,
): AsyncGenerator<FoundItems, void, void> {
  const api = searchUrl(search.api ?? defaultApi)
  const body = searchBody(search, Math.min(search.limit ?? PAGE_SIZE, PAGE_SIZE))
  const asked = new Set<string>()
  let matched: number | null = null
  let request: PageRequest | null = { url: api, method: 'POST', headers: {}, body }
  while (request !== null) {
    asked.add(canonicalJson(request))
    const answer = await askPage(request, documents, signal)
    const page = readPage(answer.document.value, answer.document.href)
    if (page === null) throw notASearch(api, answer.document.value)
    matched ??= page.matched
    const next = page.features.length === 0 ? null : following(answer.request, page.next)
    // Some servers hand out the same next link for ever.
    request = next !== null && asked.has(canonicalJson(next)) ? null : next
    yield { api, features: page.features, matched, more: request !== null }
  }
}

function searchUrl(api: string | null): string {
  if (api === null) {
    throw new GreenprintError(
      'invalid_request',
      'The search names no "api" and this deployment has no STAC_API_URL.',
    )
  }
  if (!URL.canParse(api) || !/^https?:/i.test(api)) {
    throw new GreenprintError(
      'invalid_request',
      `"${api.slice(0, 120)}" is not the http(s) address of a STAC API.`,
    )
  }
  const url = new URL(api)
  url.hash = ''
  url.pathname = url.pathname.replace(/\/+$/, '').replace(/(\/search)?$/, '/search')
  return url.href
}

/** STAC API item search, filter and sort extensions. */
function searchBody(search: SceneSearch, limit: number): JsonObject {
  const { collections, ids, bbox, intersects, datetime, query, filter } = search
  if (bbox !== undefined && intersects !== undefined) {
    throw new GreenprintError(
      'invalid_request',
      'A search takes either "bbox" or "intersects", not both.',
    )
  }
  return {
    ...(collections === undefined ? {} : { collections }),
    ...(ids === undefined ? {} : { ids }),
    ...(bbox === undefined ? {} : { bbox }),
    ...(intersects === undefined ? {} : { intersects }),
    ...(datetime === undefined ? {} : { datetime }),
    ...(query === undefined ? {} : { query }),
    ...(filter === undefined ? {} : { filter, 'filter-lang': filterLanguage(filter) }),
    // Only a hint for searches that match more than is looked at: the order is made again here.
    ...(ids === undefined
      ? { sortby: [{ field: 'properties.eo:cloud_cover', direction: 'asc' }] }
      : {}),
    limit,
  }
}

function filterLanguage(filter: Json): string {
  if (typeof filter === 'string') return 'cql2-text'
  if (typeof filter === 'object' && filter !== null && !Array.isArray(filter)) return 'cql2-json'
  throw new GreenprintError(
    'invalid_request',
    '"filter" must be CQL2: an object (cql2-json) or text (cql2-text).',
  )
}

/** The answer, and the request as it was finally put. */
async function askPage(
  request: PageRequest,
  documents: Documents,
  signal: AbortSignal,
): Promise<{ document: JsonDocument; request: PageRequest }> {
  signal.throwIfAborted()
  const { url, method, headers, body } = request
  try {
    const document =
      method === 'GET'
        ? await documents.json(url, headers, signal)
        : await documents.post(url, body, headers, signal)
    return { document, request }
  } catch (error) {
    if (signal.aborted || isFinal(error)) throw error
    // A server without the sort extension may refuse the whole search for it.
    const { sortby, ...unsorted } = body
    if (sortby !== undefined) return askPage({ ...request, body: unsorted }, documents, signal)
    const message = `The STAC search at ${url} failed: ${describeError(error)}`
    throw new GreenprintError('search_failed', message, { cause: error })
  }
}

function isFinal(error: unknown): boolean {
  return (
    error instanceof GreenprintError && ['host_refused', 'deadline_exceeded'].includes(error.code)
  )
}

/** https://github.com/radiantearth/stac-api-spec/tree/main/item-search#pagination */
function following(before: PageRequest, next: NextLink | null): PageRequest | null {
  if (next === null) return null
  const headers = next.merge ? { ...before.headers, ...next.headers } : next.headers
  const body = next.merge ? { ...before.body, ...next.body } : (next.body ?? before.body)
  return { url: next.url, method: next.method, headers, body: next.method === 'GET' ? {} : body }
}

function notASearch(api: string, value: unknown): GreenprintError {
  const got =
    typeof value === 'object' && value !== null && 'type' in value
      ? `"type": ${JSON.stringify(value.type)?.slice(0, 60)}`
      : `${value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value} without a type`
  return new GreenprintError(
    'search_failed',
    `${api} did not answer a STAC item search with a FeatureCollection but with ${got}. Give the root URL of a STAC API.`,
  )
}
