// A STAC API of others, of the simplest kind: an item search over a few items, by POST alone.

import { intersecting } from '../../lib/geo/intersects.ts'
import { eastEnd, TURNS } from '../../lib/geo/longitude.ts'
import type { Bbox } from '../../lib/model/grid.ts'
import { isJsonObject, type Json, type JsonObject } from '../../lib/model/json.ts'

const MAX_LIMIT = 100
/** Left out, these would make a search find what it excludes. */
const UNSUPPORTED = ['query', 'filter']

/** Serves the API under `/stac` of the local server. */
export function stacRoute(
  items: readonly JsonObject[],
): (request: Request) => Promise<Response | null> {
  return async (request) => {
    const url = new URL(request.url)
    const path = /^\/stac(\/.*)?$/.exec(url.pathname)
    if (path === null) return null
    const { status, body } = answerStac(
      items,
      `${url.origin}/stac`,
      request.method,
      path[1] ?? '',
      parse(await request.text()),
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
 * Answers `POST /search` of STAC API 1.0.0 (ids, collections, bbox, intersects, datetime, limit, token), the address
 * of each item and the landing page.
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
  const item = method === 'GET' ? findItem(items, path) : undefined
  if (item !== undefined) return { status: 200, body: item }
  if (method !== 'POST' || path !== '/search')
    return { status: 404, body: { code: 'NotFound', description: path } }
  const query = isJsonObject(body) ? body : {}
  const unsupported = UNSUPPORTED.filter((name) => query[name] !== undefined)
  if (unsupported.length > 0) return { status: 400, body: refuse(unsupported) }
  const limit = Math.min(MAX_LIMIT, Math.max(1, Number(query['limit'] ?? 10) || 10))
  const start = Math.max(0, Number(query['token'] ?? 0) || 0)
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

function findItem(items: readonly JsonObject[], path: string): JsonObject | undefined {
  const [, collection, id] = /^\/collections\/([^/]+)\/items\/([^/]+)$/.exec(path) ?? []
  return items.find((item) => item['collection'] === collection && item['id'] === id)
}

function refuse(names: readonly string[]): JsonObject {
  return {
    code: 'InvalidParameterValue',
    description: `There is no ${names.join(', ')} here; there are ids, collections, bbox, intersects and datetime.`,
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
    (query['intersects'] === undefined || intersecting(query['intersects'])(item['geometry'])) &&
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
  const one = readBox(asked)
  if (one === null) return true
  const other = readBox(box)
  if (other === null || one[1] > other[3] || one[3] < other[1]) return false
  // The same meridian has many longitudes: one turn either way brings any two boxes together.
  return TURNS.some((turn) => one[0] <= other[2] + turn && one[2] >= other[0] + turn)
}

/** west, south, east, north without heights; east of a box over the antimeridian is beyond 180. */
function readBox(value: Json | undefined): Bbox | null {
  const isBox = Array.isArray(value) && (value.length === 4 || value.length === 6)
  if (!isBox || !value.every((side) => typeof side === 'number')) return null
  const [west = 0, south = 0] = value
  const [east = 0, north = 0] = value.slice(value.length / 2)
  return [west, south, eastEnd([west, south, east, north]), north]
}

/** `a/b`, `a/..`, `../b` or one instant. Compared as times: as text, a fraction sorts before its whole second. */
function isWithin(range: Json | undefined, instant: Json | undefined): boolean {
  if (typeof range !== 'string') return true
  if (typeof instant !== 'string') return false
  const [from = '', to = from] = range.split('/')
  const isOpen = (end: string) => end === '' || end === '..'
  const time = Date.parse(instant)
  return (isOpen(from) || time >= Date.parse(from)) && (isOpen(to) || time <= Date.parse(to))
}
