// How long a request of the API may take.

import {
  type InvocationTime,
  type WaitedFor,
  withTimeLimit as withinTime,
} from '../async/time-limit.ts'

/** What the Lambda handler passes on about its invocation. */
export interface Bindings {
  readonly lambdaContext?: InvocationTime
  /** Whether replies of any length get through, sent as they are made: not through Lambda. */
  readonly streams?: boolean
  /** Of a reply as JSON, where it does not stream. */
  readonly mostBytes?: number
  /** Of a request that no Lambda handler answers: aborts when nobody waits for the reply any more. */
  readonly gone?: AbortSignal
  /** Stage or base path in front of the routes. */
  readonly prefix?: string
  /** The request by HEAD that is answered as one by GET. */
  readonly head?: Request
  /** Why the event is no request, or one without its body. */
  readonly unreadable?: unknown
}

/** API Gateway gives up after 30 s, whatever the function's own time-out is. */
const MAX_MS = 28_000
/** Of these, what reading whole files for their CIDs may take. */
export const MOST_READING_MS = 20_000

/** Outside of a Lambda nothing else ends a request. */
const whole: InvocationTime = { getRemainingTimeInMillis: () => Infinity }

/** @throws {GreenprintError} `deadline_exceeded`, one detail line per source of blocks */
export function withRequestLimit(
  { lambdaContext, gone }: Bindings,
  services: WaitedFor,
  work: (signal: AbortSignal) => Promise<Response>,
): Promise<Response> {
  const invocation = gone === undefined ? lambdaContext : { ...whole, gone }
  return withinTime(invocation, MAX_MS, services, work)
}
