// A search of the catalogue: newest first, a page at a time, by the keys as far as they tell.

import { nextTurn, turnIsOver } from '../async/turns.ts'
import { searchByIds } from './by-ids.ts'
import type { ItemCatalogue } from './catalogue.ts'
import {
  type CataloguePage,
  type CatalogueQuery,
  isFoundAt,
  matches,
  mayMatch,
} from './catalogue-query.ts'
import {
  type CatalogueEntry,
  dayKey,
  type EntryPlace,
  LONGEST_SPAN_MS,
  type Span,
} from './entry.ts'

/** Keys that one request looks at: the rest is on a next page, which may be empty. */
const MOST_KEYS = 20_000
/** Items that one request reads. */
const MOST_READ = 2_000
const CHUNK = 1_000
/** Items that are read at once. */
const AT_ONCE = 16

export async function searchCatalogue(
  query: CatalogueQuery,
  catalogue: ItemCatalogue,
  signal: AbortSignal,
): Promise<CataloguePage> {
  if (query.ids !== null) return searchByIds(query, query.ids, catalogue, signal)
  const found: CatalogueEntry[] = []
  let read = 0
  let last: string | null = null
  const take = async (places: readonly Listed[]): Promise<string | null> => {
    const items = await Promise.all(
      places.map(({ collection, place }) => catalogue.at(collection, place, signal)),
    )
    for (const [at, entry] of items.entries()) {
      if (turnIsOver()) await nextTurn(signal)
      const listed = places[at]
      const isFound =
        entry !== null && listed !== undefined && isFoundAt(listed.place, entry, query)
      if (isFound && matches(entry, query)) {
        // One more than asked for: then there is a next page, and it begins after the last that is given.
        if (found.length === query.limit) return last
        found.push(entry)
      }
      last = tokenOf(listed) ?? last
    }
    return null
  }
  let batch: Listed[] = []
  for await (const listed of placesOf(query, catalogue, signal)) {
    if (listed === 'enough') return { entries: found, next: last ?? query.after }
    const { place } = listed
    if (!mayMatch(place, query)) {
      // Nothing before it is left to be looked at again.
      if (batch.length === 0) last = tokenOf(listed)
      continue
    }
    batch.push(listed)
    if (batch.length < AT_ONCE) continue
    read += batch.length
    const next = await take(batch)
    batch = []
    if (next !== null) return { entries: found, next }
    if (read >= MOST_READ) return { entries: found, next: last }
  }
  const next = await take(batch)
  return { entries: found, next }
}

interface Listed {
  readonly collection: string
  readonly place: EntryPlace
}

function tokenOf(listed: Listed | undefined): string | null {
  return listed === undefined ? null : `${listed.collection}~${listed.place.tail}`
}

/** From where the page begins; `enough` where more were looked at than one request may. */
async function* placesOf(
  query: CatalogueQuery,
  catalogue: ItemCatalogue,
  signal: AbortSignal,
): AsyncGenerator<Listed | 'enough'> {
  let looked = 0
  for await (const listed of inOrder(query, catalogue, signal)) {
    if (++looked > MOST_KEYS) {
      yield 'enough'
      return
    }
    yield listed
  }
}

async function* inOrder(
  { collections, order, after: token, during }: CatalogueQuery,
  catalogue: ItemCatalogue,
  signal: AbortSignal,
): AsyncGenerator<Listed> {
  const bounds = during === null ? null : boundsOf(during)
  const [first = null, after = null] = token?.split('~') ?? []
  const within = (collection: string, from: string | null) =>
    placesIn(collection, from ?? bounds?.from ?? null, bounds?.to ?? null, catalogue, signal)
  if (order === 'listed') {
    const begun = first === null ? 0 : Math.max(0, collections.indexOf(first))
    for (const [at, collection] of collections.slice(begun).entries()) {
      yield* within(collection, at === 0 ? after : null)
    }
    return
  }
  if (order === 'newest') {
    yield* merged(collections.map((collection) => within(collection, after)))
    return
  }
  const all: Listed[] = []
  for await (const listed of merged(collections.map((each) => within(each, null)))) {
    all.push(listed)
    if (all.length > MOST_KEYS) throw new TooMany()
  }
  for (const listed of all.toReversed()) {
    if (after === null || listed.place.tail < after) yield listed
  }
}

/** The oldest come first only where all can be looked at. */
export class TooMany extends Error {}

/** The days that are listed: from the newest to the oldest, with those before whose items reach into them. */
function boundsOf({ start, end }: Span): {
  readonly from: string | null
  readonly to: string | null
} {
  return {
    from: Number.isFinite(end) ? dayKey(end) : null,
    to: Number.isFinite(start) ? `${dayKey(Math.max(start - LONGEST_SPAN_MS, EARLIEST))}~` : null,
  }
}

const EARLIEST = Date.UTC(1, 0, 2)

async function* placesIn(
  collection: string,
  from: string | null,
  to: string | null,
  catalogue: ItemCatalogue,
  signal: AbortSignal,
): AsyncGenerator<Listed> {
  for (let after = from; ; ) {
    const places = await catalogue.list(collection, after, CHUNK, signal)
    for (const place of places) {
      if (to !== null && place.tail > to) return
      yield { collection, place }
    }
    const last = places.at(-1)
    if (places.length < CHUNK || last === undefined) return
    after = last.tail
  }
}

async function* merged(streams: readonly AsyncGenerator<Listed>[]): AsyncGenerator<Listed> {
  const heads = await Promise.all(streams.map((stream) => stream.next()))
  for (;;) {
    let least = -1
    for (const [at, head] of heads.entries()) {
      if (head.done === true) continue
      const best = least < 0 ? undefined : heads[least]
      if (best === undefined || best.done === true || head.value.place.tail < best.value.place.tail)
        least = at
    }
    const [stream, head] = [streams[least], heads[least]]
    if (stream === undefined || head === undefined || head.done === true) return
    yield head.value
    heads[least] = await stream.next()
  }
}
