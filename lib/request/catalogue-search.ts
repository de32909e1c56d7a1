// What a search of the catalogue may say, by the STAC API specification: https://api.stacspec.org/v1.0.0/item-search

import type { GreenprintError } from '../errors.ts'
import { isGeometry } from '../geo/intersects.ts'
import { hasFewPositions, tooManyPositions } from '../geo/position-count.ts'
import type { Bbox } from '../model/grid.ts'
import { jsonFault } from '../model/i-json.ts'
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'
import { atMost, MOST_LISTED } from './at-most.ts'
import { atMostOne } from './choices.ts'
import { jsonObject } from './json-object.ts'
import { numbersIn } from './numbers-in.ts'
import { refusal } from './refusal.ts'
import * as z from './zod.ts'

/** More is not refused: pages are no longer than that. */
const LONGEST_PAGE = 250
const DEFAULT_PAGE = 10

/** A list, or as text by comma: some clients write it so in JSON too. */
const names = z.preprocess(
  (value) => (typeof value === 'string' ? listOf(value) : value),
  atMost(MOST_LISTED, z.array(z.string().max(1024))),
)
const fourNumbers = { error: 'must be four numbers, or six with heights' }
const direction = z.enum(['asc', 'desc'])

export const catalogueSearchSchema = z
  .exactPartial({
    collections: names.meta({ description: 'ids of collections' }),
    ids: names.meta({ description: 'ids of items' }),
    bbox: atMost(10, z.array(z.number(), fourNumbers))
      .refine((box) => box.length === 4 || box.length === 6, fourNumbers)
      .refine(isBox, { error: 'must be west, south, east, north in degrees, south first' })
      .meta({ description: 'west, south, east, north' }),
    intersects: jsonObject
      .refine(hasFewPositions, { error: tooManyPositions, abort: true })
      .refine(isGeometry, { error: 'must be a GeoJSON geometry' })
      .meta({ description: 'a GeoJSON geometry' }),
    datetime: z
      .string()
      .max(100)
      .refine((text) => readInterval(text) !== null, {
        error: 'must be an RFC 3339 time, or two with a slash between, of which one may be ".."',
      })
      .meta({ description: 'an RFC 3339 time, or two with a slash between; ".." is open' }),
    limit: z
      .int()
      .min(1)
      .meta({ description: `items on a page, of which ${LONGEST_PAGE} come at most` }),
    token: z.string().max(400).meta({ description: 'of the page before' }),
    sortby: atMost(
      4,
      z.array(z.strictObject({ field: z.string(), direction: direction.default('asc') })),
    )
      .refine((fields) => fields.every(({ field }) => sortable.has(field)), {
        error: 'must be of datetime: nothing else is sorted by',
      })
      .meta({ description: 'by `datetime`, either direction' }),
    fields: z
      .strictObject({ include: names.nullish(), exclude: names.nullish() })
      .meta({ description: 'names to include and exclude' }),
    query: jsonObject.meta({ description: 'conditions on properties' }),
    filter: jsonObject
      .refine(hasFewPositions, { error: tooManyPositions })
      .meta({ description: 'CQL2 as JSON' }),
    'filter-lang': z.enum(['cql2-json']).meta({ description: '`cql2-json`' }),
    'filter-crs': z
      .string()
      .refine((crs) => /(CRS84|EPSG\/0\/4326)$/.test(crs), { error: 'must be CRS84' })
      .meta({ description: '`http://www.opengis.net/def/crs/OGC/1.3/CRS84`' }),
  })
  .refine(...atMostOne('bbox', 'intersects'))
  .meta({ id: 'CatalogueSearch' })

const sortable: ReadonlySet<string> = new Set(['datetime', 'properties.datetime'])

export type CatalogueSearch = z.output<typeof catalogueSearchSchema> & { readonly limit: number }

export interface Interval {
  readonly start: number
  readonly end: number
}

/**
 * @param fields as JSON has them
 * @throws {GreenprintError} `invalid_request`, one detail line per fault
 */
export function readCatalogueSearch(fields: unknown): CatalogueSearch {
  const unfit = jsonFault(fields)
  if (unfit !== null) throw fault(unfit)
  const given = isJsonObject(fields) ? withoutNulls(fields) : fields
  const parsed = catalogueSearchSchema.safeParse(given)
  if (parsed.success) {
    const { limit = DEFAULT_PAGE } = parsed.data
    return { ...parsed.data, limit: Math.min(limit, LONGEST_PAGE) }
  }
  throw refusal(parsed.error.issues, 'search')
}

/** Lists by comma, numbers, and JSON, as a query string writes them. */
export function readCatalogueQuery(query: URLSearchParams): CatalogueSearch {
  const fields = new Map<string, unknown>()
  for (const [name, text] of query) {
    const read = readers.get(name)
    fields.set(name, read === undefined ? text : read(text, name))
  }
  return readCatalogueSearch(Object.fromEntries(fields))
}

const readers: ReadonlyMap<string, (text: string, name: string) => unknown> = new Map(
  Object.entries({
    bbox: numbersIn,
    limit: toNumber,
    intersects: readJson,
    query: readJson,
    filter: readJson,
    sortby: (text) =>
      listOf(text).map((part) => ({
        field: part.replace(/^[+-]/, ''),
        direction: part.startsWith('-') ? 'desc' : 'asc',
      })),
    fields: (text) => {
      const parts = listOf(text).filter((part) => part !== '')
      const exclude = parts.filter((part) => part.startsWith('-')).map((part) => part.slice(1))
      const include = parts
        .filter((part) => !part.startsWith('-'))
        .map((part) => part.replace(/^\+/, ''))
      return {
        ...(include.length > 0 ? { include } : {}),
        ...(exclude.length > 0 ? { exclude } : {}),
      }
    },
  }),
)

function listOf(text: string): string[] {
  return text.split(',').map((part) => part.trim())
}

/** What is not a number stays text, which no number may be. */
function toNumber(text: string): Json {
  const number = /^[\d.e+-]{1,40}$/i.test(text.trim()) ? Number(text) : Number.NaN
  return Number.isNaN(number) ? text : number
}

function readJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw fault(
      name === 'filter' ? 'is not CQL2 JSON; CQL2 text is not read here' : 'is not JSON',
      name,
    )
  }
}

function fault(message: string, ...path: readonly string[]): GreenprintError {
  return refusal([{ path, message }], 'search')
}

/** Null is absent, as many clients write it; only of `fields` the specification of the extension says otherwise. */
function withoutNulls(fields: JsonObject): JsonObject {
  const told = Object.entries(fields).filter(([name, value]) => value !== null || name === 'fields')
  return Object.fromEntries(told)
}

/** Without heights. */
export function boxOf(numbers: readonly number[]): Bbox {
  const [west = 0, south = 0] = numbers
  const [east = 0, north = 0] = numbers.slice(numbers.length / 2)
  return [west, south, east, north]
}

/** Whether west, south, east, north are places, south first; west may be east of east. */
export function isBox(numbers: readonly number[]): boolean {
  const [west, south, east, north] = boxOf(numbers)
  return (
    [west, east].every((lon) => Math.abs(lon) <= 180) &&
    south <= north &&
    south >= -90 &&
    north <= 90
  )
}

const TIME = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/

/** Milliseconds since 1970, infinite where open; null for what is no interval. */
export function readInterval(text: string): Interval | null {
  const ends = text.split('/')
  if (ends.length > 2) return null
  const [first = '', last = first] = ends
  const isOpen = (end: string) => ends.length === 2 && (end === '' || end === '..')
  if (isOpen(first) && isOpen(last)) return null
  const start = isOpen(first) ? Number.NEGATIVE_INFINITY : timeOf(first)
  const end = isOpen(last) ? Number.POSITIVE_INFINITY : timeOf(last)
  return Number.isNaN(start) || Number.isNaN(end) || start > end ? null : { start, end }
}

/** NaN for a time that no calendar has. */
function timeOf(text: string): number {
  const match = TIME.exec(text)
  if (match === null) return Number.NaN
  const [, year, month, day, hour, minute, second] = match.map(Number)
  const days = new Date(Date.UTC(year ?? 0, month ?? 0, 0)).getUTCDate()
  const isReal = (month ?? 0) >= 1 && (month ?? 13) <= 12 && (day ?? 0) >= 1 && (day ?? 99) <= days
  const isClock = (hour ?? 99) <= 23 && (minute ?? 99) <= 59 && (second ?? 99) <= 60
  // A leap second is the one before it to Date.
  return isReal && isClock
    ? Date.parse(text.replace(/:60(\.\d+)?/, ':59$1').toUpperCase())
    : Number.NaN
}
