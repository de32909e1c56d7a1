// What is kept beside a published directory, outside of what its CID covers: it may change, and tells of places.

import type { JsonObject } from '../model/json.ts'
import type { RecordStore } from '../store/records.ts'

const besideNames = ['sources', 'receipt'] as const
export type BesideName = (typeof besideNames)[number]

/** Both throw `store_failed` where the store does. */
export interface Beside {
  /** null where nothing is. */
  get(root: string, name: BesideName, signal: AbortSignal): Promise<JsonObject | null>
  /** The latest of each name and root. */
  put(root: string, name: BesideName, value: object, signal: AbortSignal): Promise<void>
  /** Puts it where none is kept. */
  offer(root: string, name: BesideName, value: object, signal: AbortSignal): Promise<void>
}

export function createBeside(records: Pick<RecordStore, 'get' | 'put' | 'putIf'>): Beside {
  const keyOf = (root: string, name: BesideName) => `beside/${root}/${name}`
  return {
    get: (root, name, signal) => records.get(keyOf(root, name), signal),
    put: (root, name, value, signal) => records.put(keyOf(root, name), value, signal),
    async offer(root, name, value, signal) {
      await records.putIf(keyOf(root, name), value, { ifNoneMatch: '*' }, signal)
    },
  }
}
