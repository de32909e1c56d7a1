// Finished results by id, and what became of their publication by root.

import type { NdviResult, Publication } from '../model/result.ts'
import type { RecordStore } from '../store/records.ts'
import { readPublications, readResult } from './result-record.ts'

export interface Results {
  /** The finished result with this id, or null. */
  get(id: string, signal: AbortSignal): Promise<NdviResult | null>
  put(result: NdviResult, signal: AbortSignal): Promise<void>
  /** Publishers' outcomes for a root, none when it was never published. */
  publications(root: string, signal: AbortSignal): Promise<readonly Publication[]>
  putPublications(
    root: string,
    publications: readonly Publication[],
    signal: AbortSignal,
  ): Promise<void>
}

export function createResults(records: RecordStore): Results {
  return {
    async get(id, signal) {
      const result = readResult(await records.get(`results/${id}`, signal))
      return result && { ...result, cached: true }
    },
    async put(result, signal) {
      await records.put(`results/${result.id}`, { ...result, publications: [] }, signal)
    },
    async publications(root, signal) {
      return readPublications(await records.get(`publications/${root}`, signal))
    },
    async putPublications(root, publications, signal) {
      await records.put(`publications/${root}`, { publications }, signal)
    },
  }
}
