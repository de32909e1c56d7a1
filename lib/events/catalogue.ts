// The STAC item of an announced product: in the catalogue whose items carry CIDs, else in the producer's own.

import { type Documents, isNothingThere, type JsonDocument } from '../stac/documents.ts'
import type { UsgsProduct } from './usgs-product.ts'

/** Where USGS itself serves every item that it announces. */
export const USGS_STAC = 'https://landsatlook.usgs.gov/stac-server'

/**
 * The first item found, or null where no catalogue has it.
 *
 * @param catalogUrl root of the STAC API that is asked first; null = none
 * @throws {GreenprintError} `item_unreachable`, `host_refused`, `item_invalid` for an answer that is not JSON
 */
export async function findProduct(
  { collection, itemId }: UsgsProduct,
  catalogUrl: string | null,
  documents: Documents,
  signal: AbortSignal,
): Promise<JsonDocument | null> {
  for (const root of catalogUrl === null ? [USGS_STAC] : [catalogUrl, USGS_STAC]) {
    try {
      return await documents.json(`${root}/collections/${collection}/items/${itemId}`, {}, signal)
    } catch (error) {
      signal.throwIfAborted()
      if (!isNothingThere(error)) throw error
    }
  }
  return null
}
