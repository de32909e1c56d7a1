// The STAC item of an announced product: in the catalogue whose items carry CIDs, else in the producer's own.

import { type Documents, isNothingThere, type JsonDocument } from '../stac/documents.ts'
import type { UsgsProduct } from './usgs-product.ts'

/** The STAC API of USGS itself, with every item that it announces. */
export const USGS_STAC = 'https://landsatlook.usgs.gov/stac-server'

/**
 * The first item found, or null when no catalogue has it. Catalogues of others name items as USGS does, or by the
 * product alone.
 *
 * @param catalogUrl root of the STAC API that is asked first; null = none
 * @throws {GreenprintError} `item_unreachable`, `host_refused`, `item_invalid` for an answer that is not JSON
 */
export async function findProduct(
  { id, collection, itemId }: UsgsProduct,
  catalogUrl: string | null,
  documents: Documents,
  signal: AbortSignal,
): Promise<JsonDocument | null> {
  const itemsOf = (root: string) => `${root}/collections/${collection}/items`
  const own =
    catalogUrl === null ? [] : [itemId, id].map((name) => `${itemsOf(catalogUrl)}/${name}`)
  for (const url of new Set([...own, `${itemsOf(USGS_STAC)}/${itemId}`])) {
    try {
      return await documents.json(url, {}, signal)
    } catch (error) {
      signal.throwIfAborted()
      if (!isNothingThere(error)) throw error
    }
  }
  return null
}
