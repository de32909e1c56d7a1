// A search as a STAC API is asked for it: by POST with a body, or by GET with the same in its address.

import { GreenprintError } from '../errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'
import type { SceneSearch } from '../model/request.ts'
import { widenDatetime } from './datetime-range.ts'

export interface PageRequest {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  /** Of a POST; of a GET what its address was made of, or {}. */
  readonly body: JsonObject
}

/** Root of an API, without `/search` and without a slash at its end. @throws {GreenprintError} `invalid_request` */
export function apiRoot(api: string | null): URL {
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
  url.pathname = url.pathname.replace(/(?<!\/)\/+$/, '').replace(/\/search$/, '')
  return url
}

/** Where most APIs take a search. */
export function searchUrl(root: URL): string {
  const url = new URL(root)
  url.pathname = `${url.pathname.replace(/(?<!\/)\/+$/, '')}/search`
  return url.href
}

/**
 * STAC API item search, filter and sort extensions.
 *
 * @throws {GreenprintError} `invalid_request`
 */
export function searchBody(search: SceneSearch, limit: number): JsonObject {
  const { collections, ids, bbox, intersects, datetime, query, filter, sortby } = search
  if (bbox !== undefined && intersects !== undefined) {
    throw new GreenprintError(
      'invalid_request',
      'A search takes either "bbox" or "intersects", not both.',
    )
  }
  // Only a hint for searches that match more than is looked at: the order is made again here.
  const byCloud = [{ field: 'properties.eo:cloud_cover', direction: 'asc' }]
  return {
    ...(collections === undefined ? {} : { collections }),
    ...(ids === undefined ? {} : { ids }),
    ...(bbox === undefined ? {} : { bbox }),
    ...(intersects === undefined ? {} : { intersects }),
    ...(datetime === undefined ? {} : { datetime: widenDatetime(datetime) }),
    ...(query === undefined ? {} : { query }),
    ...(filter === undefined ? {} : filterFields(search, filter)),
    ...(sortby === undefined && ids !== undefined
      ? {}
      : { sortby: sortby === undefined ? byCloud : sortFields(sortby) }),
    limit,
  }
}

/** `-datetime,+id` and lists of such, as a GET has them, in the words of a POST. */
function sortFields(sortby: Json): Json {
  const members: readonly Json[] =
    typeof sortby === 'string' ? sortby.split(',') : Array.isArray(sortby) ? sortby : []
  return members.map((member) => {
    if (typeof member !== 'string') return member
    const [, sign = '', field = ''] = /^\s*([+-]?)\s*(.*?)\s*$/.exec(member) ?? []
    return { field, direction: sign === '-' ? 'desc' : 'asc' }
  })
}

function filterFields(search: SceneSearch, filter: Json): JsonObject {
  const { 'filter-lang': language = filterLanguage(filter), 'filter-crs': crs } = search
  return { filter, 'filter-lang': language, ...(crs === undefined ? {} : { 'filter-crs': crs }) }
}

function filterLanguage(filter: Json): string {
  if (typeof filter === 'string') return 'cql2-text'
  if (typeof filter === 'object' && filter !== null && !Array.isArray(filter)) return 'cql2-json'
  throw new GreenprintError(
    'invalid_request',
    '"filter" must be CQL2: an object (cql2-json) or text (cql2-text).',
  )
}

/** The same search by GET: lists by comma, objects as JSON, the order as `+field` and `-field`. */
export function asGet(url: string, body: JsonObject): PageRequest {
  const address = new URL(url)
  for (const [name, value] of Object.entries(body)) {
    if (value === undefined) continue
    address.searchParams.set(name, name === 'sortby' ? sortText(value) : parameter(value))
  }
  return { url: address.href, method: 'GET', headers: {}, body }
}

function parameter(value: Json): string {
  if (typeof value === 'string') return value
  const isPlain = Array.isArray(value) && value.every((member) => typeof member !== 'object')
  return isPlain ? value.join(',') : JSON.stringify(value)
}

function sortText(value: Json): string {
  if (!Array.isArray(value)) return parameter(value)
  const fields = value.map((member: Json) => {
    if (!isJsonObject(member)) return typeof member === 'string' ? member : ''
    const { field, direction } = member
    return `${direction === 'desc' ? '-' : '+'}${typeof field === 'string' ? field : ''}`
  })
  return fields.join(',')
}
