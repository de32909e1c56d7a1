// A plain copy of a file at an address: one version of it, and parts of its bytes. None of it is believed.

import { type FailureKind, SourceFailure } from '../model/source-failure.ts'

/** What tells one version of the bytes at an address from the next. */
export interface CopyVersion {
  /** Bytes in the file. */
  readonly size: number
  /** As the server writes it, quotes and `W/` included. */
  readonly etag: string | null
  /** HTTP date. */
  readonly last_modified: string | null
}

/** Part of a file on its way. */
export interface CopyPart {
  /** null where the server does not tell the size of the file. */
  readonly version: CopyVersion | null
  /** Whether it is the whole file from its first byte, because the server answers no ranges. */
  readonly isWhole: boolean
  /**
   * The `Content-Encoding` that its server put around it, null mostly. It may be around this part, which then is what
   * was asked for; or the part is of a packed file, and what comes out of it is another stretch, of another length.
   */
  readonly packing: string | null
  /** In the order of their arrival; read once. @throws {CopyFailure} */
  readonly pieces: AsyncIterable<Uint8Array>
  /** Must be called in the end, read or not. */
  close(): Promise<void>
}

export interface PlainCopy {
  /** For proofs and errors: the origin, or the bucket. */
  readonly name: string
  /** Without what signs it. */
  readonly address: string
  /**
   * Begins to read up to `length` bytes from `from`; a file that ends earlier gives fewer.
   *
   * @param version the only one that is wanted; null takes what is there
   * @throws {CopyFailure}
   */
  open(
    from: number,
    length: number,
    version: CopyVersion | null,
    signal: AbortSignal,
  ): Promise<CopyPart>
}

/** What is special about a failure of a copy: others of its kind are told by their HTTP status. */
export type CopyTrouble = 'changed' | 'login' | 'empty' | null

export class CopyFailure extends SourceFailure {
  readonly trouble: CopyTrouble
  /** What lies at the address now, where another version was wanted and the server says it. */
  readonly found: CopyVersion | null

  constructor(
    source: string,
    kind: FailureKind,
    reason: string,
    options: {
      readonly trouble?: CopyTrouble
      readonly found?: CopyVersion
      readonly retryAfterMs?: number | null
      readonly cause?: unknown
    } = {},
  ) {
    super(source, kind, reason, options)
    this.trouble = options.trouble ?? null
    this.found = options.found ?? null
  }
}

/** Sizes and ranges may be those of the packed bytes: without hashes nobody can tell. */
export class PackedFailure extends CopyFailure {
  constructor(source: string, packing: string) {
    super(source, 'refused', `sends its files packed (Content-Encoding: ${packing})`)
  }
}

/** Whether another attempt may find it well. */
export function isPassingFailure({ kind }: SourceFailure): boolean {
  return kind === 'busy' || kind === 'broken' || kind === 'slow'
}

/**
 * Whether two versions are the same bytes, by what both of them tell: size, then ETag, then Last-Modified.
 * A weak ETag counts too: it is not compared byte for byte anywhere, but it changes with the file.
 */
export function isSameVersion(one: CopyVersion, other: CopyVersion): boolean {
  if (one.size !== other.size) return false
  if (one.etag !== null && other.etag !== null) return one.etag === other.etag
  const [before, now] = [one.last_modified, other.last_modified]
  if (before === null || now === null || before === now) return true
  // The forms of an HTTP date are several; what is none equals itself alone.
  return Date.parse(before) === Date.parse(now)
}

/** For messages: two versions by what they differ in, their dates before their sizes before their ETags. */
export function describeVersions(
  one: CopyVersion,
  other: CopyVersion,
): readonly [one: string, other: string] {
  const isDated = one.last_modified !== null && other.last_modified !== null
  if (isDated && one.last_modified !== other.last_modified) {
    return [`of ${one.last_modified}`, `of ${other.last_modified}`]
  }
  if (one.size !== other.size) return [`of ${one.size} bytes`, `of ${other.size} bytes`]
  return [`with ETag ${one.etag ?? 'none'}`, `with ETag ${other.etag ?? 'none'}`]
}
