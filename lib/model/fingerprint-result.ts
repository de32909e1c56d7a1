// What POST /fingerprint answers with: the CIDs of an item's files, and the item that names them.

import type { UnixFsProfile } from './fingerprint-request.ts'
import type { JsonObject } from './json.ts'
import type { ChecksumAuthor, ProducerChecksum, PublishableResult } from './result.ts'

/** The fingerprint of one asset's file. */
export interface AssetFingerprint {
  readonly cid: string
  readonly profile: UnixFsProfile
  /** Bytes. */
  readonly size: number
  /** Of the whole file, lower-case hexadecimal. */
  readonly sha256: string
  /** Where the plain copy was read, without what signs it. */
  readonly href: string
  readonly etag: string | null
  readonly last_modified: string | null
  readonly producer_checksum: ProducerChecksum & {
    /** null where there is none, or nobody is known to have made it. */
    readonly whose: ChecksumAuthor['whose'] | null
    readonly by: ChecksumAuthor['by'] | null
  }
  /** RFC 3339. */
  readonly created: string
}

export interface FingerprintResult extends PublishableResult {
  /** The item with the CIDs of its files. */
  readonly stac: JsonObject
  /** By the asset's key in the item. */
  readonly fingerprints: Readonly<Record<string, AssetFingerprint>>
  readonly software: string
}
