// What S3 tells of a new object, in its own events and in EventBridge's.

import { isJsonObject, type JsonObject } from '../model/json.ts'
import type { Content } from './message.ts'

/** A record of an S3 event notification. Keys are URL-encoded there, with + as space. */
export function openS3Record({ eventName }: JsonObject, { bucket, object }: JsonObject): Content {
  // Ceph and MinIO say s3:ObjectCreated:Put.
  if (typeof eventName === 'string' && !/^(s3:)?ObjectCreated:/.test(eventName)) {
    return { ignored: `S3 tells ${eventName.slice(0, 60)}: only new objects count.` }
  }
  const key = isJsonObject(object) ? object['key'] : undefined
  if (typeof key !== 'string') return { fault: 'An S3 record names no object key.' }
  try {
    return place(bucket, decodeURIComponent(key.replaceAll('+', ' ')))
  } catch {
    return { fault: `The key "${key.slice(0, 120)}" of an S3 record is not URL-encoded.` }
  }
}

/** The detail of EventBridge's "Object Created", where keys are as they are. */
export function openObjectCreated({ bucket, object }: JsonObject): Content {
  return place(bucket, isJsonObject(object) ? object['key'] : undefined)
}

function place(bucket: unknown, key: unknown): Content {
  const name = isJsonObject(bucket) ? bucket['name'] : undefined
  if (typeof name === 'string' && name !== '' && typeof key === 'string' && key !== '') {
    return { message: { kind: 'object', bucket: name, key } }
  }
  return { fault: 'What S3 tells names no bucket or no object key.' }
}
