// Every error of the domain, by a stable code. Only lib/http/problem.ts knows the HTTP status of a code.

export const errorCodes = [
  'invalid_request',
  'invalid_configuration',
  'unauthorized',
  'publishing_disabled',
  'fingerprint_needed',
  'cross_site',
  'not_found',
  'method_not_allowed',
  'not_acceptable',
  'not_cached',
  'condition_failed',
  'too_large',
  'unsupported_media_type',
  'misdirected',
  'item_invalid',
  'item_unreachable',
  'host_refused',
  'search_failed',
  'scene_not_found',
  'asset_missing',
  'asset_unusable',
  'content_unusable',
  'content_unavailable',
  'checksum_mismatch',
  'login_needed',
  'source_refused',
  'source_changed',
  'raster_unusable',
  'grids_differ',
  'outside_scene',
  'radiometry_unknown',
  'mask_unavailable',
  'car_invalid',
  'publishing_failed',
  'store_failed',
  'queue_failed',
  'deadline_exceeded',
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** Of a message: an address that it quotes may be as long as the request was. */
const MOST_LETTERS = 4_000

/**
 * An error in one sentence: what was wrong and what to do about it.
 *
 * `details` are lines safe to show to a caller (one per gateway, per publisher, per bad field);
 * the `cause` is for the log only.
 */
export class GreenprintError extends Error {
  override readonly name = 'GreenprintError'
  readonly code: ErrorCode
  readonly details: readonly string[]

  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly details?: readonly string[]; readonly cause?: unknown } = {},
  ) {
    const cause = options.cause === undefined ? undefined : { cause: options.cause }
    super(clip(message, MOST_LETTERS), cause)
    this.code = code
    this.details = (options.details ?? []).map((line) => clip(line, MOST_LETTERS))
  }
}

/** An error with its causes, from the outside in. What was thrown may be anything, and may be its own cause. */
export function causesOf(error: unknown): unknown[] {
  const chain: unknown[] = []
  for (let cause = error; cause !== undefined && cause !== null && chain.length < MOST_CAUSES; ) {
    chain.push(cause)
    cause = typeof cause === 'object' && 'cause' in cause ? cause.cause : undefined
  }
  return chain
}

const MOST_CAUSES = 8

/** Text of others, as it is quoted in messages: at most so many characters. */
export function clip(text: string, most = 120): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}

/** Whole files that have to be read are too large for the time there is: refused before any of them is read. */
export class ForeseenDelay extends GreenprintError {
  constructor(bytes: number, ms: number) {
    const megabytes = Math.ceil(bytes / 1e6)
    super(
      'deadline_exceeded',
      `${megabytes} MB have to be read whole once, which takes about ${Math.ceil(ms / 1000)} s: more than one request has.`,
    )
  }
}

/** A grid that a job may compute, but that is more than is tried within a request. */
export class TooManyPixels extends GreenprintError {
  /** The `max_size` with which it would not be; null where the file has no overview that is small enough. */
  readonly maxSize: number | null

  constructor(rows: number, cols: number, most: number, maxSize: number | null) {
    const advice = maxSize === null ? ' Or ask for a smaller area.' : ''
    super(
      'too_large',
      `The area has ${rows} x ${cols} = ${rows * cols} px; at most ${most} are computed within a request, and more by a job.${advice}`,
    )
    this.maxSize = maxSize
  }
}

/** Who asked has hung up: work ends, and nobody is answered. */
export class CallerGone extends Error {
  override readonly name = 'CallerGone'

  constructor() {
    super('nobody waits for the answer any more')
  }
}

/** The `code` of a system or library error (`ECONNRESET`), or ''. */
export function systemCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : ''
}

/** The shortest true description of anything that was thrown. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.message || systemCode(error) || error.name
}
