// Jobs of a process that ended: its queue was in its memory, their records are in the store.

import type { ObjectStore } from '../store/objects.ts'
import { type Job, MOST_RECEIVES } from './job.ts'
import { isJobId, type Jobs } from './job-store.ts'

export interface Resumable {
  readonly jobs: Jobs
  readonly objects: Pick<ObjectStore, 'list'>
}

/** A message that is put back: as often delivered as it was, and not before the lease of the last worker ends. */
export type PutBack = (
  message: { readonly id: string },
  delivered: { readonly receives: number; readonly notBefore: number },
) => void

/** Keys that are asked for at once. */
const PAGE = 1000

/**
 * Puts every job back that is open, and every notice that is due.
 *
 * @returns how many
 * @throws {GreenprintError} `store_failed`
 */
export async function resumeJobs(
  { jobs, objects }: Resumable,
  putBack: PutBack,
  signal: AbortSignal,
): Promise<number> {
  let resumed = 0
  for (let after: string | null = null; ; ) {
    const keys: readonly string[] = await objects.list('jobs', after, PAGE, signal)
    for (const key of keys) {
      const id = /^jobs\/(.*)\.json$/.exec(key)?.[1] ?? ''
      // A record that cannot be read is told to whoever asks for that job.
      const job = isJobId(id) ? await jobs.get(id, signal).catch(() => null) : null
      if (job === null || !isOpen(job)) continue
      putBack({ id }, { receives: job.receives, notBefore: job.lease_until })
      resumed++
    }
    after = keys.at(-1) ?? null
    if (keys.length < PAGE || after === null) return resumed
  }
}

/** However long ago: nobody else has its message. What killed its worker time and again is left alone. */
function isOpen({ status, notice, receives }: Job): boolean {
  if (receives >= MOST_RECEIVES) return false
  return status === 'accepted' || status === 'running' || notice === 'due'
}
