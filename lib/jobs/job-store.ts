// The records of jobs, changed only over the version that was read: of two that change one at once, one tries again.

import { GreenprintError } from '../errors.ts'
import type { RecordStore } from '../store/records.ts'
import type { Job } from './job.ts'
import { readJob } from './job-record.ts'

export interface Amended {
  /** What was there when the change was decided. */
  readonly before: Job
  /** What is there now; null when the change was declined. */
  readonly after: Job | null
}

/** All of them throw `store_failed` where the store does. */
export interface Jobs {
  /** null where there is none with this id. */
  get(id: string, signal: AbortSignal): Promise<Job | null>
  /** false when there is one with its id already. */
  create(job: Job, signal: AbortSignal): Promise<boolean>
  /**
   * Puts what `change` makes of the job in its place; `change` is asked again when another was faster.
   *
   * @param change null declines
   * @returns null where there is no such job
   */
  amend(id: string, change: (job: Job) => Job | null, signal: AbortSignal): Promise<Amended | null>
}

/** A job has a worker and a few askers. Who loses so often against them meets a store that does not compare. */
const MOST_TRIES = 50

export function createJobs(records: RecordStore): Jobs {
  const keyOf = (id: string) => `jobs/${id}`
  return {
    async get(id, signal) {
      const value = isJobId(id) ? await records.get(keyOf(id), signal) : null
      return value === null ? null : readJob(value)
    },
    create: (job, signal) => records.putIf(keyOf(job.id), job, { ifNoneMatch: '*' }, signal),
    async amend(id, change, signal) {
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        const found = isJobId(id) ? await records.find(keyOf(id), signal) : null
        if (found === null) return null
        const before = readJob(found.value)
        const after = change(before)
        if (after === null) return { before, after }
        const condition = { ifMatch: found.etag }
        if (await records.putIf(keyOf(id), after, condition, signal)) return { before, after }
      }
      throw new GreenprintError('store_failed', `The record of job ${id} changes without end.`)
    },
  }
}

/** Ids are SHA-256 in hexadecimal; anything else is no key of ours to look up. */
export function isJobId(id: string): boolean {
  return /^[0-9a-f]{64}$/.test(id)
}
