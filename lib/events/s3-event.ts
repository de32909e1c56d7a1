// Events of new objects in S3, in S3's own form and in EventBridge's.

import { isJsonObject, type JsonObject } from '../model/json.ts'
import type { Content } from './message.ts'

/** A record of an S3 event notification. Keys are URL-encoded there, with + as space. */
export function openS3Record({ eventName }: JsonObject, { bucket, object }: JsonObject): Content {
  // Ceph and MinIO say s3:ObjectCreated:Put.
  if (typeof eventName === 'string' && !/^(s3:)?ObjectCreated:/.test(eventName)) {
    return { ignored: `S3 event ${eventName.slice(0, 60)}: only new objects are read.` }
  }
  const key = isJsonObject(object) ? object['key'] : undefined
  if (typeof key !== 'string') return { fault: 'An S3 record has no object key.' }
  try {
    return objectMessage(bucket, decodeURIComponent(key.replaceAll('+', ' ')))
  } catch {
    return { fault: `The key "${key.slice(0, 120)}" of an S3 record is not URL-encoded.` }
  }
}

/** The detail of EventBridge's "Object Created", where keys are not encoded. */
export function openObjectCreated({ bucket, object }: JsonObject): Content {
  return objectMessage(bucket, isJsonObject(object) ? object['key'] : undefined)
}

function objectMessage(bucket: unknown, key: unknown): Content {
  const name = isJsonObject(bucket) ? bucket['name'] : undefined
  if (typeof name === 'string' && name !== '' && typeof key === 'string' && key !== '') {
    return { message: { kind: 'object', bucket: name, key } }
  }
  return { fault: 'The S3 event has no bucket name or no object key.' }
}
