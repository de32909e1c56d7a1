// Bytes whose type says where they come from, and the narrow way by which a raster reads them.

declare const verified: unique symbol
declare const transported: unique symbol

/**
 * Bytes that hash to the CID they were asked by. Only `lib/ipld/verify.ts` makes them, so that
 * a raster cannot be handed anything else: unverified bytes do not compile.
 */
export type VerifiedBytes = Uint8Array<ArrayBuffer> & { readonly [verified]: true }

/**
 * Bytes that nobody checked: they came over TLS from an address that is told with them. Only
 * `lib/copies/transport-file.ts` makes them, and lists each range with its SHA-256.
 */
export type TransportBytes = Uint8Array<ArrayBuffer> & { readonly [transported]: true }

/** What a raster may be read from. */
export type RasterBytes = VerifiedBytes | TransportBytes

/** `length` bytes from `offset`. */
export interface ByteRange {
  readonly offset: number
  readonly length: number
}

/** A range that was read, and what it held. */
export interface ReadRange extends ByteRange {
  /** Lower-case hexadecimal. */
  readonly sha256: string
}

/** A file of known length that is read in pieces. */
export interface RandomAccess {
  /** Bytes in the file. */
  readonly size: number
  /** Whether what is read may be a part of what others read, too; else it is of who reads it, to write over or free. */
  readonly isLent: boolean
  /**
   * The bytes of every range, in the order asked, each exactly `length` long.
   *
   * @throws {GreenprintError} `raster_unusable` when a range leaves the file; `content_unavailable` when no source
   *   had it
   */
  readAll(ranges: readonly ByteRange[], signal: AbortSignal): Promise<RasterBytes[]>
}
