// Finished results by id.

import { JointReads } from '../async/joint-reads.ts'
import type { NdviResult, PublishableResult } from '../model/result.ts'
import type { RecordStore } from '../store/records.ts'
import { readResult } from './result-record.ts'

export interface Results<Result extends PublishableResult = NdviResult> {
  /** The finished result with this id, or null. */
  get(id: string, signal: AbortSignal): Promise<Result | null>
  put(result: Result, signal: AbortSignal): Promise<void>
  /** Puts it where none is kept. */
  offer(result: Result, signal: AbortSignal): Promise<void>
}

export function createResults(records: RecordStore): Results {
  return createResultsOf(records, readResult)
}

/** @param read the result that a record holds; null for what is not one of this kind */
export function createResultsOf<Result extends PublishableResult>(
  records: RecordStore,
  read: (record: unknown) => Result | null,
): Results<Result> {
  const reads = new JointReads<Result | null>()
  return {
    get(id, signal) {
      const find = async (stop: AbortSignal) => {
        const result = read(await records.get(`results/${id}`, stop))
        return result && { ...result, cached: true }
      }
      return reads.read(id, find, signal)
    },
    async put(result, signal) {
      await records.put(`results/${result.id}`, { ...result, publications: [] }, signal)
    },
    async offer(result, signal) {
      const record = { ...result, publications: [] }
      await records.putIf(`results/${result.id}`, record, { ifNoneMatch: '*' }, signal)
    },
  }
}
