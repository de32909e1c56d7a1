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
  /** The directory of one that is too long to be kept whole, by what its files are made of; null where none is known. */
  packed(madeOf: string, signal: AbortSignal): Promise<PackedSeries | null>
  /** @param madeOf hash of what its files are made of */
  finish(series: Series, madeOf: string, signal: AbortSignal): Promise<void>
}

export type PackedSeries = Pick<Series, 'assets'> & { readonly root: string }

/** The rows of a longer series are put together from its jobs each time. */
const MOST_KEPT_ROWS = 20_000

export function createSeriesRecords(
  records: RecordStore,
  isKept: (series: PackedSeries, signal: AbortSignal) => Promise<boolean>,
  mostRows = MOST_KEPT_ROWS,
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
    async packed(madeOf, signal) {
      const record = await read('series/packed', madeOf, signal)
      return isPacked(record) && (await isKept(record, signal)) ? record : null
    },
    async finish(series, madeOf, signal) {
      const { id, rows, root, assets } = series
      await (rows.length > mostRows
        ? records.put(`series/packed/${madeOf}`, { root, assets }, signal)
        : records.put(`series/finished/${id}`, series, signal))
    },
  }
}

/** Records are written here only, under an id that holds the software's version: their shape is ours. */
function isSeriesRecord(record: unknown): record is SeriesRecord {
  return isJsonObject(record) && Array.isArray(record['groups'])
}

function isSeries(record: unknown): record is Series & PackedSeries {
  return isJsonObject(record) && Array.isArray(record['rows']) && isPacked(record)
}

function isPacked(record: unknown): record is PackedSeries {
  return (
    isJsonObject(record) && typeof record['root'] === 'string' && isJsonObject(record['assets'])
  )
}
