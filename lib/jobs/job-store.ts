// The records of jobs. A change is written only over the version that was read; of two concurrent ones, one retries.

import { GreenprintError } from '../errors.ts'
import type { RecordStore } from '../store/records.ts'
import type { Job } from './job.ts'
import { readJob } from './job-record.ts'

export interface Amended {
  /** The job that the change was made to. */
  readonly before: Job
  /** The job as it was written; null when `change` returned null. */
  readonly after: Job | null
}

/** All of them throw `store_failed` where the store does. */
export interface Jobs {
  /** null when there is no job with this id. */
  get(id: string, signal: AbortSignal): Promise<Job | null>
  /** false when a job with this id exists already. */
  create(job: Job, signal: AbortSignal): Promise<boolean>
  /**
   * Replaces a job by what `change` returns for it; `change` is called again when another writer was faster.
   *
   * @param change returns null to leave the job as it is
   * @returns null when there is no such job
   */
  amend(id: string, change: (job: Job) => Job | null, signal: AbortSignal): Promise<Amended | null>
}

/** A job has one worker and a few callers. After so many lost races the store does not honour conditions. */
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
      throw new GreenprintError(
        'store_failed',
        `The record of job ${id} could not be written: it was changed by others ${MOST_TRIES} times in a row.`,
      )
    },
  }
}

/** Ids are SHA-256 in hexadecimal; nothing else is looked up. */
export function isJobId(id: string): boolean {
  return /^[0-9a-f]{64}$/.test(id)
}
