// Where blocks come from, and why one did not.

import type { Cid } from '../ipld/cid.ts'

/** A place that may hold blocks. It is never believed: whoever asks checks the hash. */
export interface BlockSource {
  /** For proofs and errors: a gateway's origin, `store`, `memory`. */
  readonly name: string
  /** The block's bytes, or null when it is not here. @throws {SourceFailure} */
  get(cid: Cid, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer> | null>
}

export type FailureKind = 'absent' | 'refused' | 'busy' | 'slow' | 'broken' | 'lie'

/** Why one source did not serve one block. */
export class SourceFailure extends Error {
  override readonly name = 'SourceFailure'
  readonly source: string
  readonly kind: FailureKind
  /** How long the source asked to be left alone. */
  readonly retryAfterMs: number | null

  constructor(
    source: string,
    kind: FailureKind,
    reason: string,
    options: { readonly retryAfterMs?: number | null; readonly cause?: unknown } = {},
  ) {
    super(reason, { cause: options.cause })
    this.source = source
    this.kind = kind
    this.retryAfterMs = options.retryAfterMs ?? null
  }

  /** `https://gateway.example: HTTP 504` */
  get line(): string {
    return `${this.source}: ${this.message}`
  }
}
