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
    const version = isJsonObject(object) ? object['versionId'] : undefined
    return objectMessage(bucket, decodeURIComponent(key.replaceAll('+', ' ')), version)
  } catch {
    return { fault: `The key "${key.slice(0, 120)}" of an S3 record is not URL-encoded.` }
  }
}

/** The detail of EventBridge's "Object Created", where keys are not encoded. */
export function openObjectCreated({ bucket, object }: JsonObject): Content {
  if (!isJsonObject(object)) return objectMessage(bucket, undefined, undefined)
  return objectMessage(bucket, object['key'], object['version-id'])
}

/** @param version only of a bucket that keeps versions */
function objectMessage(bucket: unknown, key: unknown, version: unknown): Content {
  const name = isJsonObject(bucket) ? bucket['name'] : undefined
  if (typeof name === 'string' && name !== '' && typeof key === 'string' && key !== '') {
    const kept = typeof version === 'string' && version !== '' ? version : null
    return { message: { kind: 'object', bucket: name, key, version: kept } }
  }
  return { fault: 'The S3 event has no bucket name or no object key.' }
}
