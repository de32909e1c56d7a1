// Many items in one document: an ItemCollection, or a payload of Cirrus, which is one with a process beside.

import { GreenprintError } from '../errors.ts'
import { isJsonObject } from '../model/json.ts'

/** Of one notice: all are submitted within the time of one call, and 10 MiB hold about as many of the largest. */
export const MOST_ITEMS = 500

/**
 * The members of a collection of features, or null for anything else.
 *
 * @throws {GreenprintError} `item_invalid` for more than MOST_ITEMS
 */
export function itemsOf(value: unknown): readonly unknown[] | null {
  if (!isJsonObject(value) || value['type'] !== 'FeatureCollection') return null
  const { features } = value
  if (!Array.isArray(features)) return null
  if (features.length <= MOST_ITEMS) return features
  throw new GreenprintError(
    'item_invalid',
    `The ItemCollection has ${features.length} items; a notice may have at most ${MOST_ITEMS}: send several.`,
  )
}
