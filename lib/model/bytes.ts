// Bytes that were checked against a hash, and the narrow way by which a raster reads them.

declare const verified: unique symbol

/**
 * Bytes that hash to the CID they were asked by. Only `lib/ipld/verify.ts` makes them, so that
 * a raster cannot be handed anything else: unverified bytes do not compile.
 */
export type VerifiedBytes = Uint8Array<ArrayBuffer> & { readonly [verified]: true }

/** `length` bytes from `offset`. */
export interface ByteRange {
  readonly offset: number
  readonly length: number
}

/** A file of known length that is read in pieces. */
export interface RandomAccess {
  /** Bytes in the file. */
  readonly size: number
  /**
   * The bytes of every range, in the order asked, each exactly `length` long.
   *
   * @throws {GreenprintError} `raster_unusable` when a range leaves the file; `content_unavailable` when no source
   *   had it
   */
  readAll(ranges: readonly ByteRange[], signal: AbortSignal): Promise<VerifiedBytes[]>
}
