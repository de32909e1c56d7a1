// From an order to a job in the queue, or to the result that is known already. Safe to repeat at any point.

import type { Clock } from '../async/clock.ts'
import { currentInvocation } from '../async/invocation.ts'
import { GreenprintError } from '../errors.ts'
import type { Order } from '../model/order.ts'
import type { Trust } from '../model/scene.ts'
import { unsignedJson } from '../model/unsigned-url.ts'
import { askAgain, following } from './ask-again.ts'
import {
  hasEnded,
  isLeased,
  isQueued,
  type Job,
  type JobStatus,
  knownJob,
  markQueued,
  newJob,
} from './job.ts'
import type { Jobs } from './job-store.ts'
import type { JobMessage, JobQueue } from './queue.ts'
import {
  type OrderServices,
  type ResolvedOrder,
  resolveOrder,
  type Standing,
  standingOf,
  unresolvedId,
} from './resolve-order.ts'

export interface JobServices extends OrderServices {
  readonly jobs: Jobs
  /** null when the deployment has none. */
  readonly queue: JobQueue | null
  readonly clock: Clock
}

export interface Submission {
  /** Of the job; where the request was resolved in time, of the result too. */
  readonly id: string
  readonly status: JobStatus
  /** As ResolvedOrder has it. */
  readonly trust?: Trust
}

/** How an order becomes a job. Safe to be called again: there is one job for each request. */
export type Submit = (order: Order, signal: AbortSignal) => Promise<Submission>

/** For a worker: resolving may take until its signal aborts. @returns the job's id */
export async function resubmitJob(
  order: Order,
  services: JobServices,
  signal: AbortSignal,
): Promise<string> {
  const { id } = await submitJob(order, services, signal, LONGEST_MS)
  return id
}

/** How long an item or a search may take before the job is accepted unresolved. */
const RESOLVE_MS = 5_000
/** More than any worker has. */
const LONGEST_MS = 3_600_000

/**
 * Makes sure that the request is, or will be, answered: the record of its job is written first, then its message is
 * sent. A caller that fails between the two submits again; a second message does no harm.
 *
 * @param resolveMs 0 accepts the request as it is, without resolving its scene
 * @throws {GreenprintError} what resolveOrder throws, `store_failed`, `queue_failed`,
 *   `invalid_configuration` without a queue
 */
export async function submitJob(
  order: Order,
  services: JobServices,
  signal: AbortSignal,
  resolveMs = RESOLVE_MS,
): Promise<Submission> {
  requireQueue(services)
  const asked = (await resolveInTime(order, services, resolveMs, signal)) ?? unresolved(order)
  const job = await openJob(asked, services, signal)
  const { id, status } = job
  await queueJob(job, services, signal)
  let submission: Submission = { id, status, ...trustOf(asked) }
  // Of a job that is done nobody submits what follows but who asks.
  for (const next of status === 'successful' ? following(asked.order) : []) {
    submission = await submitJob(next, services, signal, resolveMs)
  }
  return submission
}

function requireQueue({ queue }: JobServices): JobQueue {
  if (queue !== null) return queue
  throw new GreenprintError(
    'invalid_configuration',
    'This deployment has no job queue: set QUEUE_URL.',
  )
}

/**
 * Sends the message of a job, unless the job needs none or one is on its way.
 *
 * @throws {GreenprintError} `queue_failed`, `invalid_configuration` without a queue
 */
export async function queueJob(
  job: Job,
  services: JobServices,
  signal: AbortSignal,
): Promise<void> {
  const { clock, jobs } = services
  const now = clock.now()
  if (hasEnded(job) || isLeased(job, now) || isQueued(job, now)) return
  await requireQueue(services).send(messageOf(job.id), signal)
  // Where this fails, asking again sends a second message, which does no harm.
  const mark = (sent: Job) => markQueued(sent, clock.now())
  await jobs.amend(job.id, mark, signal).catch(() => signal.throwIfAborted())
}

/** With its item inlined where it was resolved, else as it came. */
interface Asked extends ResolvedOrder {
  readonly standing: Standing
}

function trustOf({ trust }: ResolvedOrder): Pick<Submission, 'trust'> {
  return trust === undefined ? {} : { trust }
}

function unresolved(order: Order): Asked {
  const { request } = order
  const id = unresolvedId(order)
  const next = following(order).map(unsignedJson)
  const own = { ...order, request: unsignedJson(request), ...(next.length > 0 ? { next } : {}) }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the order of its kind, without signatures
  return { id, order: own as Order, standing: 'unknown' }
}

/** null when time was up first. */
async function resolveInTime(
  order: Order,
  services: JobServices,
  ms: number,
  signal: AbortSignal,
): Promise<Asked | null> {
  if (ms === 0) return null
  const enough = new AbortController()
  const both = AbortSignal.any([signal, enough.signal])
  const timer = services.clock
    .sleep(ms, both)
    .then(() => enough.abort(new Error('resolving took too long')))
    .catch(() => undefined)
  try {
    const resolved = await resolveOrder(order, services, both)
    const standing = await standingOf(order, resolved.id, services, both)
    return { ...resolved, standing }
  } catch (error) {
    signal.throwIfAborted()
    if (enough.signal.aborted) return null
    throw error
  } finally {
    enough.abort()
    await timer
  }
}

/** The record as it stands after this submission: new, restarted, or unchanged. */
async function openJob(
  { id, order, standing }: Asked,
  services: JobServices,
  signal: AbortSignal,
): Promise<Job> {
  const { jobs, clock } = services
  for (;;) {
    const now = clock.now()
    const fresh =
      standing === 'done' ? knownJob(id, order, now) : newJob(id, order, standing === 'kept', now)
    if (await jobs.create(fresh, signal)) return fresh
    const there = await jobs.get(id, signal)
    const result = there?.status === 'successful' ? there.result : null
    const found = result === null ? standing : await standingOf(order, result, services, signal)
    let succeededSince = false
    const change = (job: Job) => {
      const isSuccess = job.status === 'successful'
      succeededSince =
        isSuccess && (there?.status !== 'successful' || there.attempts !== job.attempts)
      if (succeededSince || (isSuccess && found === 'done')) return null
      return askAgain(job, order, found !== 'unknown', clock.now())
    }
    const amended = await jobs.amend(id, change, signal)
    // `found` is from before that success: look again.
    if (amended === null || succeededSince) continue
    return amended.after ?? amended.before
  }
}

/** Who asked goes along: the worker's line tells it too. */
function messageOf(id: string): JobMessage {
  const traceparent = currentInvocation()?.traceparent ?? null
  return traceparent === null ? { id } : { id, traceparent }
}
