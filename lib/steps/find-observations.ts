// From a search to the scenes of a series: each acquisition once, those of one observation together.

import { nextTurn, turnIsOver } from '../async/turns.ts'
import { GreenprintError } from '../errors.ts'
import { boxGeometry, touching } from '../geo/antimeridian.ts'
import { polygonsOf } from '../geo/area.ts'
import { boxesTouch } from '../geo/bbox.ts'
import type { Bbox } from '../model/grid.ts'
import type { AskedAssets, SceneSearch } from '../model/request.ts'
import type { LeftOut } from '../model/series.ts'
import { unsignedUrl } from '../model/unsigned-url.ts'
import type { Zone } from '../model/zones.ts'
import { byObservation } from '../stac/by-observation.ts'
import { withDefaultCollections } from '../stac/default-collections.ts'
import { boundsOfGeometry } from '../stac/geometry.ts'
import { type Item, readItem } from '../stac/item.ts'
import { type DatedItem, dateItem, newestOfEach } from '../stac/same-acquisition.ts'
import { readScene } from '../stac/scene.ts'
import { itemPages } from '../stac/search-pages.ts'
import { apiRoot } from '../stac/search-request.ts'
import { strayFrom } from '../stac/stray-items.ts'
import type { SceneFinding } from './find-scene.ts'

/** Scenes of one series. */
export const MOST_SCENES = 366
/** Items that are looked at: several of an acquisition, and some beside the zones. */
const MOST_ITEMS = 3_000
const MOST_PAGES = 100

/** Scenes that count as one. */
export interface ObservedDay {
  /** On which it began: `YYYY-MM-DD`, UTC. */
  readonly day: string
  readonly scenes: readonly DatedItem[]
}

export interface FoundObservations {
  /** Where the search was asked. */
  readonly api: string
  /** By time. */
  readonly observations: readonly ObservedDay[]
  readonly leftOut: readonly LeftOut[]
}

interface ObservationWish {
  readonly search: SceneSearch
  readonly zones: readonly Zone[]
  readonly assets?: AskedAssets
}

/**
 * @throws {GreenprintError} `invalid_request` for a search without collections, `scene_not_found`, `too_large` for more
 *   scenes than a series has, and what `itemPages` throws
 */
export async function findObservations(
  wish: ObservationWish,
  finding: SceneFinding,
  signal: AbortSignal,
): Promise<FoundObservations> {
  const { api, counts, items, leftOut } = await lookThrough(wish, finding, signal)
  const dated = items.flatMap((item) => {
    const each = dateItem(item)
    if (each === null) leftOut.push({ id: item.id, reason: 'it does not say when it was taken' })
    return each === null ? [] : [each]
  })
  const { kept, passed } = await newestOfEach(dated, signal)
  for (const { item, by } of passed) {
    leftOut.push({ id: item.id, reason: `${by.id} is a newer processing of the same acquisition` })
  }
  if (kept.length > MOST_SCENES) throw tooMany(kept.length)
  if (kept.length === 0) throw noneFound(api, counts, leftOut)
  const observations = byObservation(kept, (each) => each)
  return {
    api: unsignedUrl(api),
    observations: observations.map((scenes) => ({ day: scenes[0]!.day, scenes })),
    leftOut,
  }
}

/** Of items. */
interface Counts {
  readonly looked: number
  /** Beside the zones. */
  readonly beside: number
}

interface LookedThrough {
  readonly api: string
  readonly counts: Counts
  /** Those that can be used, each once, in the server's order. */
  readonly items: readonly Item[]
  /** The others of the zones. */
  readonly leftOut: LeftOut[]
}

/** All pages of the search, as far as a series may go. */
async function lookThrough(
  { search, zones, assets }: ObservationWish,
  { documents, stacApiUrl }: SceneFinding,
  signal: AbortSignal,
): Promise<LookedThrough> {
  const root = apiRoot(search.api ?? stacApiUrl)
  const sought = withDefaultCollections(overZones(search, zones), root)
  if (sought.collections === undefined && sought.ids === undefined) throw withoutCollections()
  const byTime = [{ field: 'properties.datetime', direction: 'asc' }]
  const places = zones.map(({ geometry }) => ({
    box: boundsOfGeometry({ ...geometry }),
    touches: touching(geometry),
  }))
  const strayReason = strayFrom(sought)
  const found = new Map<string, Item>()
  const leftOut: LeftOut[] = []
  const limit = search.limit ?? Infinity
  let api = ''
  let pages = 0
  let looked = 0
  let beside = 0
  for await (const page of itemPages(
    { sortby: byTime, ...sought },
    stacApiUrl,
    documents,
    signal,
  )) {
    ;({ api } = page)
    for (const feature of page.features) {
      if (turnIsOver()) await nextTurn(signal)
      looked++
      const item = usable(feature, assets, leftOut)
      if (item === null) continue
      if (!isOver(item, places)) {
        beside++
        continue
      }
      const reason = strayReason(item)
      if (reason === null) found.set(JSON.stringify([item.collection, item.id]), item)
      else leftOut.push({ id: item.id, reason })
    }
    pages++
    if (looked >= limit) {
      if (page.more) leftOut.push(beyond(limit))
      break
    }
    if (page.more && (looked >= MOST_ITEMS || pages >= MOST_PAGES))
      throw found.size > MOST_SCENES
        ? tooMany(page.matched ?? looked)
        : tooFarApart(looked, found.size)
  }
  return { api, counts: { looked, beside }, items: [...found.values()], leftOut }
}

/** A search without an area of its own looks for scenes of the zones, where there are any. */
function overZones(search: SceneSearch, zones: readonly Zone[]): SceneSearch {
  if (search.bbox !== undefined || search.intersects !== undefined) return search
  const [only] = zones
  if (zones.length === 1 && only !== undefined)
    return { ...search, intersects: { ...only.geometry } }
  const coordinates = zones.flatMap(({ geometry }) => polygonsOf(geometry))
  const bbox = boundsOfGeometry({ type: 'MultiPolygon', coordinates })
  return bbox === null ? search : { ...search, bbox }
}

function usable(
  feature: unknown,
  assets: AskedAssets | undefined,
  leftOut: LeftOut[],
): Item | null {
  let item: Item | null = null
  try {
    item = readItem(feature, null)
    if (isResult(item)) return null
    readScene(item, assets)
    return item
  } catch (error) {
    if (!(error instanceof GreenprintError)) throw error
    leftOut.push({ id: item?.id ?? 'an item', reason: error.message })
    return null
  }
}

/** What was computed here is never computed with again. */
function isResult({ collection, properties }: Item): boolean {
  return collection === 'ndvi' || properties['greenprint:request'] !== undefined
}

interface Place {
  readonly box: Bbox | null
  readonly touches: (geometry: unknown) => boolean
}

function isOver({ geometry, bbox }: Item, places: readonly Place[]): boolean {
  const ground = geometry ?? (bbox === null ? null : boxGeometry(bbox))
  if (ground === null || places.length === 0) return true
  // Boxes first: a thousand zones are soon compared with a thousand scenes.
  return places.some(
    (place) =>
      (bbox === null || place.box === null || boxesTouch(bbox, place.box)) && place.touches(ground),
  )
}

/** A limit that was copied with a search, where it is the length of a page, is not asked for to end a series. */
function beyond(limit: number): LeftOut {
  const reason = `search.limit is ${limit}, and the API has more: leave it out to take all that match`
  return { id: 'further items', reason }
}

function withoutCollections(): GreenprintError {
  return new GreenprintError(
    'invalid_request',
    'search.collections is needed: name the collection whose scenes are taken.',
  )
}

function tooMany(count: number): GreenprintError {
  return new GreenprintError(
    'too_large',
    `The search finds ${count} scenes, and at most ${MOST_SCENES} are taken: split its time (search.datetime "2023-01-01/2023-06-30", then the next half year), or ask for one platform (search.query).`,
  )
}

/** Of zones far from each other the box around them, which is searched, is of other places for the most part. */
function tooFarApart(looked: number, found: number): GreenprintError {
  return new GreenprintError(
    'too_large',
    `The search finds more than ${looked} items, and of these only ${found} can be used and lie over the area: split its time (search.datetime), or ask for zones that are near each other together and for the others in a request of their own.`,
  )
}

function noneFound(
  api: string,
  { looked, beside }: Counts,
  leftOut: readonly LeftOut[],
): GreenprintError {
  const reason = beside === 0 ? '' : `, for ${beside} lie beside the area,`
  const what =
    looked === 0
      ? 'No item matches the search'
      : `Of the ${looked} items that match the search none can be used${reason}`
  const details = leftOut.slice(0, 20).map(({ id, reason }) => `${id}: ${reason}`)
  return new GreenprintError(
    'scene_not_found',
    `${what} at ${unsignedUrl(api)}. Widen the area, the time or the filter.`,
    { details },
  )
}
