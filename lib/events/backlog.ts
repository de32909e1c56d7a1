// What sweeps of one schedule have left to be read: the next of them goes on from there.

import type { SceneSearch } from '../model/request.ts'
import type { PageRequest } from '../stac/search-request.ts'
import type { RecordStore } from '../store/records.ts'

/** A search that was not read to its end. */
export interface Leftover {
  /** With the time that it is of. */
  readonly search: SceneSearch
  /** The page that is next; null for the first. */
  readonly next: PageRequest | null
}

export interface Backlog {
  /** The oldest first. */
  readonly leftovers: readonly Leftover[]
  /** Sweeps in a row that left something. */
  readonly behind: number
}

export interface Backlogs {
  /** @param schedule the hash of what it says. @throws {GreenprintError} `store_failed` */
  get(schedule: string, signal: AbortSignal): Promise<Backlog>
  /** @throws {GreenprintError} `store_failed` */
  put(schedule: string, backlog: Backlog, signal: AbortSignal): Promise<void>
}

const none: Backlog = { leftovers: [], behind: 0 }

/** `sweeps/<schedule>.json` */
export function createBacklogs(records: Pick<RecordStore, 'get' | 'put'>): Backlogs {
  return {
    async get(schedule, signal) {
      const value: unknown = await records.get(`sweeps/${schedule}`, signal)
      return isBacklog(value) ? value : none
    },
    put: (schedule, backlog, signal) => records.put(`sweeps/${schedule}`, backlog, signal),
  }
}

/** Written here only. */
function isBacklog(value: unknown): value is Backlog {
  return typeof value === 'object' && value !== null && 'leftovers' in value && 'behind' in value
}
