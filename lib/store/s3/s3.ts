// An S3 bucket, of AWS or of any service that speaks its protocol, as an object store.

import type { S3Config } from '../../config/config.ts'
import { keySegments } from '../object-key.ts'
import type { ObjectStore } from '../objects.ts'
import { copyObject, removeObject } from './s3-copy.ts'
import { listObjects } from './s3-list.ts'
import { type Download, presignDownload } from './s3-presign.ts'
import { putContent, putObject } from './s3-put.ts'
import { getObject, getObjectRange, headObject } from './s3-read.ts'
import { S3Session } from './s3-session.ts'

export interface S3Store extends ObjectStore {
  /**
   * As `presignDownload`: an address is given whether the object is there or not. @throws {GreenprintError}
   * `store_failed`
   */
  presign(key: string, download: Download, signal: AbortSignal): Promise<string>
  /** Lets go of idle connections. */
  close(): Promise<void>
}

/**
 * Objects below `prefix` of a bucket. The etag is the service's own.
 *
 * @throws {GreenprintError} `invalid_configuration` for an endpoint without keys
 */
export function createS3Store(config: S3Config): S3Store {
  const { bucket, prefix } = config
  const session = new S3Session(config)
  const base = prefix === '' ? [] : [prefix]
  const location = (key: string) => ({
    Bucket: bucket,
    Key: [...base, ...keySegments(key)].join('/'),
  })

  return {
    name: ['s3:/', bucket, ...base].join('/'),
    get: (key, signal) => session.run(signal, (open) => getObject(open, location(key), signal)),
    getRange: (key, offset, length, signal) =>
      session.run(signal, (open) => getObjectRange(open, location(key), offset, length, signal)),
    size: (key, signal) =>
      session.run(signal, async (open) => {
        const found = await headObject(open, location(key), signal)
        return found && found.size
      }),
    list: (under, after, most, signal) =>
      session.run(signal, async (open) => {
        const { Bucket, Key } = location(under)
        const from = after === null ? null : [...base, after].join('/')
        const keys = await listObjects(open, { Bucket, Prefix: `${Key}/` }, from, most, signal)
        return keys.map((key) => key.slice(base.join('/').length + (base.length > 0 ? 1 : 0)))
      }),
    put: (key, body, options, signal) =>
      session.run(signal, (open) => putObject(open, location(key), body, options, signal)),
    putContent: (key, content, options, signal) =>
      session.run(signal, (open) => putContent(open, location(key), content, options, signal)),
    copy: (from, to, signal) =>
      session.run(signal, (open) => copyObject(open, location(from), location(to), signal)),
    remove: (key, signal) =>
      session.run(signal, (open) => removeObject(open, location(key), signal)),
    presign: (key, download, signal) =>
      session.run(signal, (open) => presignDownload(open, location(key), download)),
    close: () => session.close(),
  }
}
