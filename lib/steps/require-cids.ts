// Hits of a search of which only those will do whose bands name their content, or whose catalogue does.

import { GreenprintError } from '../errors.ts'
import type { NdviRequest } from '../model/request.ts'
import type { Item } from '../stac/item.ts'
import { readScene } from '../stac/scene.ts'
import { type Catalogue, catalogueContents } from './catalogue-contents.ts'

/** Items of one search that are looked up in the catalogue of CIDs, one request each. */
const MOST_LOOKED_UP = 10

/**
 * Passes an item on, or throws why it will not do: a search goes on with the next then.
 *
 * @throws {GreenprintError} `asset_unusable`, and what readScene throws
 */
export function requireCids(
  { mask, assets }: Pick<NdviRequest, 'mask' | 'assets'>,
  catalogue: Catalogue,
): (item: Item, signal: AbortSignal) => Promise<Item> {
  let left = catalogue.catalogUrl === null ? 0 : MOST_LOOKED_UP
  return async (item, signal) => {
    const { red, nir, qa } = readScene(item, assets)
    const bands = [red, nir, ...(mask.length > 0 && qa !== null ? [qa] : [])]
    const unnamed = bands.filter(({ content }) => content === null)
    if (unnamed.length === 0) return item
    const contents = left-- > 0 ? await catalogueContents(item, unnamed, catalogue, signal) : null
    const missing = unnamed.filter(({ key }) => contents?.has(key) !== true)
    if (missing.length === 0) return item
    const names = missing.map(({ key }) => `"${key}"`).join(', ')
    throw new GreenprintError(
      'asset_unusable',
      `Item ${item.id} names no IPFS CID for asset ${names}.`,
    )
  }
}
