// What the catalogue keeps of a STAC Item, and the key that it is found by: its time, the newest first, and its box.

import { createHash } from 'node:crypto'
import { eastEnd } from '../geo/longitude.ts'
import type { Bbox } from '../model/grid.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import { readTime } from '../stac/acquisition.ts'
import { boxOfItem } from './item-box.ts'

export interface CatalogueEntry {
  readonly collection: string
  readonly item: JsonObject
  /** Of the published directory that the item lies in; null where it lies in none. */
  readonly root: string | null
}

/** What of an item its key tells, enough to leave most items unread. */
export interface EntryPlace {
  /** Of this catalogue's keys, without the collection. */
  readonly tail: string
  /** Milliseconds since 1970, of its first and last moment. */
  readonly start: number
  readonly end: number
  /** Around its box, a little larger; east may be beyond 180. */
  readonly box: Bbox
  /** Of its collection and id. */
  readonly idHash: string
}

/** Items of a longer span, changes over years for instance, are listed once for each part of it. */
export const LONGEST_SPAN_MS = 400 * 86_400_000
/** Longer ago than 70 years before its end an item is not found by its time. */
const MOST_PARTS = 64
const DAY_MS = 86_400_000
/** Boxes are told in tenths of a degree, outward. */
const TENTHS = 10

/** Where it is listed, the latest part first; none for an item without a time or a box: no search could find it. */
export function placesOfItem(collection: string, item: JsonObject): readonly EntryPlace[] {
  const span = spanOfItem(item)
  const box = boxOfItem(item)
  if (span === null || box === null || typeof item['id'] !== 'string') return []
  const [west, south, east, north] = [box[0], box[1], eastEnd(box), box[3]]
  const outward = [
    Math.floor(west * TENTHS),
    Math.floor(south * TENTHS),
    Math.ceil(east * TENTHS),
    Math.ceil(north * TENTHS),
  ]
  const idHash = hashOfId(collection, item['id'])
  return partsOf(span).flatMap(({ start, end }) => {
    const seconds = Math.ceil((end - start) / 1000)
    const name = [dayLeft(start), seconds, ...outward, idHash].join('_')
    return readPlace(`${dayKey(start)}${name}`) ?? []
  })
}

function partsOf({ start, end }: Span): readonly Span[] {
  const parts = Math.max(1, Math.ceil((end - start) / LONGEST_SPAN_MS))
  return Array.from({ length: Math.min(parts, MOST_PARTS) }, (_, at) => ({
    start: Math.max(start, end - (at + 1) * LONGEST_SPAN_MS),
    end: end - at * LONGEST_SPAN_MS,
  }))
}

/** The same from a key; null for one that is none of ours. */
export function readPlace(tail: string): EntryPlace | null {
  const match = /^(\d{6}\/\d{2})(\d{8})_(\d+)_(-?\d+)_(-?\d+)_(-?\d+)_(-?\d+)_([0-9a-f]{40})$/.exec(
    tail,
  )
  if (match === null) return null
  const [, day = '', left = '', seconds = '', west, south, east, north, idHash = ''] = match
  const start = startOfDay(day) + (DAY_MS - 1 - Number(left))
  const box = [west, south, east, north].map((text) => Number(text) / TENTHS)
  const [w = 0, s = 0, e = 0, n = 0] = box
  return { tail, start, end: start + Number(seconds) * 1000, box: [w, s, e, n], idHash }
}

export function hashOfId(collection: string, id: string): string {
  return createHash('sha256').update(`${collection}/${id}`).digest('hex').slice(0, 40)
}

/** How keys of a day begin, in a folder for each month: later days come first. */
export function dayKey(time: number): string {
  const [year, month, day] = new Date(time).toISOString().slice(0, 10).split('-')
  const left = String(999_999 - Number(`${year}${month}`)).padStart(6, '0')
  return `${left}/${String(99 - Number(day)).padStart(2, '0')}`
}

function startOfDay(key: string): number {
  const [left = '', day = ''] = key.split('/')
  const month = String(999_999 - Number(left)).padStart(6, '0')
  const date = String(99 - Number(day)).padStart(2, '0')
  return Date.parse(`${month.slice(0, 4)}-${month.slice(4)}-${date}T00:00:00Z`)
}

/** Milliseconds until the day ends: later moments come first. */
function dayLeft(time: number): string {
  return String(DAY_MS - 1 - (((time % DAY_MS) + DAY_MS) % DAY_MS)).padStart(8, '0')
}

export interface Span {
  readonly start: number
  readonly end: number
}

/** Times without a zone are UTC, a date is all of its day. */
export function spanOfItem(item: JsonObject): Span | null {
  const properties = isJsonObject(item['properties']) ? item['properties'] : {}
  const { datetime, start_datetime, end_datetime } = properties
  const [moment, first, last] = [datetime, start_datetime, end_datetime].map(spanOf)
  if (first != null && last != null && first.start <= last.end) {
    return { start: first.start, end: last.end }
  }
  return moment ?? null
}

/** Years of four digits, as keys have them. */
function spanOf(value: unknown): Span | null {
  const told = typeof value === 'string' ? readTime(value) : null
  if (told === null) return null
  const [start, end] = [Date.parse(told.start), Date.parse(told.end)]
  return start >= Date.UTC(1, 0, 1) && end < Date.UTC(9999, 0, 1) ? { start, end } : null
}
