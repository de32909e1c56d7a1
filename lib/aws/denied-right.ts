// The right that AWS missed when it refused a call, as its own sentence names it.

import { causesOf } from '../errors.ts'

const REFUSALS = /^(AccessDenied(Exception)?|AuthorizationError(Exception)?|UnauthorizedOperation)$/
/** Refused as well, but not for a right that is missing. */
const CREDENTIALS = /Token|Signature|AccessKey|Client|Skewed/

/**
 * `User: <arn> is not authorized to perform: <action> on resource: <arn> because …`, in the cases that the services
 * write it in: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
const SENTENCE =
  /not authorized to perform:? ([\w-]+:\w+)(?: on(?: the)? resource:? "?(arn:[^\s",]+))?/i

export interface DeniedRight {
  /** As the service spells it, `sqs:SendMessage`; null where it does not say. */
  readonly action: string | null
  /** Without the number of the account; null where the service does not say. */
  readonly resource: string | null
}

/** null for an error that is no refusal of rights. */
export function deniedRight(error: unknown): DeniedRight | null {
  for (const cause of causesOf(error)) {
    if (!(cause instanceof Error) || !isRefusal(cause)) continue
    const [, action = null, arn = null] = SENTENCE.exec(cause.message) ?? []
    return { action, resource: arn && arn.replace(/:\d{12}:/, '::') }
  }
  return null
}

/** By its name, or by its status where the SDK could not read what came with it. */
function isRefusal(error: SdkError): boolean {
  if (REFUSALS.test(error.name)) return true
  const status = error.$metadata?.httpStatusCode ?? error.$response?.statusCode
  return status === 403 && !CREDENTIALS.test(error.name)
}

/** As the SDK throws it: https://github.com/smithy-lang/smithy-typescript/blob/main/packages/smithy-client/src/exceptions.ts */
interface SdkError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number }
  readonly $response?: { readonly statusCode?: number }
}

/**
 * What to do about a refusal, in one clause; null for an error that is none.
 *
 * @param action what was called, where the service does not name it
 * @param resource what it was called on, where the service does not name it
 */
export function adviceOnDenied(error: unknown, action: string, resource: string): string | null {
  const denied = deniedRight(error)
  if (denied === null) return null
  return `allow ${denied.action ?? action} on ${denied.resource ?? resource} to the role of this function`
}
