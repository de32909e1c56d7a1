// What is kept of a fingerprint: which bytes lay at an address, and which CID they have.

import type { ChecksumVerdict } from '../ipld/cid.ts'
import type { UnixFsProfile } from '../ipld/importer.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'

export interface Fingerprint {
  /** Where the copy was read, without what signs it. */
  readonly href: string
  /** Bytes. */
  readonly size: number
  /** Of the version that was read, as its server wrote them. */
  readonly etag: string | null
  readonly last_modified: string | null
  /** What the item that asked said of the file; null where it said nothing. */
  readonly checksum: string | null
  /** null where there was no checksum, or none that can be checked here. */
  readonly checksum_verdict: ChecksumVerdict | null
  /** Of the whole file, lower-case hexadecimal. */
  readonly sha256: string
  readonly cid: string
  readonly profile: UnixFsProfile
  /** Name and version. */
  readonly software: string
  /** RFC 3339. */
  readonly created: string
}

const texts = ['href', 'sha256', 'cid', 'profile', 'software', 'created'] as const

/** null for what is not a record of ours. */
export function readFingerprint(value: JsonObject): Fingerprint | null {
  return isFingerprint(value) ? value : null
}

/** Written here only; what is asked is enough to tell one from another kind of record. */
function isFingerprint(value: unknown): value is Fingerprint {
  return (
    isJsonObject(value) &&
    texts.every((name) => typeof value[name] === 'string') &&
    typeof value['size'] === 'number'
  )
}

/**
 * Whether a record can be of the file that an item means: a size or a checksum that says otherwise, or a checksum that
 * cannot be compared with the record, means another file.
 */
export function answersItem(
  record: Fingerprint,
  { size = record.size, checksum }: { readonly size?: number; readonly checksum?: string },
): boolean {
  if (size !== record.size) return false
  const wanted = checksum?.toLowerCase()
  if (wanted === undefined || wanted === record.checksum?.toLowerCase()) return true
  if (wanted.startsWith('1220')) return wanted === `1220${record.sha256}`
  return !wanted.startsWith('1340')
}
