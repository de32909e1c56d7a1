// Errors as RFC 9457 problem details; the only file that knows the HTTP status of a code.

import { CallerGone, type ErrorCode, GreenprintError } from '../errors.ts'
import type { JsonObject } from '../model/json.ts'
import { unsignedJson } from '../model/unsigned-url.ts'
import { LightResponse } from './light/response.ts'
import { MethodRefused } from './no-route.ts'

const statuses = {
  invalid_request: 400,
  host_refused: 400,
  unauthorized: 401,
  publishing_disabled: 403,
  fingerprint_needed: 403,
  cross_site: 403,
  not_found: 404,
  scene_not_found: 404,
  method_not_allowed: 405,
  not_acceptable: 406,
  source_changed: 409,
  not_cached: 412,
  condition_failed: 412,
  too_large: 413,
  unsupported_media_type: 415,
  misdirected: 421,
  item_invalid: 422,
  asset_missing: 422,
  asset_unusable: 422,
  content_unusable: 422,
  checksum_mismatch: 422,
  login_needed: 422,
  source_refused: 422,
  raster_unusable: 422,
  grids_differ: 422,
  outside_scene: 422,
  radiometry_unknown: 422,
  mask_unavailable: 422,
  invalid_configuration: 500,
  car_invalid: 500,
  store_failed: 500,
  queue_failed: 500,
  item_unreachable: 502,
  search_failed: 502,
  content_unavailable: 502,
  publishing_failed: 502,
  deadline_exceeded: 504,
} as const satisfies Record<ErrorCode, number>

const titles: Readonly<Record<number, string>> = {
  400: 'The request cannot be read',
  401: 'A token is needed',
  403: 'Not allowed here',
  404: 'Not found',
  405: 'Not a method of this address',
  406: 'Not served in this form',
  409: 'Something has to be done first',
  412: 'Not as the request wants it',
  413: 'Too large',
  415: 'Not a type that is read here',
  421: 'Not the address of this system',
  422: 'The scene cannot be used',
  500: 'A fault of this service',
  502: 'The sources failed',
  504: 'Out of time',
}

/** Time was up, and the work continues as a job. */
export class OfferedJob extends GreenprintError {
  readonly job: { readonly id: string; readonly href: string }

  constructor(
    message: string,
    job: OfferedJob['job'],
    options: ConstructorParameters<typeof GreenprintError>[2],
  ) {
    super('deadline_exceeded', message, options)
    this.job = job
  }
}

/** A request that would go on where this one ended. */
export interface Way {
  readonly title: string
  readonly method: string
  readonly href: string
  readonly headers?: Readonly<Record<string, string>>
  /** Of a large one, the fields that are to be set alone. */
  readonly body?: JsonObject
}

export class ProblemWithWays extends GreenprintError {
  readonly ways: readonly Way[]

  constructor(
    code: ErrorCode,
    message: string,
    ways: readonly Way[],
    options: ConstructorParameters<typeof GreenprintError>[2],
  ) {
    super(code, message, options)
    this.ways = ways
  }
}

/** What nobody is answered until it was done by another request, whoever asks: 409 instead of the code's own status. */
export class Conflict extends ProblemWithWays {}

const CONFLICT = 409

export interface Problem {
  readonly type: 'about:blank'
  readonly title: string
  readonly status: number
  /** Stable; see docs/api.md#errors. */
  readonly code: ErrorCode | 'internal'
  readonly detail: string
  /** One line per source, per field, per publisher. */
  readonly details?: readonly string[]
  /** The job that continues the work that was not done in time. */
  readonly job?: OfferedJob['job']
  /** How to go on, of `fingerprint_needed` and of a grid that only a job computes. */
  readonly ways?: readonly Way[]
}

/** The problem to answer with. Messages of other errors than ours may hold paths or secrets: they stay out. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof GreenprintError)) {
    return problem(
      500,
      'internal',
      'An internal error occurred. It was logged; trying again may help.',
    )
  }
  const { code } = error
  // Messages quote addresses as the caller or an item wrote them.
  const { message, details } = unsignedJson({ message: error.message, details: error.details })
  const job = error instanceof OfferedJob ? { job: error.job } : {}
  const ways = error instanceof ProblemWithWays ? { ways: error.ways } : {}
  const status = error instanceof Conflict ? CONFLICT : statuses[code]
  return { ...problem(status, code, message, details), ...job, ...ways }
}

function problem(
  status: number,
  code: Problem['code'],
  detail: string,
  details: readonly string[] = [],
): Problem {
  const title = titles[status] ?? 'Fault'
  return {
    type: 'about:blank',
    title,
    status,
    code,
    detail,
    ...(details.length > 0 ? { details } : {}),
  }
}

/** nginx's status where nobody waits for the answer any more; none is registered. */
const GONE = 499

export function problemResponse(error: unknown): Response {
  if (error instanceof CallerGone) return new LightResponse(null, { status: GONE })
  const body = problemOf(error)
  return new LightResponse(`${JSON.stringify(body)}\n`, {
    status: body.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(body.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      ...(error instanceof MethodRefused ? { allow: error.allow } : {}),
    },
  })
}
