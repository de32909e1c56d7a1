// Small JSON documents by key, written whole.

import { GreenprintError } from '../errors.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import type { ObjectStore } from './objects.ts'

export interface RecordStore {
  /** null where nothing is. @throws {GreenprintError} `store_failed` when what is there is no JSON object */
  get(key: string, signal: AbortSignal): Promise<JsonObject | null>
  put(key: string, value: object, signal: AbortSignal): Promise<void>
}

export function createRecordStore(objects: ObjectStore): RecordStore {
  return {
    async get(key, signal) {
      const object = await objects.get(`${key}.json`, signal)
      return object === null ? null : parseRecord(key, object.body)
    },
    async put(key, value, signal) {
      const body = new TextEncoder().encode(JSON.stringify(value))
      await objects.put(`${key}.json`, body, { contentType: 'application/json' }, signal)
    },
  }
}

function parseRecord(key: string, body: Uint8Array): JsonObject {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body))
    if (isJsonObject(value)) return value
  } catch {
    // Said below: whatever it is, it is no record.
  }
  throw new GreenprintError('store_failed', `The record ${key} in the store is damaged.`)
}
