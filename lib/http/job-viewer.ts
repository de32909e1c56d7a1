// Who looks at a job: its order is shown to those alone who asked for it, for anybody may have asked for the same.

import type { Config } from '../config/config.ts'
import { GreenprintError } from '../errors.ts'
import type { Job } from '../jobs/job.ts'
import type { PublishableResult } from '../model/result.ts'

export interface Viewer {
  /** Name of the token; null without one. */
  readonly token: string | null
  /** Of the local system, which has one user. */
  readonly local: Config['local']
}

/** Whether the order is the viewer's own alone, or nobody's: schedules and notices are the deployment's. */
export function isOwnJob({ order, shared }: Job, { local, token }: Viewer): boolean {
  return local || (shared !== true && (order.by === undefined || order.by === token))
}

/** Whether nobody else waits for it. */
export function mayDismiss(job: Job, viewer: Viewer): boolean {
  return job.awaited !== true && job.shared !== true && isOwnJob(job, viewer)
}

/** A result without where another caller's item came from. */
export function withoutItemAddress<Result extends PublishableResult>(result: Result): Result {
  return { ...result, item: { ...result.item, href: null, chosen: '' } }
}

/** A fault without the addresses that another caller's item named. */
export function withoutAddresses(error: GreenprintError): GreenprintError {
  const hide = (text: string) =>
    text.replace(/\b(?:https?|s3):\/\/[^\s"'<>\\,)]+/gi, '(an address)')
  const { code, message, details } = error
  return new GreenprintError(code, hide(message), { details: details.map(hide), cause: error })
}
