// How long a request of the API may take.

import {
  type InvocationTime,
  type WaitedFor,
  withTimeLimit as withinTime,
} from '../async/time-limit.ts'

/** What the Lambda handler passes on about its invocation. */
export interface Bindings {
  readonly lambdaContext?: InvocationTime & { readonly awsRequestId?: string }
  /** Whether replies of any length get through, sent as they are made: not through Lambda. */
  readonly streams?: boolean
  /** Why the event cannot be routed. */
  readonly unreadable?: unknown
}

/** API Gateway gives up after 30 s, whatever the function's own time-out is. */
const MAX_MS = 28_000
/** Of these, what reading whole files for their CIDs may take. */
export const MOST_READING_MS = 20_000

/** @throws {GreenprintError} `deadline_exceeded`, one detail line per source of blocks */
export function withRequestLimit(
  { lambdaContext }: Bindings,
  services: WaitedFor,
  work: (signal: AbortSignal) => Promise<Response>,
): Promise<Response> {
  return withinTime(lambdaContext, MAX_MS, services, work)
}
