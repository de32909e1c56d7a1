// What a caller of POST /fingerprint asks for, as it was read and checked.

import type { JsonObject } from './json.ts'
import type { AskedAssets, NdviOrder, ResolvedItem, SceneSearch } from './request.ts'

/**
 * How files become blocks, by the names of IPIP-499 (https://github.com/ipfs/specs/pull/499):
 * `unixfs-v1-2025` is CIDv1 with raw leaves of 1 MiB, `unixfs-v0-2015` is what `ipfs add` has always
 * done, CIDv0 with dag-pb leaves of 256 KiB.
 */
export const unixFsProfiles = ['unixfs-v1-2025', 'unixfs-v0-2015'] as const
export type UnixFsProfile = (typeof unixFsProfiles)[number]

/** What decides the CIDs, and nothing else. */
export interface FingerprintRequest {
  /** A STAC item, or its `https:` or `ipfs:` URL. Exactly one of `item` and `search` is set. */
  readonly item?: JsonObject | string
  readonly search?: SceneSearch
  /**
   * Keys of the item's assets, or bands by what they are: those that are not named are found by the names that products
   * give them. Red, near infrared and the quality band when absent.
   */
  readonly assets?: readonly string[] | AskedAssets
  readonly profile: UnixFsProfile
}

/** A request with what is to be done with its result. Nothing here changes a CID. */
export interface FingerprintOrder {
  readonly kind: 'fingerprint'
  readonly request: FingerprintRequest
  /** Whether item and outboards are to be published. */
  readonly pin: boolean
  /** Name of the caller's token, for the record of what is published. No caller writes it. */
  readonly by?: string
  /** Where the request's item was looked up before; absent for an item, address or search as the caller gave it. */
  readonly resolved?: ResolvedItem
  /** What its job submits once it is done. */
  readonly next?: readonly NdviOrder[]
}
