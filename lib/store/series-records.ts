// The records of series: what was asked and found, and of a finished one all that it is answered with.

import { isJsonObject } from '../model/json.ts'
import type { Series, SeriesRecord } from '../model/series.ts'
import type { RecordStore } from './records.ts'

/** All of them throw `store_failed` where the store does. */
export interface SeriesRecords {
  /** null where there is none with this id. */
  get(id: string, signal: AbortSignal): Promise<SeriesRecord | null>
  put(record: SeriesRecord, signal: AbortSignal): Promise<void>
  /** The whole series, once it is finished; null before. */
  finished(id: string, signal: AbortSignal): Promise<Series | null>
  finish(series: Series, signal: AbortSignal): Promise<void>
}

/** A longer series is put together from its jobs each time. */
const MOST_KEPT_ROWS = 20_000

export function createSeriesRecords(
  records: RecordStore,
  isKept: (series: Series, signal: AbortSignal) => Promise<boolean>,
): SeriesRecords {
  const read = async (folder: string, id: string, signal: AbortSignal) =>
    /^[0-9a-f]{64}$/.test(id) ? records.get(`${folder}/${id}`, signal) : null
  return {
    async get(id, signal) {
      const record = await read('series', id, signal)
      return isSeriesRecord(record) ? record : null
    },
    put: (record, signal) => records.put(`series/${record.id}`, record, signal),
    async finished(id, signal) {
      const record = await read('series/finished', id, signal)
      return isSeries(record) && (await isKept(record, signal)) ? record : null
    },
    async finish(series, signal) {
      if (series.rows.length > MOST_KEPT_ROWS) return
      await records.put(`series/finished/${series.id}`, series, signal)
    },
  }
}

/** Records are written here only, under an id that holds the software's version: their shape is ours. */
function isSeriesRecord(record: unknown): record is SeriesRecord {
  return isJsonObject(record) && Array.isArray(record['groups'])
}

function isSeries(record: unknown): record is Series {
  return isJsonObject(record) && Array.isArray(record['rows']) && typeof record['root'] === 'string'
}
