// Which items are of one acquisition, and which of those its newest processing is.

import { nextTurn, turnIsOver } from '../async/turns.ts'
import { groundOf, shareCovered } from '../geo/coverage.ts'
import { asText } from '../model/json.ts'
import { perObject } from '../model/per-object.ts'
import { firstMatch, isLandsatCollection1 } from '../products/product.ts'
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

/** `landsat-8`, `sentinel-2a`: as the item has it, else as its product's name begins (`S2A`, `HLS.L30`). */
function platformOf({ properties, productNames }: Item): string {
  const { platform } = properties
  if (typeof platform === 'string' && platform !== '') return platform.toLowerCase()
  for (const name of productNames) {
    const [, satellite] = /^(L[COTEM]\d{2}(?=_)|S2[A-D](?=_)|HLS\.[LS]30(?=\.))/i.exec(name) ?? []
    if (satellite !== undefined) return satellite.toLowerCase()
  }
  return ''
}

/** Two passes over one place are further apart; the times that two processings tell differ by seconds. */
export const ONE_PASS_MS = 15 * 60_000

/** An older processing of which the newer one has less is another part of the tile. */
const SAME_GROUND = 0.98

/** Strips of data end in a tile once, seldom twice; each part more is one that all others are compared with. */
const MOST_PARTS = 4

/**
 * Each acquisition once, by its newest processing, from the first to the last.
 *
 * A tile in which one strip of Sentinel-2's data ends and the next begins comes as two items of one moment, each with
 * its part of the ground (and some of both): of one processing, what covers other ground is no duplicate.
 *
 * @returns what stays, and what gives way to which
 */
export async function newestOfEach(
  items: readonly DatedItem[],
  signal: AbortSignal,
): Promise<{
  readonly kept: readonly DatedItem[]
  readonly passed: readonly { readonly item: Item; readonly by: Item }[]
}> {
  const kept: DatedItem[] = []
  const passed: { readonly item: Item; readonly by: Item }[] = []
  for (const same of byAcquisition(items.toSorted(inTime))) {
    const parts: DatedItem[] = []
    for (const next of same.toSorted((one, other) => compareProcessing(other.item, one.item))) {
      if (turnIsOver()) await nextTurn(signal)
      const most = parts.length < MOST_PARTS ? undefined : parts[0]
      const newer = parts.find(({ item }) => !isOtherPart(next.item, item)) ?? most
      if (newer === undefined) parts.push(next)
      else passed.push({ item: next.item, by: newer.item })
    }
    kept.push(...parts)
  }
  return { kept: kept.toSorted(inTime), passed }
}

/** Items of one tile that one platform took within minutes. @param items in order of time */
function byAcquisition(items: readonly DatedItem[]): DatedItem[][] {
  const acquisitions: DatedItem[][] = []
  const latest = new Map<string, DatedItem[]>()
  for (const next of items) {
    const tile = tileOf(next.item)
    const key = `${next.platform}\n${tile}`
    const same = tile === null ? undefined : latest.get(key)
    if (same !== undefined && next.time - (same.at(-1)?.time ?? 0) <= ONE_PASS_MS) {
      same.push(next)
      continue
    }
    const first = [next]
    latest.set(key, first)
    acquisitions.push(first)
  }
  return acquisitions
}

function isOtherPart(older: Item, newer: Item): boolean {
  if (compareProcessing(older, newer, versionOf) !== 0) return false
  const [part, other] = [groundOfItem(older), groundOfItem(newer)]
  return part !== null && other !== null && shareCovered(part, other) < SAME_GROUND
}

const groundOfItem = perObject(({ geometry }: Item) => groundOf(geometry))

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
function compareProcessing(one: Item, other: Item, told = processingOf): number {
  const [first, second] = [told(one), told(other)]
  for (const [at, value] of first.entries()) {
    const difference = byText(value, second[at] ?? '')
    if (difference !== 0) return difference
  }
  return 0
}

/** What tells processings apart, the most telling first; each text rises with what it stands for. */
function processingOf(item: Item): string[] {
  const { properties, id } = item
  return [
    ...versionOf(item),
    asText(properties['s2:generation_time']) ||
      asText(properties['processing:datetime']) ||
      inNames(item, /_\d{8}_(\d{8})_/),
    // Earth Search counts the processings of an acquisition in its ids.
    inNames(item, /_(\d+)_L[12][AC]$/).padStart(4, '0'),
    asText(properties['updated']) || asText(properties['created']),
    id,
  ]
}

/** Of what all items have that the producer makes in the same way. */
function versionOf(item: Item): string[] {
  const { properties } = item
  const tier = inNames(item, /_(T1|T2|RT)(?:_|$)/)
  return [
    isLandsatCollection1(item) ? '1' : '2',
    { T1: '3', T2: '2', RT: '1' }[tier] ?? '0',
    asText(properties['s2:processing_baseline']) ||
      asText(properties['processing:version']) ||
      inNames(item, /_N(\d{4})_/),
  ]
}

function inNames(item: Item, pattern: RegExp): string {
  return firstMatch(item, pattern)?.[1] ?? ''
}
