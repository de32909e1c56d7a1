// From what a search says to a query of the catalogue, and its page.

import type { ItemCatalogue } from '../../catalogue/catalogue.ts'
import type { CataloguePage, CatalogueQuery } from '../../catalogue/catalogue-query.ts'
import { readFilter } from '../../catalogue/filter.ts'
import { readQuery } from '../../catalogue/query-extension.ts'
import { searchCatalogue, TooMany } from '../../catalogue/search.ts'
import { GreenprintError } from '../../errors.ts'
import { boxAroundGeometry, boxGeometry, touching } from '../../geo/antimeridian.ts'
import { boxOf, type CatalogueSearch, readInterval } from '../../request/catalogue-search.ts'
import { collectionIds } from './collections.ts'

/**
 * @param collection the only one that is searched; null for those that the search names, else all
 * @returns the page, with a token of the next one
 * @throws {GreenprintError} `invalid_request`, `store_failed`
 */
export async function searchPage(
  asked: CatalogueSearch,
  catalogue: ItemCatalogue,
  collection: string | null,
  signal: AbortSignal,
): Promise<CataloguePage> {
  const known = collectionIds(catalogue)
  const { collections, ids, datetime, sortby = [], token = null } = asked
  const named = collections === undefined || collections.length === 0 ? known : collections
  const wanted = collection === null ? named : [collection]
  const [order] = sortby
  const isById = ids !== undefined && ids.length > 0
  const query: CatalogueQuery = {
    collections: known.filter((id) => wanted.includes(id)),
    ids: isById ? ids : null,
    ...whereOf(asked),
    during: datetime === undefined ? null : readInterval(datetime),
    filter: conditionOf(asked),
    order: order === undefined ? 'listed' : order.direction === 'asc' ? 'oldest' : 'newest',
    limit: asked.limit,
    after: token === null ? null : readToken(token, isById),
  }
  try {
    const page = await searchCatalogue(query, catalogue, signal)
    return { ...page, next: page.next && Buffer.from(page.next).toString('base64url') }
  } catch (error) {
    if (!(error instanceof TooMany)) throw error
    throw invalid(
      'sortby: too many items for the oldest first; give a datetime, or the newest first',
    )
  }
}

/** The box leaves most items unread; of the ground it is too: a scene that lies aslant leaves out corners of its own. */
function whereOf({
  bbox,
  intersects,
}: CatalogueSearch): Pick<CatalogueQuery, 'bbox' | 'intersects'> {
  if (bbox === undefined) {
    return intersects === undefined
      ? { bbox: null, intersects: null }
      : { bbox: boxAroundGeometry(intersects), intersects: touching(intersects) }
  }
  const box = boxOf(bbox)
  const touchesBox = touching(boxGeometry(box))
  // Without a geometry an item is where its box is, which the catalogue compares itself.
  return { bbox: box, intersects: (geometry) => geometry == null || touchesBox(geometry) }
}

/** Of `filter` and `query`, which both must hold. */
function conditionOf({ filter, query }: CatalogueSearch): CatalogueQuery['filter'] {
  const parts = [
    ...(filter === undefined ? [] : [naming('filter', () => readFilter(filter))]),
    ...(query === undefined ? [] : [naming('query', () => readQuery(query))]),
  ]
  return parts.length === 0 ? null : (item) => parts.every((part) => part(item))
}

function naming<T>(field: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof TypeError) throw invalid(`${field}: ${error.message}`)
    throw error
  }
}

/** @param isById whether the pages are of a list of ids, which are counted */
function readToken(token: string, isById: boolean): string {
  const text = Buffer.from(token, 'base64url').toString()
  if ((isById ? /^\d{1,6}$/ : /^[a-z0-9-]+~[\x20-\x7e]{1,300}$/).test(text)) return text
  throw invalid('token: is none that a page gave')
}

function invalid(line: string): GreenprintError {
  return new GreenprintError('invalid_request', `The search has 1 fault(s): ${line}.`, {
    details: [line],
  })
}
