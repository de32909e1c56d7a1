// A job that is begun anew to see whether jobs are done: from the record through the queue to a worker and back.

import type { Order } from '../model/order.ts'
import { hasEnded, type Job, newJob } from './job.ts'
import { resolveOrder } from './resolve-order.ts'
import { type JobServices, queueJob } from './submit.ts'

/** How a tried job ended; `late`: it has not, by the time that there was. */
export interface Trial {
  readonly status: 'ok' | 'failed' | 'late'
  /** Until it ended, or since it was queued. */
  readonly ms: number
  /** Id of its result. */
  readonly result: string | null
  readonly reason: string | null
}

/** A success of the last minutes counts: whoever may ask for a trial may ask often. */
const RECENT_MS = 300_000
const LOOK_MS = 250

/**
 * @param mostMs how long its end is waited for
 * @throws {GreenprintError} what resolving the order throws, `store_failed`, `queue_failed`
 */
export async function tryJob(
  order: Order,
  services: JobServices,
  mostMs: number,
  signal: AbortSignal,
): Promise<Trial> {
  const { clock, jobs } = services
  const began = clock.elapsed()
  const resolved = await resolveOrder(order, services, signal)
  let job = await begin(resolved.id, resolved.order, services, signal)
  await queueJob(job, services, signal)
  while (!hasEnded(job) && clock.elapsed() - began < mostMs) {
    await clock.sleep(LOOK_MS, signal)
    job = (await jobs.get(job.id, signal)) ?? job
  }
  const { status, result, reason } = job
  return {
    status: status === 'successful' ? 'ok' : status === 'failed' ? 'failed' : 'late',
    ms: Math.round(clock.elapsed() - began),
    result,
    reason: reason?.message ?? null,
  }
}

/** The job, anew unless somebody is at it or has just done it. */
async function begin(
  id: string,
  order: Order,
  { jobs, clock }: JobServices,
  signal: AbortSignal,
): Promise<Job> {
  const fresh = newJob(id, order, true, clock.now())
  if (await jobs.create(fresh, signal)) return fresh
  const anew = (job: Job) => {
    if (!hasEnded(job) || isRecentSuccess(job, clock.now())) return null
    const { attempts, created } = job
    return { ...newJob(id, order, true, clock.now()), attempts, created }
  }
  const amended = await jobs.amend(id, anew, signal)
  return amended?.after ?? amended?.before ?? fresh
}

function isRecentSuccess({ status, updated }: Job, now: number): boolean {
  return status === 'successful' && now - Date.parse(updated) < RECENT_MS
}
