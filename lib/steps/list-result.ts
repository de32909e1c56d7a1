// A result's item in the catalogue of what was made here.

import type { ItemCatalogue } from '../catalogue/catalogue.ts'
import type { JsonObject } from '../model/json.ts'

/** Ids of the collections of what this deployment makes. */
export const madeCollections = {
  ndvi: 'ndvi',
  change: 'changes',
  composite: 'composites',
  fingerprints: 'scenes',
} as const

export interface Listing {
  readonly catalogue: ItemCatalogue
}

/**
 * An item without a time or a box, which no search could find, is not listed.
 *
 * @param item null where the result has none
 * @throws {GreenprintError} `store_failed`
 */
export async function listResult(
  made: keyof typeof madeCollections,
  item: JsonObject | null,
  root: string,
  { catalogue }: Listing,
  signal: AbortSignal,
): Promise<void> {
  if (item === null) return
  await catalogue.put({ collection: madeCollections[made], item, root }, signal)
}
