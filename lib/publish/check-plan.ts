// When it is looked whether a published result can be retrieved: soon, a little later, and once it must be everywhere.

import type { Clock } from '../async/clock.ts'

/** Minutes after the publication: caches of "not found" last about a minute, announcements up to an hour. */
export const CHECK_MINUTES = [1, 10, 60] as const

export interface CheckPlan {
  /** Plans all checks of a root; one that is planned already stays as it is. @throws {GreenprintError} `queue_failed` */
  plan(root: string, signal: AbortSignal): Promise<void>
}

/**
 * The plan of a process that stays: it waits itself, and forgets what it has planned when it ends.
 *
 * @param check of a root; its failure is nobody's
 */
export function createLocalPlan(
  check: (root: string, signal: AbortSignal) => Promise<unknown>,
  clock: Pick<Clock, 'sleep'>,
): CheckPlan {
  const never = new AbortController().signal
  const planned = new Set<string>()
  async function run(root: string, minutes: number): Promise<void> {
    const key = `${root} ${minutes}`
    if (planned.has(key)) return
    planned.add(key)
    try {
      await clock.sleep(minutes * 60_000, never, { keepsAlive: false })
      await check(root, never)
    } catch {
      // The next check may find it; what went wrong with this one is in the record, or nowhere.
    } finally {
      planned.delete(key)
    }
  }
  return {
    async plan(root) {
      for (const minutes of CHECK_MINUTES) void run(root, minutes)
    },
  }
}
