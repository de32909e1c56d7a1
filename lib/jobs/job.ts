// A job: its record, and every change that may be made to it. Pure: time comes in, nothing is read or written here.

import type { ErrorCode } from '../errors.ts'
import type { Order } from '../model/order.ts'
import type { ReadSoFar, Step } from '../model/progress.ts'

/** The words of OGC API Processes. */
export const jobStatuses = ['accepted', 'running', 'successful', 'failed', 'dismissed'] as const
export type JobStatus = (typeof jobStatuses)[number]

export interface JobProgress {
  readonly step: Step
  /** How much of the step is done, 0 to 1; null where that cannot be said. */
  readonly share: number | null
  readonly bytes?: ReadSoFar['bytes']
  readonly blocks?: ReadSoFar['blocks']
  readonly sources?: ReadSoFar['sources']
}

export interface JobReason {
  readonly code: ErrorCode | 'internal'
  readonly message: string
  readonly details: readonly string[]
}

/** `jobs/<id>.json`. It expires 30 days after its last change, by the bucket's lifecycle. */
export interface Job {
  /** The result's id; past five seconds of resolving, the hash of the request as it was asked. */
  readonly id: string
  /** Its request is whole: the item is inlined, unless it could not be resolved in time. */
  readonly order: Order
  /** Present where its item has copies that several callers named. */
  readonly shared?: true
  /** Another caller waits for it too. */
  readonly awaited?: true
  readonly status: JobStatus
  /** When the worker's lease ends, in ms since 1970; 0 when nobody works on the job. */
  readonly lease_until: number
  /** Leases taken so far, which is the number of the last one: the holder of a smaller number has lost the job. */
  readonly attempts: number
  /** How often the queue had delivered the message that the last lease was taken for. */
  readonly receives: number
  /** Leases whose holder gave no sign of its end. Absent in records of 0.2. */
  readonly kills?: number
  /** When its message was put into the queue, in ms since 1970. Absent in records of 0.2. */
  readonly queued_at?: number
  readonly progress: JobProgress | null
  /** Why it failed; while it waits or runs again, why the last attempt did. */
  readonly reason: JobReason | null
  /** Id of the result, once there is one. */
  readonly result: string | null
  /** The job that goes on with a request which was not resolved in time, once it is. */
  readonly continues_as: string | null
  /** The status in the result's notice: whether the job made the result, or found it and only published it. */
  readonly outcome: 'created' | 'updated'
  /** `due` from the moment of success until the topic accepted the notice; `none` without a topic. */
  readonly notice: 'none' | 'due' | 'sent'
  /** RFC 3339. */
  readonly created: string
  readonly updated: string
}

/** Heartbeats extend a lease: a worker that misses them for so long counts as dead. */
export const LEASE_MS = 60_000
/** Deliveries of one message, the last of which ends in the dead-letter queue. */
export const MOST_RECEIVES = 5

/** Leases that may end without a word before the job counts as one that ends its worker. */
export const MOST_KILLS = 3
/** Longer than the longest pause between two deliveries: a message that was not seen for so long may be gone. */
const LONGEST_SILENCE_MS = 2 * 3_600_000

export function newJob(id: string, order: Order, isKnown: boolean, now: number): Job {
  return {
    id,
    order,
    status: 'accepted',
    lease_until: 0,
    attempts: 0,
    receives: 0,
    kills: 0,
    progress: null,
    reason: null,
    result: null,
    continues_as: null,
    outcome: isKnown ? 'updated' : 'created',
    notice: 'none',
    created: timeText(now),
    updated: timeText(now),
  }
}

/** The job of a result that is there already, in the state that was asked for. */
export function knownJob(id: string, order: Order, now: number): Job {
  return { ...newJob(id, order, true, now), status: 'successful', result: id }
}

export function isLeased({ lease_until }: Job, now: number): boolean {
  return lease_until > now
}

/** Longer than all deliveries of a message can take, with the pauses between them. */
const LONGEST_WAIT_MS = 12 * 3_600_000

/**
 * Whether no further delivery is to be expected: the worker of the last one was killed, or the message was dropped
 * without being worked on.
 */
export function isAbandoned(job: Job, now: number): boolean {
  if (isLeased(job, now)) return false
  if (job.status === 'running' && job.receives >= MOST_RECEIVES) return true
  const isOpen = job.status === 'running' || job.status === 'accepted'
  return isOpen && now - Date.parse(job.updated) > LONGEST_WAIT_MS
}

export function hasEnded({ status }: Pick<Job, 'status'>): boolean {
  return status === 'successful' || status === 'failed' || status === 'dismissed'
}

/** The job given up by who asked for it: its worker finds its lease gone. null where it has ended by itself. */
export function dismiss(job: Job, now: number): Job | null {
  if (hasEnded(job)) return null
  return { ...job, ...rest(now), status: 'dismissed', progress: null }
}

/** The job under a new lease; null while another is live, or when nothing is left to be done. */
export function takeLease(job: Job, receives: number, now: number): Job | null {
  if (isLeased(job, now)) return null
  const lease = { attempts: job.attempts + 1, receives, kills: killsOf(job), ...beat(now) }
  if (job.status === 'successful') return job.notice === 'due' ? { ...job, ...lease } : null
  if (isRedriven(job, receives)) {
    return { ...job, ...lease, kills: 0, status: 'running', progress: null }
  }
  if (hasEnded(job)) return null
  return { ...job, ...lease, status: 'running', progress: null }
}

/**
 * Whether somebody put the message of a job that was given up back into its queue: it comes as a new one, whose
 * deliveries are counted anew. A second delivery of the same message has at least as many.
 */
function isRedriven({ status, receives: last }: Job, receives: number): boolean {
  return status === 'failed' && last >= MOST_RECEIVES && receives < last
}

/** Of a job that nobody works on: one that still runs was left by a worker that was killed. */
function killsOf({ kills = 0, status }: Job): number {
  return status === 'running' ? kills + 1 : kills
}

/** Whether its last worker was killed as others before: another would be too. */
export function endsWorkers(job: Job, now: number): boolean {
  return !isLeased(job, now) && killsOf(job) >= MOST_KILLS
}

/** Whether a message of the job is still to come, as far as its record tells. */
export function isQueued({ queued_at, updated }: Job, now: number): boolean {
  if (queued_at === undefined) return false
  return now - Math.max(queued_at, Date.parse(updated)) < LONGEST_SILENCE_MS
}

export function markQueued(job: Job, now: number): Job | null {
  return job.status === 'accepted' ? { ...job, queued_at: now } : null
}

/** Whether this lease is still the last one. It may have run out: until another is taken, its holder goes on. */
export function holdsLease(job: Job, lease: number): boolean {
  return job.attempts === lease && (job.status === 'running' || job.notice === 'due')
}

export function extendLease(job: Job, progress: JobProgress | null, now: number): Job {
  return { ...job, ...beat(now), progress }
}

/** @param announces whether a notice is due: the lease is then held until it was sent */
export function succeed(job: Job, result: string, announces: boolean, now: number): Job {
  const done = { status: 'successful', result, progress: null, reason: null } as const
  return announces
    ? { ...job, ...done, ...beat(now), notice: 'due' }
    : { ...job, ...done, ...rest(now), notice: 'none' }
}

/** The resolved request has a job of its own, which announces the result: once, however it was asked for. */
export function continueAs(job: Job, id: string, now: number): Job {
  const done = { status: 'successful', progress: null, reason: null, notice: 'none' } as const
  return { ...job, ...done, ...rest(now), continues_as: id }
}

export function markAnnounced(job: Job, now: number): Job {
  return { ...job, ...rest(now), notice: 'sent' }
}

export function fail(job: Job, reason: JobReason, now: number): Job {
  return { ...job, ...rest(now), status: 'failed', reason }
}

/** Gives the lease back, so that the next delivery need not wait until it runs out. */
export function release(job: Job, reason: JobReason, now: number): Job {
  const status = job.status === 'running' ? 'accepted' : job.status
  return { ...job, ...rest(now), status, reason }
}

function beat(now: number): Pick<Job, 'lease_until' | 'updated'> {
  return { lease_until: now + LEASE_MS, updated: timeText(now) }
}

function rest(now: number): Pick<Job, 'lease_until' | 'updated'> {
  return { lease_until: 0, updated: timeText(now) }
}

/** RFC 3339. */
export function timeText(now: number): string {
  return new Date(now).toISOString()
}
