// Files too large for one reply of the API, kept in one piece where they can be downloaded from.

import type { Cid } from '../ipld/cid.ts'
import type { S3Store } from '../store/s3/s3.ts'
import { VISITORS } from '../store/visitors.ts'
import type { ContentStore } from './content-store.ts'

/** A larger body does not come through: Lambda answers at most 6 MB, base64 included. */
export const MAX_REPLY = 4 * 1024 * 1024

/** A file by its CID, and what is said of it. */
export interface WholeFile {
  readonly cid: Cid
  readonly size: number
  readonly contentType: string
  /** Letters, digits, `.`, `_` and `-`. */
  readonly name: string
}

export interface WholeFiles {
  /**
   * An address of the file for this caller, absolute or of this server; null where it is not kept. @throws
   * {GreenprintError} `store_failed`
   */
  locate(file: WholeFile, signal: AbortSignal): Promise<string | null>
}

/**
 * Of a bucket, what visitors left among it. What comes from there comes unchecked, as from any server: the CID is the
 * caller's to compare.
 */
export function createBucketFiles(
  bucket: Pick<S3Store, 'presign' | 'size'>,
  content: Pick<ContentStore, 'locate'>,
): WholeFiles {
  return {
    async locate({ cid, size, contentType, name }, signal) {
      const found = await content.locate(cid, signal)
      if (found === null || found.size !== size) return null
      const isLasting = (await bucket.size(found.key, signal)) === size
      const key = isLasting ? found.key : `${VISITORS}/${found.key}`
      return bucket.presign(key, { contentType, fileName: name }, signal)
    },
  }
}
