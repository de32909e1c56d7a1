// What a search of the catalogue asks for, and whether an item is that.

import { boxesTouch } from '../geo/bbox.ts'
import type { Bbox } from '../model/grid.ts'
import type { Condition } from './conditions.ts'
import {
  type CatalogueEntry,
  type EntryPlace,
  placesOfItem,
  type Span,
  spanOfItem,
} from './entry.ts'
import { boxOfItem } from './item-box.ts'

export interface CatalogueQuery {
  readonly collections: readonly string[]
  /** null = any. */
  readonly ids: readonly string[] | null
  /** West > east crosses the antimeridian. */
  readonly bbox: Bbox | null
  /** Whether the geometry of an item touches the one asked for. */
  readonly intersects: ((geometry: unknown) => boolean) | null
  /** Milliseconds since 1970; infinite where open. */
  readonly during: Span | null
  readonly filter: Condition | null
  /** `listed`: collection by collection, of each the newest first. */
  readonly order: 'listed' | 'newest' | 'oldest'
  readonly limit: number
  /** Of the page before; null for the first. */
  readonly after: string | null
}

export interface CataloguePage {
  readonly entries: readonly CatalogueEntry[]
  /** Where the next page begins; null where there is none. */
  readonly next: string | null
}

/** By the key alone: false only where the item cannot match. */
export function mayMatch(
  { start, end, box }: EntryPlace,
  { bbox, during }: CatalogueQuery,
): boolean {
  return isDuring({ start, end }, during) && (bbox === null || boxesTouch(bbox, box))
}

function isDuring({ start, end }: Span, during: CatalogueQuery['during']): boolean {
  // A second more: keys tell ends in whole seconds.
  return during === null || (start <= during.end && end + 1000 >= during.start)
}

/** Whether an item that is listed more than once is found at this place: at the latest that is looked for. */
export function isFoundAt(
  { tail }: EntryPlace,
  { collection, item }: CatalogueEntry,
  { during }: CatalogueQuery,
): boolean {
  const places = placesOfItem(collection, item)
  // One that was listed before 0.5.0 may stand at another moment: its time was read otherwise.
  if (places.length < 2) return true
  const first = places.find((place) => isDuring(place, during))
  return first === undefined || first.tail === tail
}

/** By all that the item tells. */
export function matches(
  { collection, item }: CatalogueEntry,
  { bbox, intersects, during, filter }: CatalogueQuery,
): boolean {
  const span = spanOfItem(item)
  if (during !== null && (span === null || span.start > during.end || span.end < during.start))
    return false
  const box = boxOfItem(item)
  if (bbox !== null && (box === null || !boxesTouch(bbox, box))) return false
  if (intersects !== null && !intersects(item['geometry'])) return false
  // As it is served: results name none, and what was fingerprinted that of its producer.
  return filter === null || filter({ ...item, collection })
}
