// Items of the catalogue by their ids.

import type { ItemCatalogue } from './catalogue.ts'
import { type CataloguePage, type CatalogueQuery, matches } from './catalogue-query.ts'
import { type CatalogueEntry, placesOfItem } from './entry.ts'

/** Items that are read at once. */
const AT_ONCE = 16

/** In the order of the ids, unless another is asked for. A page begins with the item of its number. */
export async function searchByIds(
  query: CatalogueQuery,
  ids: readonly string[],
  catalogue: ItemCatalogue,
  signal: AbortSignal,
): Promise<CataloguePage> {
  const { collections, order, limit, after } = query
  const wanted = collections.flatMap((collection) =>
    [...new Set(ids)].map((id) => ({ collection, id })),
  )
  const most = order === 'listed' ? Number(after ?? 0) + limit : Infinity
  const found: CatalogueEntry[] = []
  for (let at = 0; at < wanted.length && found.length <= most; at += AT_ONCE) {
    const some = wanted.slice(at, at + AT_ONCE)
    const entries = await Promise.all(
      some.map(({ collection, id }) => catalogue.get(collection, id, signal)),
    )
    const there = entries.filter((entry) => entry !== null)
    found.push(...there.filter((entry) => matches(entry, query)))
  }
  const ordered = order === 'listed' ? found : byTime(found, order)
  const from = Number(after ?? 0)
  const end = from + limit
  return {
    entries: ordered.slice(from, end),
    next: ordered.length > end ? String(end) : null,
  }
}

/** As the keys of the catalogue are in order. */
function byTime(
  entries: readonly CatalogueEntry[],
  order: 'newest' | 'oldest',
): readonly CatalogueEntry[] {
  const listed = entries.map((entry) => ({
    entry,
    tail: placesOfItem(entry.collection, entry.item)[0]?.tail ?? '',
  }))
  const newest = listed.toSorted((one, other) => (one.tail < other.tail ? -1 : 1))
  return (order === 'newest' ? newest : newest.toReversed()).map(({ entry }) => entry)
}
