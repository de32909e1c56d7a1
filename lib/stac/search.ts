// Chooses the scene that answers a search best, and says why it was chosen.

import { nextTurn, turnIsOver } from '../async/turns.ts'
import { describeError, GreenprintError } from '../errors.ts'
import type { AskedAssets, SceneSearch } from '../model/request.ts'
import type { Scene } from '../model/scene.ts'
import type { Documents } from './documents.ts'
import { type Item, readItem } from './item.ts'
import { areaOf, type RankedItem, rankItems } from './ranking.ts'
import { readScene } from './scene.ts'
import { findItems } from './search-pages.ts'
import { strayFrom } from './stray-items.ts'

export interface ChosenScene {
  readonly item: Item
  readonly scene: Scene
  /** One or two sentences: how many were found, and how this one won. */
  readonly reason: string
}

export interface RankedScenes {
  /** Where the search was asked. */
  readonly api: string
  readonly ranked: readonly RankedItem[]
  /** Why an answer of the API is not an item, one line each. */
  readonly broken: readonly string[]
  /** How many match on the server, where it says so. */
  readonly matched: number | null
  /** Whether the server has more than were looked at. */
  readonly more: boolean
}

/** How many of the passed-over items are told by name. */
const TOLD = 5

/** What is made of an item before its bands are read. */
export type PrepareItem = (item: Item, signal: AbortSignal) => Promise<Item>

/**
 * The best usable scene of a search (ranking.ts says what is better). Items without a usable red and near-infrared
 * band are passed over, and the reason tells which and why.
 *
 * @param prepare called with one item after the other, the best first, until one can be used
 * @throws {GreenprintError} `scene_not_found` when nothing matches, or nothing in the area and time;
 *   `asset_unusable` when nothing that matches can be used; and what findItems throws
 */
export async function searchScenes(
  search: SceneSearch,
  defaultApi: string | null,
  documents: Documents,
  signal: AbortSignal,
  assets: AskedAssets = {},
  prepare: PrepareItem = async (item) => item,
): Promise<ChosenScene> {
  const found = await rankScenes(search, defaultApi, documents, signal)
  const { ranked: candidates, broken } = found
  if (candidates.length + broken.length === 0) {
    throw new GreenprintError(
      'scene_not_found',
      `No item matches the search at ${found.api}. Widen the area, the time or the filter.`,
    )
  }
  const count = counted(candidates.length + broken.length, found)
  const here = withoutStrays(candidates, search)
  if (here.length + broken.length === 0) {
    throw new GreenprintError(
      'scene_not_found',
      `None of the ${count} found at ${found.api} is of the searched area, time and ids: the API does not look at them.`,
    )
  }
  const passedOver: string[] = []
  for (const ranked of here) {
    try {
      const item = await prepare(ranked.item, signal)
      return {
        item,
        scene: readScene(item, assets),
        reason: reasonFor(ranked, `${bestOf(count)} found at ${found.api}`, passedOver),
      }
    } catch (error) {
      if (!(error instanceof GreenprintError)) throw error
      passedOver.push(error.message)
    }
  }
  throw noneUsable(count, found.api, [...passedOver, ...broken])
}

/** Those that lie in the searched area, and are of its time and ids. */
export function withoutStrays(found: readonly RankedItem[], search: SceneSearch): RankedItem[] {
  const strayReason = strayFrom(search)
  return found.filter(({ isElsewhere, item }) => !isElsewhere && strayReason(item) === null)
}

function noneUsable(count: string, api: string, reasons: readonly string[]): GreenprintError {
  const message =
    reasons.length === 1
      ? `The only item found at ${api} cannot be used: ${reasons[0]}`
      : `None of the ${count} found at ${api} can be used. The best of them: ${reasons[0]}`
  return new GreenprintError('asset_unusable', message, { details: told(reasons) })
}

/**
 * All that a search finds, the best first, whether or not it can be used.
 *
 * @throws {GreenprintError} what findItems throws
 */
export async function rankScenes(
  search: SceneSearch,
  defaultApi: string | null,
  documents: Documents,
  signal: AbortSignal,
): Promise<RankedScenes> {
  const { api, features, matched, more } = await findItems(search, defaultApi, documents, signal)
  const { items, broken } = await readItems(features, signal)
  const ranked = await rankItems(items, areaOf(search), signal)
  return { api, ranked, broken, matched, more }
}

/** Each item once, however many pages it was on. */
async function readItems(features: readonly unknown[], signal: AbortSignal) {
  const items = new Map<string, Item>()
  const broken: string[] = []
  for (const feature of features) {
    if (turnIsOver()) await nextTurn(signal)
    try {
      const item = readItem(feature, null)
      const key = JSON.stringify([item.collection, item.id])
      if (!items.has(key)) items.set(key, item)
    } catch (error) {
      broken.push(describeError(error))
    }
  }
  return { items: [...items.values()], broken }
}

function reasonFor(ranked: RankedItem, found: string, passedOver: readonly string[]): string {
  const { coverage, cloud, item } = ranked
  const merits = [
    ...(coverage === null ? [] : [`covers ${percent(coverage * 100)} of the area`]),
    cloud === null ? 'cloud cover unknown' : `cloud cover ${percent(cloud)}`,
    item.datetime === null ? 'date unknown' : `acquired ${item.datetime}`,
  ]
  const sentence = `${found}: ${merits.join(', ')}.`
  if (passedOver.length === 0) return sentence
  const lead =
    passedOver.length === 1 ? '1 better item was' : `${passedOver.length} better items were`
  return `${sentence} ${lead} passed over: ${told(passedOver).join(' ')}`
}

function bestOf(count: string): string {
  return count === '1 item' ? 'The only item' : `Best of the ${count}`
}

function counted(items: number, { matched, more }: RankedScenes): string {
  const count = `${items} item${items === 1 ? '' : 's'}`
  if (!more && (matched ?? 0) <= items) return count
  return matched === null ? `first ${count} (there are more)` : `first ${count} (of ${matched})`
}

function told(reasons: readonly string[]): string[] {
  const rest = reasons.length - TOLD
  return rest > 0 ? [...reasons.slice(0, TOLD), `And ${rest} more.`] : [...reasons]
}

/** At most two decimals, and never rounded up to a full hundred. */
function percent(value: number): string {
  return `${Math.floor(value * 100 + 1e-6) / 100} %`
}
