// JSON values under the hash of their canonical text: kept once, however many records name them.

import { canonicalDigest } from '../ipld/canonical-json.ts'
import type { JsonObject } from '../model/json.ts'
import type { RecordStore } from './records.ts'

export interface DigestRecords {
  /** @returns the SHA-256 of its canonical JSON. @throws {GreenprintError} `store_failed` */
  put(value: JsonObject, signal: AbortSignal): Promise<string>
  /** null where it is not kept, any more or yet. @throws {GreenprintError} `store_failed` */
  get(digest: string, signal: AbortSignal): Promise<JsonObject | null>
}

/** @param folder of the records: `series/inputs` for `series/inputs/<digest>.json` */
export function createDigestRecords(records: RecordStore, folder: string): DigestRecords {
  return {
    async put(value, signal) {
      const digest = canonicalDigest(value)
      await records.put(`${folder}/${digest}`, value, signal)
      return digest
    },
    get: async (digest, signal) =>
      /^[0-9a-f]{64}$/.test(digest) ? records.get(`${folder}/${digest}`, signal) : null,
  }
}
