// Asks a STAC API for items, page by page.

import { describeError, GreenprintError } from '../errors.ts'
import { canonicalJson } from '../ipld/canonical-json.ts'
import type { SceneSearch } from '../model/request.ts'
import { withDefaultCollections } from './default-collections.ts'
import { type Documents, httpStatusOf, type JsonDocument, wordsOf } from './documents.ts'
import { type NextLink, readPage } from './objects.ts'
import { requestByLink } from './search-link.ts'
import { apiRoot, type PageRequest, searchBody, searchUrl } from './search-request.ts'

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
    // What is best of the first pages can be told, too.
    const isLast = page.more && page.next === null
    if (features.length >= limit || pages === MAX_PAGES || isLast) break
  }
  return {
    api: last?.api ?? searchUrl(apiRoot(search.api ?? defaultApi)),
    features: features.slice(0, limit),
    matched: last?.matched ?? null,
    more: last?.more === true || features.length > limit,
  }
}

/** One page, and how the one after it is asked for; null where there is none, or (`more`) none that can be asked. */
export interface FoundPage extends FoundItems {
  readonly next: PageRequest | null
}

/**
 * The items that match, page by page in the server's order, as long as it has more and the caller goes on asking.
 * A page is at most PAGE_SIZE items, or the search's own smaller `limit`.
 *
 * @param from the page to begin with; null for the first
 * @throws {GreenprintError} `invalid_request` for a search that names two areas, or an address that is no STAC API's;
 *   `host_refused`; `too_large`; `search_failed` when the API cannot be reached, the operator's answers no item
 *   search, or who goes on asking cannot be given all that it has
 */
export async function* itemPages(
  search: SceneSearch,
  defaultApi: string | null,
  documents: Documents,
  signal: AbortSignal,
  from: PageRequest | null = null,
): AsyncGenerator<FoundPage, void, void> {
  const root = apiRoot(search.api ?? defaultApi)
  const api = searchUrl(root)
  const sought = withDefaultCollections(search, root)
  const body = searchBody(sought, Math.min(search.limit ?? PAGE_SIZE, PAGE_SIZE))
  const asked = new Set<string>()
  let matched: number | null = null
  let count = 0
  let request: PageRequest | null = from ?? { url: api, method: 'POST', headers: {}, body }
  while (request !== null) {
    asked.add(canonicalJson(request))
    const isFirst = asked.size === 1 && from === null
    const answer: Answer = isFirst
      ? await askFirst(request, root, documents, signal)
      : await askPage(request, documents, signal)
    const page = readPage(answer.document.value, answer.document.href)
    if (page === null) throw notASearch(api, answer.document.value, search)
    matched ??= page.matched
    count += page.features.length
    const next = page.features.length === 0 ? null : following(answer.request, page.next)
    // Some servers hand out the same next link for ever.
    const repeats = next !== null && asked.has(canonicalJson(next))
    request = repeats ? null : next
    // Of a search that begins in its middle it is not known how many were read before.
    const left = from === null && matched !== null ? matched - count : null
    const isWhole = page.features.length === 0 || (left !== null && left <= 0)
    const cut = isWhole ? null : cutBy(page.elsewhere, repeats && left !== null)
    const more = request !== null || cut !== null
    yield { api, features: page.features, matched, more, next: request }
    if (cut !== null) throw cutShort(api, cut, count, matched)
  }
}

/** Why what the server has left cannot be read; null where it can, or nothing tells that it has any. */
function cutBy(elsewhere: string | null, repeats: boolean): string | null {
  if (elsewhere !== null)
    return `its next page is at another address (${elsewhere.replace(/\?.*$/s, '')})`
  return repeats ? 'its next page is one that was read before' : null
}

/** Whoever asks for all there is must not take a part for it. */
function cutShort(
  api: string,
  why: string,
  count: number,
  matched: number | null,
): GreenprintError {
  return new GreenprintError(
    'search_failed',
    `The STAC API at ${api} gave ${count} items${matched === null ? '' : ` of ${matched}`}, and the rest cannot be read: ${why}. Ask for fewer: a shorter time, a smaller area.`,
  )
}

interface Answer {
  readonly document: JsonDocument
  /** As it was finally put. */
  readonly request: PageRequest
}

/** Statuses of an API that does not take this method at this address; 403 is that of Amazon's API Gateway. */
const ELSEWHERE: ReadonlySet<number | null> = new Set([403, 404, 405, 410, 415, 501])
/** Of one that would refuse any search. */
const NOT_FOR_ITS_WORDS: ReadonlySet<number | null> = new Set([...ELSEWHERE, 401, 429])

/** Where the usual address takes no POST, as the landing page says; what it refuses of the search is the caller's. */
async function askFirst(
  request: PageRequest,
  root: URL,
  documents: Documents,
  signal: AbortSignal,
): Promise<Answer> {
  const ask = async (asked: PageRequest): Promise<Answer> => {
    try {
      return await askPage(asked, documents, signal)
    } catch (error) {
      throw refusedByApi(error, asked) ?? error
    }
  }
  try {
    return await ask(request)
  } catch (error) {
    if (!ELSEWHERE.has(httpStatusOf(error))) throw error
    const other = await requestByLink(root, request, documents, signal)
    if (other === null) throw error
    return ask(other)
  }
}

/** A search that the API calls bad is bad by what the caller put into it: all else of it is ours, and plain. */
function refusedByApi(error: unknown, { url }: PageRequest): GreenprintError | null {
  const status = httpStatusOf(error)
  if (status !== 400 && status !== 422) return null
  const words = wordsOf(error)
  return new GreenprintError(
    'invalid_request',
    `The STAC API at ${url.replace(/\?.*$/s, '')} refuses the search (HTTP ${status})${words === '' ? '' : `: ${words}`}.`,
    { cause: error },
  )
}

async function askPage(
  request: PageRequest,
  documents: Documents,
  signal: AbortSignal,
): Promise<Answer> {
  signal.throwIfAborted()
  const { url, method, headers, body } = request
  try {
    const document =
      method === 'GET'
        ? await documents.json(url, headers, signal, 'page')
        : await documents.post(url, body, headers, signal)
    return { document, request }
  } catch (error) {
    if (signal.aborted || isFinal(error)) throw error
    // A server without the sort extension may refuse the whole search for it.
    const { sortby, ...unsorted } = body
    if (sortby !== undefined && !NOT_FOR_ITS_WORDS.has(httpStatusOf(error))) {
      const plain = { ...request, body: unsorted }
      return askPage(method === 'GET' ? withoutSort(plain) : plain, documents, signal)
    }
    const message = `The STAC search at ${url} failed: ${describeError(error)}`
    throw new GreenprintError('search_failed', message, { cause: error })
  }
}

function withoutSort(request: PageRequest): PageRequest {
  const url = new URL(request.url)
  url.searchParams.delete('sortby')
  return { ...request, url: url.href }
}

function isFinal(error: unknown): boolean {
  return (
    error instanceof GreenprintError &&
    ['host_refused', 'too_large', 'deadline_exceeded'].includes(error.code)
  )
}

/** https://github.com/radiantearth/stac-api-spec/tree/main/item-search#pagination */
function following(before: PageRequest, next: NextLink | null): PageRequest | null {
  if (next === null) return null
  const headers = next.merge ? { ...before.headers, ...next.headers } : next.headers
  const body = next.merge ? { ...before.body, ...next.body } : (next.body ?? before.body)
  return { url: next.url, method: next.method, headers, body: next.method === 'GET' ? {} : body }
}

/** What the caller named is the caller's to correct; what the operator set is not. */
function notASearch(api: string, value: unknown, search: SceneSearch): GreenprintError {
  const got =
    typeof value === 'object' && value !== null && 'type' in value
      ? `"type": ${JSON.stringify(value.type)?.slice(0, 60)}`
      : `${value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value} without a type`
  return new GreenprintError(
    search.api === undefined ? 'search_failed' : 'invalid_request',
    `${api} did not answer a STAC item search with a FeatureCollection but with ${got}. Give the root URL of a STAC API.`,
  )
}
