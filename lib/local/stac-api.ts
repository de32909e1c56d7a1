// A STAC API item search over a few items in memory: what the local system searches by default.

import type { Bbox } from '../model/grid.ts'
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'

const MAX_LIMIT = 100

/** Serves the API under `/stac` of the local server. */
export function stacAside(items: readonly JsonObject[]) {
  return (method: string, url: URL, text: string): Response | null => {
    const path = /^\/stac(\/.*)?$/.exec(url.pathname)
    if (path === null) return null
    const { status, body } = answerStac(
      items,
      `${url.origin}/stac`,
      method,
      path[1] ?? '',
      parse(text),
    )
    return Response.json(body, { status })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/**
 * Answers `POST /search` of STAC API 1.0.0 (ids, collections, bbox, datetime, limit, token) and the landing page.
 *
 * @param base the API's own root URL
 * @returns the status and the JSON to answer with
 */
export function answerStac(
  items: readonly JsonObject[],
  base: string,
  method: string,
  path: string,
  body: unknown,
): { status: number; body: JsonObject } {
  if (method === 'GET' && (path === '' || path === '/'))
    return { status: 200, body: landingPage(base) }
  if (method !== 'POST' || path !== '/search')
    return { status: 404, body: { code: 'NotFound', description: path } }
  const query = isJsonObject(body) ? body : {}
  const limit = Math.min(MAX_LIMIT, Math.max(1, Number(query['limit'] ?? 10) || 10))
  const start = Number(query['token'] ?? 0) || 0
  const matched = items.filter((item) => matches(item, query))
  const features = matched.slice(start, start + limit)
  const next = start + limit < matched.length ? [nextLink(base, query, start + limit)] : []
  return {
    status: 200,
    body: {
      type: 'FeatureCollection',
      features,
      numberMatched: matched.length,
      numberReturned: features.length,
      links: [{ rel: 'root', href: base, type: 'application/json' }, ...next],
    },
  }
}

function landingPage(base: string): JsonObject {
  return {
    type: 'Catalog',
    stac_version: '1.1.0',
    id: 'greenprint-local',
    description: 'The sample scene of a local Greenprint.',
    conformsTo: [
      'https://api.stacspec.org/v1.0.0/core',
      'https://api.stacspec.org/v1.0.0/item-search',
    ],
    links: [
      { rel: 'self', href: base, type: 'application/json' },
      { rel: 'search', href: `${base}/search`, type: 'application/geo+json', method: 'POST' },
    ],
  }
}

function nextLink(base: string, query: JsonObject, start: number): JsonObject {
  return {
    rel: 'next',
    href: `${base}/search`,
    method: 'POST',
    body: { ...query, token: String(start) },
  }
}

function matches(item: JsonObject, query: JsonObject): boolean {
  return (
    isListed(query['ids'], item['id']) &&
    isListed(query['collections'], item['collection']) &&
    overlaps(query['bbox'], item['bbox']) &&
    isWithin(
      query['datetime'],
      isJsonObject(item['properties']) ? item['properties']['datetime'] : undefined,
    )
  )
}

function isListed(list: Json | undefined, value: Json | undefined): boolean {
  return !Array.isArray(list) || list.length === 0 || (value !== undefined && list.includes(value))
}

function overlaps(asked: Json | undefined, box: Json | undefined): boolean {
  if (!isBbox(asked)) return true
  return (
    isBbox(box) &&
    asked[0] <= box[2] &&
    asked[2] >= box[0] &&
    asked[1] <= box[3] &&
    asked[3] >= box[1]
  )
}

function isBbox(value: Json | undefined): value is Bbox & Json {
  return (
    Array.isArray(value) && value.length === 4 && value.every((side) => typeof side === 'number')
  )
}

/** `a/b`, `a/..`, `../b` or one instant; RFC 3339 in UTC sorts as text. */
function isWithin(range: Json | undefined, instant: Json | undefined): boolean {
  if (typeof range !== 'string') return true
  if (typeof instant !== 'string') return false
  const [from = '', to = from] = range.split('/')
  return (
    (from === '' || from === '..' || instant >= from) && (to === '' || to === '..' || instant <= to)
  )
}
