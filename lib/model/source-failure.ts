// Why a source of bytes did not serve: one vocabulary for gateways, plain copies and buckets.

/**
 * `absent`: it does not have it. `refused`: it will not serve it in this form, ever. `busy`: asked too often.
 * `slow`: no answer in time. `broken`: a fault that may pass. `oversized`: more bytes than asked for or allowed.
 * `lie`: bytes that do not hash to the CID.
 */
export type FailureKind = 'absent' | 'refused' | 'busy' | 'slow' | 'broken' | 'oversized' | 'lie'

/** Why one source did not serve one block or range. */
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
    super(reason, options.cause === undefined ? undefined : { cause: options.cause })
    this.source = source
    this.kind = kind
    this.retryAfterMs = options.retryAfterMs ?? null
  }

  /** `https://gateway.example: HTTP 504` */
  get line(): string {
    return `${this.source}: ${this.message}`
  }
}

/** What an HTTP status other than the one that was wanted says of its source; 0 where no answer came at all. */
export function kindOfStatus(status: number): FailureKind {
  if (status === 404) return 'absent'
  if (status === 429 || status === 503) return 'busy'
  if (status === 408 || status === 504) return 'slow'
  return status === 0 || status >= 500 ? 'broken' : 'refused'
}
