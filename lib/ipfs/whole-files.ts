// Files too large for one reply of the API, kept in one piece where they can be downloaded from.

import type { Cid } from '../ipld/cid.ts'
import type { FileContent } from '../store/file-content.ts'
import type { S3Store } from '../store/s3/s3.ts'
import { VISITORS } from '../store/visitors.ts'

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
   * Keeps a file once; it is the caller who knows that these are the bytes of that CID. @throws {GreenprintError}
   * `store_failed`
   */
  keep(cid: Cid, content: FileContent, contentType: string, signal: AbortSignal): Promise<void>
  /**
   * An address of the file for this caller, absolute or of this server; null where it is not kept. @throws
   * {GreenprintError} `store_failed`
   */
  locate(file: WholeFile, signal: AbortSignal): Promise<string | null>
}

const FOLDERS = ['files', `${VISITORS}/files`]

/**
 * `<folder>/<cid>` of a bucket, written when a file is made, so that no request for one waits until it is put together.
 * What comes from there comes unchecked, as from any server: the CID is the caller's to compare.
 *
 * @param folder where files are put; they are found in any
 */
export function createBucketFiles(store: S3Store, folder = 'files'): WholeFiles {
  const keyIn = (place: string, cid: Cid) => `${place}/${cid.toV1().toString()}`
  return {
    async keep(cid, content, contentType, signal) {
      // What is there already is the same file.
      await store.putContent(keyIn(folder, cid), content, { ifNoneMatch: '*', contentType }, signal)
    },
    async locate({ cid, size, contentType, name }, signal) {
      for (const place of FOLDERS) {
        const key = keyIn(place, cid)
        if ((await store.size(key, signal)) !== size) continue
        return store.presign(key, { contentType, fileName: name }, signal)
      }
      return null
    },
  }
}
