// Why a request brought nothing, in the few words that a proof or an error can carry.

import { describeError, GreenprintError, systemCode } from '../errors.ts'
import { SourceFailure } from '../model/source-failure.ts'

/** A request that ended without an answer, or with one that is refused. The message names no URL. */
export class HttpFailure extends Error {
  override readonly name = 'HttpFailure'
  readonly kind: 'slow' | 'oversized' | 'broken'

  constructor(kind: HttpFailure['kind'], reason: string, options?: { readonly cause?: unknown }) {
    super(reason, options)
    this.kind = kind
  }
}

const byCode: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  UND_ERR_SOCKET: 'connection closed early',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  ETIMEDOUT: 'no connection in time',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'body shorter or longer than it announced',
  ENOTFOUND: 'host name not found (DNS)',
  EAI_AGAIN: 'host name not found (DNS)',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  EPROTO: 'TLS failure',
  Z_DATA_ERROR: 'body is not encoded as it says',
  Z_BUF_ERROR: 'body is not encoded as it says',
}

/** What a fetch threw, in our words: a refusal by the guard stays as it is, all else is an HttpFailure. */
export function toHttpFailure(error: unknown): HttpFailure | GreenprintError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  for (const known of [error, cause]) {
    if (known instanceof HttpFailure || known instanceof GreenprintError) return known
  }
  const code = systemCode(cause)
  const message = cause instanceof Error ? cause.message : String(cause)
  if (/CERT|TLS|SSL|SELF_SIGNED|ALTNAME|LEAF_SIGNATURE/.test(code))
    return new HttpFailure('broken', 'TLS failure', { cause })
  if (/terminated|other side closed/.test(message)) {
    return new HttpFailure('broken', 'connection closed early', { cause })
  }
  return new HttpFailure('broken', byCode[code] ?? message, { cause })
}

/**
 * What a request to a source of bytes threw, as that source's failure. A host that must not be asked is a refusal:
 * asking again changes nothing.
 */
export function toSourceFailure(source: string, error: unknown): SourceFailure {
  if (error instanceof SourceFailure) return error
  const cause = { cause: error }
  if (error instanceof HttpFailure)
    return new SourceFailure(source, error.kind, error.message, cause)
  const kind = error instanceof GreenprintError ? 'refused' : 'broken'
  return new SourceFailure(source, kind, describeError(error), cause)
}
