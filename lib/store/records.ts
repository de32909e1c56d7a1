// Small JSON documents by key, written whole, over a version that was read where that matters.

import { GreenprintError } from '../errors.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import type { ObjectStore, PutOptions } from './objects.ts'

export interface FoundRecord {
  readonly value: JsonObject
  /** Which version this is; what `ifMatch` compares. */
  readonly etag: string
}

/** Write only where nothing is yet, or only over the version with this etag. */
export type WriteCondition = { readonly ifNoneMatch: '*' } | { readonly ifMatch: string }

export interface RecordStore {
  /** null when there is none. @throws {GreenprintError} `store_failed` when the record is not a JSON object */
  get(key: string, signal: AbortSignal): Promise<JsonObject | null>
  /** The record with its version. @throws {GreenprintError} `store_failed`, as `get` */
  find(key: string, signal: AbortSignal): Promise<FoundRecord | null>
  put(key: string, value: object, signal: AbortSignal): Promise<void>
  /** false when the condition does not hold: nothing was changed. */
  putIf(
    key: string,
    value: object,
    condition: WriteCondition,
    signal: AbortSignal,
  ): Promise<boolean>
}

export function createRecordStore(objects: ObjectStore): RecordStore {
  async function find(key: string, signal: AbortSignal): Promise<FoundRecord | null> {
    const object = await objects.get(`${key}.json`, signal)
    return object && { value: parseRecord(key, object.body), etag: object.etag }
  }
  function write(key: string, value: object, condition: PutOptions, signal: AbortSignal) {
    const body = new TextEncoder().encode(JSON.stringify(value))
    const options = { contentType: 'application/json', ...condition }
    return objects.put(`${key}.json`, body, options, signal)
  }
  return {
    find,
    async get(key, signal) {
      const found = await find(key, signal)
      return found && found.value
    },
    async put(key, value, signal) {
      await write(key, value, {}, signal)
    },
    async putIf(key, value, condition, signal) {
      const { written } = await write(key, value, condition, signal)
      return written
    },
  }
}

function parseRecord(key: string, body: Uint8Array): JsonObject {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body))
    if (isJsonObject(value)) return value
  } catch {
    // Reported below.
  }
  throw new GreenprintError('store_failed', `The record ${key} in the store is damaged.`)
}
