// Keeps the lease of a job while it is worked on: heartbeats that extend it, and a signal for when it is lost.

import type { Clock } from '../async/clock.ts'
import type { Tell } from '../model/progress.ts'
import { extendLease, holdsLease, type Job, type JobProgress, LEASE_MS } from './job.ts'
import type { Jobs } from './job-store.ts'

export interface LeaseKeeper {
  /** Aborts when another worker has the job, or when the lease ran out while the store could not be reached. */
  readonly lost: AbortSignal
  /** The progress that the next heartbeat writes into the record. */
  readonly tell: Tell
  /** Ends the heartbeats; nothing is written once this has resolved. */
  stop(): Promise<void>
}

/** Several heartbeats may fail, or be late, before a lease runs out. */
const BEAT_MS = 5_000

/** How often the message is held on to, of the time for which it is. */
const HOLD_MS = 60_000

/**
 * @param job as it was when its lease was taken
 * @param hold called every minute while the lease beats
 */
export function keepLease(
  job: Job,
  jobs: Jobs,
  clock: Clock,
  hold: (signal: AbortSignal) => Promise<void>,
): LeaseKeeper {
  const lost = new AbortController()
  const over = new AbortController()
  let progress: JobProgress | null = null
  let until = job.lease_until
  let heldAt = clock.elapsed()

  /** Whether to go on. */
  async function beat(): Promise<boolean> {
    await clock.sleep(BEAT_MS, over.signal)
    const extend = (now: Job) =>
      holdsLease(now, job.attempts) ? extendLease(now, progress, clock.now()) : null
    const amended = await jobs.amend(job.id, extend, over.signal).catch(() => 'unknown' as const)
    if (amended === 'unknown') return clock.now() < until
    until = clock.now() + LEASE_MS
    if (clock.elapsed() - heldAt >= HOLD_MS) {
      heldAt = clock.elapsed()
      await hold(over.signal)
    }
    return amended !== null && amended.after !== null
  }

  async function beatOn(): Promise<void> {
    while (await beat());
    lost.abort(new Error('the lease of the job was lost'))
  }

  const beats = beatOn().catch(() => undefined)
  return {
    lost: lost.signal,
    tell: (step, share, read) => {
      progress = { step, share: share ?? null, ...read }
    },
    async stop() {
      over.abort()
      await beats
    },
  }
}
