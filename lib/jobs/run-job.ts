// One delivery of a job: its lease, the work, and how the record ends.

import type { Clock } from '../async/clock.ts'
import { GreenprintError } from '../errors.ts'
import { kindOf, type Order } from '../model/order.ts'
import type { Tell } from '../model/progress.ts'
import type { PublishableResult } from '../model/result.ts'
import { following } from './ask-again.ts'
import { afterAttempts, isPassing, reasonOf } from './faults.ts'
import {
  continueAs,
  endsWorkers,
  fail,
  holdsLease,
  isLeased,
  type Job,
  MOST_KILLS,
  MOST_RECEIVES,
  markAnnounced,
  release,
  succeed,
  takeLease,
} from './job.ts'
import type { Jobs } from './job-store.ts'
import { keepLease, type LeaseKeeper } from './lease.ts'

export interface WorkServices {
  readonly jobs: Jobs
  readonly clock: Clock
  /** Computes and publishes as ordered, or throws. Repeated, it finds what it did before. */
  readonly compute: (order: Order, tell: Tell, signal: AbortSignal) => Promise<PublishableResult>
  /** Creates the job of a request's scene, however long resolving the scene takes. @returns its id */
  readonly resubmit: (order: Order, signal: AbortSignal) => Promise<string>
  /** Announces a successful job; null without a topic. */
  readonly announce: ((job: Job, signal: AbortSignal) => Promise<void>) | null
}

export interface JobDelivery {
  /** Of the job. */
  readonly id: string
  /** Deliveries of this message so far, this one included. */
  readonly receives: number
  /** Keeps the message from others for a while longer. Never rejects. */
  readonly hold: (signal: AbortSignal) => Promise<void>
}

const endedWorkers = new GreenprintError(
  'too_large',
  `Its worker ran out of memory or was ended, ${MOST_KILLS} times: try a smaller max_size or a smaller area.`,
)

/** Whether the message goes back to the queue, and for the log why. */
export interface Verdict {
  readonly outcome: 'done' | 'failed' | 'known' | 'busy' | 'lost' | 'again' | 'given up'
  readonly goesBack: boolean
  readonly error?: unknown
}

export interface Times {
  /** Ends the work while there is time to record that it ended. */
  readonly work: AbortSignal
  /** Ends everything. */
  readonly end: AbortSignal
}

/**
 * @throws {GreenprintError} `not_found` for an unknown job, `store_failed` when its record cannot be read or
 *   written
 */
export async function workJob(
  { id, receives, hold }: JobDelivery,
  services: WorkServices,
  times: Times,
): Promise<Verdict> {
  const { jobs, clock } = services
  await hold(times.end)
  // One moment for both questions: a process that stands still between them would drop the message of a leased job.
  let at = clock.now()
  const take = (job: Job) => {
    at = clock.now()
    return endsWorkers(job, at)
      ? fail(job, reasonOf(endedWorkers), at)
      : takeLease(job, receives, at)
  }
  const amended = await jobs.amend(id, take, times.end)
  if (amended === null) throw new GreenprintError('not_found', `There is no job ${id}.`)
  const { before, after } = amended
  if (after?.status === 'failed') return { outcome: 'failed', goesBack: false, error: endedWorkers }
  if (after !== null) return workLeased(after, hold, services, times)
  return isLeased(before, at)
    ? { outcome: 'busy', goesBack: true }
    : { outcome: 'known', goesBack: false }
}

async function workLeased(
  job: Job,
  hold: JobDelivery['hold'],
  services: WorkServices,
  times: Times,
): Promise<Verdict> {
  const { jobs, clock } = services
  const keeping = keepLease(job, jobs, clock, hold)
  try {
    const done = job.status === 'running' ? await finish(job, keeping, services, times) : job
    if (done === null) return lost
    const isDue = done.notice === 'due'
    if (isDue && !(await announceJob(done, keeping, services, times))) return lost
    return { outcome: 'done', goesBack: false }
  } catch (error) {
    if (keeping.lost.aborted) return lost
    return await giveBack(job, error, services, times)
  } finally {
    await keeping.stop()
  }
}

const lost: Verdict = { outcome: 'lost', goesBack: true }

/** Works until nothing more is asked for, and records the success; null when another worker has the job by now. */
async function finish(
  { id, attempts, order: asked }: Job,
  keeping: LeaseKeeper,
  services: WorkServices,
  times: Times,
): Promise<Job | null> {
  const { jobs } = services
  const signal = AbortSignal.any([times.work, keeping.lost])
  for (let order = asked; ; ) {
    const success = await attempt(order, keeping, services, signal)
    const change = (job: Job) =>
      holdsLease(job, attempts) && !asksMore(job, order) ? success(job) : null
    const amended = await jobs.amend(id, change, times.end)
    if (amended === null || !holdsLease(amended.before, attempts)) return null
    if (amended.after !== null) return amended.after
    order = amended.before.order
  }
}

/** Computes, or hands an unresolved request over to the job of its scene. @returns the change to the record */
async function attempt(
  order: Order,
  keeping: LeaseKeeper,
  { clock, compute, resubmit, announce }: WorkServices,
  signal: AbortSignal,
): Promise<(job: Job) => Job> {
  if (order.resolved === undefined) {
    keeping.tell('scene')
    const other = await resubmit(order, signal)
    return (job) => continueAs(job, other, clock.now())
  }
  const result = await compute(order, keeping.tell, signal)
  for (const next of following(order)) await resubmit(next, signal)
  // A verification makes nothing new.
  const isNew = result.assets['item'] !== undefined && kindOf(order) !== 'verify'
  const announces = announce !== null && isNew
  return (job) => succeed(job, result.id, announces, clock.now())
}

/** Whether a caller asked for the publication, or for what follows, while the result was computed. */
function asksMore(job: Job, order: Order): boolean {
  return (job.order.pin && !order.pin) || following(job.order).length > following(order).length
}

/**
 * Announces first, marks then: a worker that ends between the two causes a second notice, never a missing one.
 *
 * @returns whether it was marked: not by a worker that stood still, whose successor may have ended before it told
 */
async function announceJob(
  job: Job,
  keeping: LeaseKeeper,
  { jobs, clock, announce }: WorkServices,
  times: Times,
): Promise<boolean> {
  await announce?.(job, AbortSignal.any([times.work, keeping.lost]))
  const mark = (now: Job) =>
    holdsLease(now, job.attempts) ? markAnnounced(now, clock.now()) : null
  const amended = await jobs.amend(job.id, mark, times.end)
  return amended !== null && (amended.after !== null || amended.before.notice === 'sent')
}

/** A passing fault goes back to the queue; any other fault, or the last delivery, ends the job. */
async function giveBack(
  { id, attempts, receives }: Job,
  error: unknown,
  { jobs, clock }: WorkServices,
  times: Times,
): Promise<Verdict> {
  const passes = isPassing(error)
  const isLast = receives >= MOST_RECEIVES
  const reason = passes && isLast ? afterAttempts(reasonOf(error), receives) : reasonOf(error)
  const change = (job: Job) => {
    if (!holdsLease(job, attempts)) return null
    // A job that has its result stays successful even when its notice could not be sent.
    const ends = job.status === 'running' && (isLast || !passes)
    return ends ? fail(job, reason, clock.now()) : release(job, reason, clock.now())
  }
  const amended = await jobs.amend(id, change, times.end)
  if (amended === null || amended.after === null) return { ...lost, error }
  if (amended.after.status !== 'failed') return { outcome: 'again', goesBack: true, error }
  // A job that was tried too often ends in the dead-letter queue, which raises an alarm.
  return passes
    ? { outcome: 'given up', goesBack: true, error }
    : { outcome: 'failed', goesBack: false, error }
}
