// Finished results by id, and what became of their publication by root.

import type { NdviResult, Publication } from '../model/result.ts'
import type { RecordStore } from '../store/records.ts'

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
      const record = await records.get(`results/${id}`, signal)
      return isResult(record) ? { ...record, cached: true } : null
    },
    async put(result, signal) {
      await records.put(`results/${result.id}`, { ...result, publications: [] }, signal)
    },
    async publications(root, signal) {
      const record = await records.get(`publications/${root}`, signal)
      return isPublications(record) ? record.publications : []
    },
    async putPublications(root, publications, signal) {
      await records.put(`publications/${root}`, { publications }, signal)
    },
  }
}

/** Records are written here only, under an id that holds the software's version: their shape is ours. */
function isResult(record: unknown): record is NdviResult {
  return typeof record === 'object' && record !== null && 'root' in record && 'statistics' in record
}

function isPublications(record: unknown): record is { publications: readonly Publication[] } {
  return typeof record === 'object' && record !== null && 'publications' in record
}
