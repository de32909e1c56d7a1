// What a caller of POST /verify asks for, as it was read and checked.

import type { JsonObject } from './json.ts'
import type { ResolvedItem } from './request.ts'

/** Bands of a result by what they are in it. */
export const bandNames = ['red', 'nir', 'qa'] as const
export type BandName = (typeof bandNames)[number]

/** A published result, and where its bytes may be had: wherever they come from, they are hashed. */
export interface VerifyRequest {
  /** Of a published directory, or of the item in it. Exactly one of `cid` and `item` is set. */
  readonly cid?: string
  /** A published STAC item, or its `https:` or `ipfs:` URL. */
  readonly item?: JsonObject | string
  /** Addresses of plain copies of the files, https: and s3:, by band (`red`), of several scenes `before.red`. */
  readonly copies?: Readonly<Record<string, readonly string[]>>
  /** CARs of DAGs without their leaves: addresses, or what names them by content. */
  readonly outboards?: readonly string[]
}

export interface VerifyOrder {
  readonly kind: 'verify'
  readonly request: VerifyRequest
  /** Never: what was computed again is kept here like any result, and is published where it was published. */
  readonly pin: boolean
  /** Name of the caller's token. No caller writes it. */
  readonly by?: string
  /** Where the request's item was looked up before. */
  readonly resolved?: ResolvedItem
}
