// One delivery of a job: its lease, the work, and what the record says of it in the end.

import type { Clock } from '../async/clock.ts'
import { GreenprintError } from '../errors.ts'
import type { Step } from '../model/progress.ts'
import type { NdviOrder } from '../model/request.ts'
import type { NdviResult } from '../model/result.ts'
import { afterAttempts, isPassing, reasonOf } from './faults.ts'
import {
  continueAs,
  fail,
  holdsLease,
  isLeased,
  type Job,
  MOST_RECEIVES,
  markTold,
  release,
  succeed,
  takeLease,
} from './job.ts'
import type { Jobs } from './job-store.ts'
import { keepLease, type LeaseKeeper } from './lease.ts'

export interface WorkServices {
  readonly jobs: Jobs
  readonly clock: Clock
  /** Computes and publishes as asked, or throws. Done again, it finds what it did before. */
  readonly compute: (
    order: NdviOrder,
    tell: (step: Step, share?: number) => void,
    signal: AbortSignal,
  ) => Promise<NdviResult>
  /** Makes the job of a request's scene, however long its resolving takes. @returns its id */
  readonly resubmit: (order: NdviOrder, signal: AbortSignal) => Promise<string>
  /** Tells others of a successful job; null where nobody is to be told. */
  readonly announce: ((job: Job, signal: AbortSignal) => Promise<void>) | null
}

export interface JobDelivery {
  /** Of the job. */
  readonly id: string
  /** How often this message was delivered, this time included. */
  readonly receives: number
}

/** What becomes of the message, and for the log why. */
export interface Verdict {
  readonly outcome: 'done' | 'failed' | 'known' | 'busy' | 'lost' | 'again' | 'given up'
  readonly goesBack: boolean
  readonly error?: unknown
}

export interface Times {
  /** Ends the work, while there is time to write down that it ended. */
  readonly work: AbortSignal
  /** Ends everything. */
  readonly end: AbortSignal
}

/**
 * @throws {GreenprintError} `not_found` for a job that is none, `store_failed` where its record can be neither
 *   read nor written
 */
export async function workJob(
  { id, receives }: JobDelivery,
  services: WorkServices,
  times: Times,
): Promise<Verdict> {
  const { jobs, clock } = services
  const take = (job: Job) => takeLease(job, receives, clock.now())
  const amended = await jobs.amend(id, take, times.end)
  if (amended === null) throw new GreenprintError('not_found', `There is no job ${id}.`)
  const { before, after } = amended
  if (after !== null) return workLeased(after, services, times)
  return isLeased(before, clock.now())
    ? { outcome: 'busy', goesBack: true }
    : { outcome: 'known', goesBack: false }
}

async function workLeased(job: Job, services: WorkServices, times: Times): Promise<Verdict> {
  const { jobs, clock } = services
  const keeping = keepLease(job, jobs, clock)
  try {
    const done = job.status === 'running' ? await finish(job, keeping, services, times) : job
    if (done === null) return lost
    if (done.notice === 'due') await tell(done, keeping, services, times)
    return { outcome: 'done', goesBack: false }
  } catch (error) {
    if (keeping.lost.aborted) return lost
    return await giveBack(job, error, services, times)
  } finally {
    await keeping.stop()
  }
}

const lost: Verdict = { outcome: 'lost', goesBack: true }

/** Works until nothing more is asked for, and writes the success down; null when the job is another's by now. */
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

/** Computes, or hands a request that was not resolved over to the job of its scene. @returns what becomes of the record */
async function attempt(
  order: NdviOrder,
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
  const tells = announce !== null && result.assets['item'] !== undefined
  return (job) => succeed(job, result.id, tells, clock.now())
}

/** Somebody asked for the same with its publication while it was computed. */
function asksMore(job: Job, order: NdviOrder): boolean {
  return job.order.pin && !order.pin
}

/** Told first, marked then: whoever ends between the two lets it be told twice, and never not at all. */
async function tell(
  job: Job,
  keeping: LeaseKeeper,
  { jobs, clock, announce }: WorkServices,
  times: Times,
): Promise<void> {
  await announce?.(job, AbortSignal.any([times.work, keeping.lost]))
  const mark = (now: Job) => (holdsLease(now, job.attempts) ? markTold(now, clock.now()) : null)
  await jobs.amend(job.id, mark, times.end)
}

/** A fault that may pass goes back to the queue, all others are the end; and so is the last delivery. */
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
    // A job that has its result stays successful, whoever could not be told of it.
    const ends = job.status === 'running' && (isLast || !passes)
    return ends ? fail(job, reason, clock.now()) : release(job, reason, clock.now())
  }
  const amended = await jobs.amend(id, change, times.end)
  if (amended === null || amended.after === null) return { ...lost, error }
  if (amended.after.status !== 'failed') return { outcome: 'again', goesBack: true, error }
  // What was tried too often ends among the dead letters, where somebody looks.
  return passes
    ? { outcome: 'given up', goesBack: true, error }
    : { outcome: 'failed', goesBack: false, error }
}
