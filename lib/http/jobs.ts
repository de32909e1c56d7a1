// GET and DELETE /jobs/<id>: what became of a request that is answered later.

import type { Context } from 'hono'
import type { Config } from '../config/config.ts'
import { GreenprintError } from '../errors.ts'
import { dismiss, isAbandoned, type Job } from '../jobs/job.ts'
import type { JointResult } from '../model/joint.ts'
import { type ByKind, dispatch } from '../model/order.ts'
import { recall } from '../publish/publish-result.ts'
import type { AppServices } from '../services.ts'
import { recallChange } from '../steps/recall-change.ts'
import { recallComposite } from '../steps/recall-composite.ts'
import { recallNdvi } from '../steps/recall-ndvi.ts'
import { jobHeaders, jobLink } from './as-job.ts'
import { requireToken } from './auth.ts'
import { callerOf } from './caller.ts'
import { type FingerprintReply, fingerprintReply } from './fingerprint-reply.ts'
import {
  isOwnJob,
  mayDismiss,
  type Viewer,
  withoutAddresses,
  withoutItemAddress,
} from './job-viewer.ts'
import { type JointReply, jointReply } from './joint-reply.ts'
import { LightResponse } from './light/response.ts'
import type { AppEnv } from './observe.ts'
import { type Problem, problemOf } from './problem.ts'
import { type NdviReply, ndviReply, type VerifyReply, verifyReply } from './reply.ts'
import { withRequestLimit } from './time-limit.ts'
import { type ZonesReply, zonesReply } from './zones-reply.ts'

/** The reply that the request itself would have had. */
type JobResult = NdviReply | FingerprintReply | VerifyReply | ZonesReply | JointReply

/** The body of `GET /jobs/<id>`. */
export interface JobReply<Result = NdviReply>
  extends Pick<Job, 'id' | 'status' | 'created' | 'updated'> {
  /** Of the running attempt; null before its first heartbeat, and once it has ended. */
  readonly progress: Job['progress']
  readonly links: readonly { readonly rel: string; readonly href: string }[]
  /** Of a successful job. */
  readonly result?: Result
  /** Of a failed job. */
  readonly error?: Problem
}

export function answerJob(
  c: Context<AppEnv>,
  id: string,
  services: AppServices,
  config: Config,
): Promise<Response> {
  const { authorization, base, token } = callerOf(c, config)
  requireToken('jobs', authorization, config)
  const viewer = { token, local: config.local }
  const answer = c.req.method === 'DELETE' ? dismissJob : describeJob
  return withRequestLimit(c.env, services, (signal) => answer(id, services, base, viewer, signal))
}

/** @throws {GreenprintError} `not_found`, `store_failed` */
async function describeJob(
  id: string,
  services: AppServices,
  base: string,
  viewer: Viewer,
  signal: AbortSignal,
): Promise<Response> {
  const asked = await services.jobs.get(id, signal)
  const other = asked?.continues_as ?? null
  const job = other === null ? asked : await services.jobs.get(other, signal)
  if (job === null) {
    throw new GreenprintError(
      'not_found',
      'There is no job with this id. Jobs are kept for 30 days; send the request again.',
    )
  }
  const { status, updated, progress } = job
  const created = asked?.created ?? job.created
  const isOwn = isOwnJob(job, viewer)
  const failed = failureOf(job, isOwn, services.clock.now())
  const result =
    job.result === null || failed !== null
      ? null
      : await dispatch(replies, job.order, { id: job.result, isOwn }, services, base, signal)
  const reply: JobReply<JobResult> = {
    id,
    status: failed === null ? status : 'failed',
    created,
    updated,
    progress,
    links: [jobLink(id, base), ...(result ? [{ rel: 'result', href: result.root.href }] : [])],
    ...(result ? { result } : {}),
    ...(failed === null ? {} : { error: failed }),
  }
  const waits = reply.status === 'accepted' || reply.status === 'running'
  return LightResponse.json(reply, { headers: jobHeaders(waits) })
}

/** A job's result, and whether the order is the viewer's own. */
interface Seen {
  readonly id: string
  readonly isOwn: boolean
}

/**
 * Ends a job that nobody else waits for, and describes it: its status tells whether it was.
 *
 * @throws {GreenprintError} `not_found`, `store_failed`
 */
async function dismissJob(
  id: string,
  services: AppServices,
  base: string,
  viewer: Viewer,
  signal: AbortSignal,
): Promise<Response> {
  const { jobs, clock } = services
  const last = (await jobs.get(id, signal))?.continues_as ?? id
  const end = (job: Job) => (mayDismiss(job, viewer) ? dismiss(job, clock.now()) : null)
  await jobs.amend(last, end, signal)
  return describeJob(id, services, base, viewer, signal)
}

const notNow = { pin: false } as const

/** Of a result that is kept here; null where it is not any more. */
const replies: ByKind<
  Promise<JobResult | null>,
  [seen: Seen, services: AppServices, base: string, signal: AbortSignal]
> = {
  ndvi: async (order, { id, isOwn }, services, base, signal) => {
    const own = isOwn ? await recallNdvi(order, services, signal).catch(() => null) : null
    const known =
      own?.id === id ? own : await recall(id, notNow, services.results, services, signal)
    return known && ndviReply(known, base)
  },
  fingerprint: async (_order, { id, isOwn }, services, base, signal) => {
    const known = await recall(id, notNow, services.fingerprintResults, services, signal)
    return known && fingerprintReply(isOwn ? known : withoutItemAddress(known), base)
  },
  verify: async (_order, { id }, services, base, signal) => {
    const known = await recall(id, notNow, services.verifications, services, signal)
    return known && verifyReply(known, base)
  },
  zones: async (_order, { id }, services, base, signal) => {
    const known = await recall(id, notNow, services.zonesResults, services, signal)
    return known && zonesReply(known, base)
  },
  change: async (order, seen, services, base, signal) => {
    const own = seen.isOwn ? await recallChange(order, services, signal).catch(() => null) : null
    return knownJoint(seen, own, services, base, signal)
  },
  composite: async (order, seen, services, base, signal) => {
    const own = seen.isOwn ? await recallComposite(order, services, signal).catch(() => null) : null
    return knownJoint(seen, own, services, base, signal)
  },
}

/** @param own as it is told to who asked for it */
async function knownJoint(
  { id }: Seen,
  own: JointResult | null,
  services: AppServices,
  base: string,
  signal: AbortSignal,
): Promise<JointReply | null> {
  const known =
    own?.id === id ? own : await recall(id, notNow, services.jointResults, services, signal)
  return known && jointReply(known, base)
}

function failureOf(job: Job, isOwn: boolean, now: number): Problem | null {
  if (isAbandoned(job, now)) {
    const message =
      'The job was started too often, or never, and no worker has it any more. Send the request again.'
    return problemOf(new GreenprintError('deadline_exceeded', message))
  }
  if (job.status !== 'failed') return null
  const { reason } = job
  if (reason === null || reason.code === 'internal') return problemOf(null)
  const error = new GreenprintError(reason.code, reason.message, { details: reason.details })
  return problemOf(isOwn ? error : withoutAddresses(error))
}
