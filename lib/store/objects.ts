// Where this deployment keeps bytes under a key: a folder or an S3 bucket behind one face.

import type { FileContent } from './file-content.ts'

export interface StoredObject {
  readonly body: Uint8Array<ArrayBuffer>
  /** Changes with every write; what `ifMatch` compares. */
  readonly etag: string
}

export interface PutOptions {
  readonly contentType?: string
  /** Write only where nothing is yet. */
  readonly ifNoneMatch?: '*'
  /** Write only over the version with this etag. */
  readonly ifMatch?: string
}

/** `written: false` means a condition did not hold; nothing was changed. */
export type PutOutcome =
  | { readonly written: true; readonly etag: string }
  | { readonly written: false }

/** Keys are made of `[A-Za-z0-9._-]` segments joined by `/`. */
export interface ObjectStore {
  /** For proofs and logs: `disk`, `s3://bucket/prefix`. */
  readonly name: string
  /** null where nothing is. @throws {GreenprintError} `store_failed` */
  get(key: string, signal: AbortSignal): Promise<StoredObject | null>
  /** Part of an object; null where nothing is or the range leaves it. @throws {GreenprintError} `store_failed` */
  getRange(
    key: string,
    offset: number,
    length: number,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer> | null>
  /** Bytes of the object, or null. @throws {GreenprintError} `store_failed` */
  size(key: string, signal: AbortSignal): Promise<number | null>
  /**
   * Keys of objects that begin with `folder` and a slash, in the order of their UTF-16 code units.
   *
   * @param after only keys that come after this one, which need not be there; null = from the first
   * @param most keys; fewer come where there are no more
   * @throws {GreenprintError} `store_failed`
   */
  list(
    folder: string,
    after: string | null,
    most: number,
    signal: AbortSignal,
  ): Promise<readonly string[]>
  /** Whole or not at all: a reader never sees half an object. @throws {GreenprintError} `store_failed` */
  put(key: string, body: Uint8Array, options: PutOptions, signal: AbortSignal): Promise<PutOutcome>
  /**
   * `put` of a file that need not fit into memory. `written: false` also where the reply to our own write got lost.
   *
   * @throws {GreenprintError} `store_failed`
   * @throws {RangeError} when the pieces are not as long together as the file says it is
   */
  putContent(
    key: string,
    content: FileContent,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<PutOutcome>
  /**
   * The same object under another key too, made by the store itself: no bytes come through here.
   *
   * @returns false where nothing is under `from`
   * @throws {GreenprintError} `store_failed`
   */
  copy(from: string, to: string, signal: AbortSignal): Promise<boolean>
  /** Nothing is there afterwards, whether there was something or not. @throws {GreenprintError} `store_failed` */
  remove(key: string, signal: AbortSignal): Promise<void>
}
