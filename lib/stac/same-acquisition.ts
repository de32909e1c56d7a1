// Which items are of one acquisition, and which of those its newest processing is.

import { isLandsatCollection1 } from '../products/product.ts'
import { readTime } from './acquisition.ts'
import type { Item } from './item.ts'

/** An item with when and by what it was taken. */
export interface DatedItem {
  readonly item: Item
  /** Milliseconds since 1970. */
  readonly time: number
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string
  readonly platform: string
}

/** null where an item does not say when it was taken. */
export function dateItem(item: Item): DatedItem | null {
  const span = item.datetime === null ? null : readTime(item.datetime)
  if (span === null) return null
  const time = Date.parse(span.start)
  return { item, time, day: new Date(time).toISOString().slice(0, 10), platform: platformOf(item) }
}

/** `landsat-8`, `sentinel-2a`: as the item has it, else as its product's name begins. */
function platformOf({ properties, productNames }: Item): string {
  const { platform } = properties
  if (typeof platform === 'string' && platform !== '') return platform.toLowerCase()
  for (const name of productNames) {
    const [, satellite] = /^(L[COTEM]\d{2}|S2[A-D])_/i.exec(name) ?? []
    if (satellite !== undefined) return satellite.toLowerCase()
  }
  return ''
}

/** Two passes over one place are further apart; the times that two processings tell differ by seconds. */
export const ONE_PASS_MS = 15 * 60_000

/**
 * Each acquisition once, by its newest processing, from the first to the last.
 *
 * @returns what stays, and what gives way to which
 */
export function newestOfEach(items: readonly DatedItem[]): {
  readonly kept: readonly DatedItem[]
  readonly passed: readonly { readonly item: Item; readonly by: Item }[]
} {
  const kept: DatedItem[] = []
  const passed: { readonly item: Item; readonly by: Item }[] = []
  const last = new Map<string, number>()
  for (const next of items.toSorted(inTime)) {
    const tile = tileOf(next.item)
    const key = `${next.platform}\n${tile}`
    const at = tile === null ? undefined : last.get(key)
    const there = at === undefined ? undefined : kept[at]
    if (at === undefined || there === undefined || next.time - there.time > ONE_PASS_MS) {
      if (tile !== null) last.set(key, kept.length)
      kept.push(next)
      continue
    }
    const isNewer = compareProcessing(next.item, there.item) > 0
    passed.push(isNewer ? { item: there.item, by: next.item } : { item: next.item, by: there.item })
    if (isNewer) kept[at] = next
  }
  return { kept: kept.toSorted(inTime), passed }
}

/** What of a scene tells its place among others. */
interface InTime {
  readonly time: number
  readonly item: Pick<Item, 'id' | 'collection'>
}

/** By time, then by id and collection, whatever the order in which they were found. */
export function inTime(one: InTime, other: InTime): number {
  return (
    one.time - other.time ||
    byText(one.item.id, other.item.id) ||
    byText(one.item.collection ?? '', other.item.collection ?? '')
  )
}

function byText(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1
}

/** The tile, or path and row, that a scene covers; null where nothing tells, and no other is of the same one. */
function tileOf(item: Item): string | null {
  const { properties, productNames } = item
  const text = (name: string) => {
    const value = properties[name]
    return typeof value === 'string' || typeof value === 'number'
      ? String(value).toUpperCase()
      : null
  }
  const [path, row] = [text('landsat:wrs_path'), text('landsat:wrs_row')]
  if (path !== null && row !== null) return `${path.padStart(3, '0')}${row.padStart(3, '0')}`
  const code = text('grid:code') ?? text('s2:mgrs_tile') ?? text('s2:tile_id')
  for (const name of [...(code === null ? [] : [code]), ...productNames]) {
    const [, landsat] = /^L[COTEM]\d{2}_(?:L\w{3}_)?(\d{6})_/i.exec(name) ?? []
    const [, mgrs] = /(?:^|[-_.T])(\d{1,2}[C-X][A-Z]{2})(?:[-_.]|$)/i.exec(name) ?? []
    const found = landsat ?? mgrs
    if (found !== undefined) return found.toUpperCase().padStart(5, '0')
  }
  return null
}

/** Above 0 where the first is the newer processing of the two. */
function compareProcessing(one: Item, other: Item): number {
  const [first, second] = [processingOf(one), processingOf(other)]
  for (const [at, value] of first.entries()) {
    const difference = byText(value, second[at] ?? '')
    if (difference !== 0) return difference
  }
  return 0
}

/** What tells processings apart, the most telling first; each text rises with what it stands for. */
function processingOf(item: Item): string[] {
  const { properties, id, productNames } = item
  const text = (name: string) => {
    const value = properties[name]
    return typeof value === 'string' ? value : ''
  }
  const names = [id, ...productNames]
  const matched = (pattern: RegExp) =>
    names.map((name) => pattern.exec(name)?.[1] ?? '').find((found) => found !== '') ?? ''
  const tier = matched(/_(T1|T2|RT)(?:_|$)/)
  return [
    isLandsatCollection1(item) ? '1' : '2',
    { T1: '3', T2: '2', RT: '1' }[tier] ?? '0',
    text('s2:processing_baseline') || text('processing:version') || matched(/_N(\d{4})_/),
    text('s2:generation_time') || text('processing:datetime') || matched(/_\d{8}_(\d{8})_/),
    // Earth Search counts the processings of an acquisition in its ids.
    matched(/_(\d+)_L[12][AC]$/).padStart(4, '0'),
    text('updated') || text('created'),
    id,
  ]
}
