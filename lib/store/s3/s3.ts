// An S3 bucket, of AWS or of any service that speaks its protocol, as an object store.

import type { S3Config } from '../../config/config.ts'
import { GreenprintError } from '../../errors.ts'
import type { FileContent } from '../file-content.ts'
import { keySegments } from '../object-key.ts'
import type { ObjectStore, PutOptions, PutOutcome } from '../objects.ts'
import { connectS3, type S3Connection } from './s3-client.ts'
import { explainS3Failure } from './s3-failure.ts'
import { type Download, presignDownload } from './s3-presign.ts'
import { putContent, putObject } from './s3-put.ts'
import { getObject, getObjectRange, headObject } from './s3-read.ts'

export interface S3Store extends ObjectStore {
  /** `put` of a file that need not fit into memory. @throws {GreenprintError} `store_failed` */
  putContent(
    key: string,
    content: FileContent,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<PutOutcome>
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
  const { bucket, prefix, endpoint, credentials } = config
  if (endpoint !== undefined && credentials === undefined) {
    throw new GreenprintError(
      'invalid_configuration',
      'S3_ENDPOINT needs S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY: a role’s credentials are never sent to another service.',
    )
  }
  const base = prefix === '' ? [] : [prefix]
  const location = (key: string) => ({
    Bucket: bucket,
    Key: [...base, ...keySegments(key)].join('/'),
  })

  let connection: Promise<S3Connection> | undefined
  async function guard<T>(signal: AbortSignal, act: (open: S3Connection) => Promise<T>) {
    signal.throwIfAborted()
    try {
      connection ??= connectS3(config)
      return await act(await connection)
    } catch (error) {
      signal.throwIfAborted()
      throw error instanceof GreenprintError ? error : explainS3Failure(error, config)
    }
  }

  return {
    name: ['s3:/', bucket, ...base].join('/'),
    get: (key, signal) => guard(signal, (open) => getObject(open, location(key), signal)),
    getRange: (key, offset, length, signal) =>
      guard(signal, (open) => getObjectRange(open, location(key), offset, length, signal)),
    size: (key, signal) =>
      guard(signal, async (open) => {
        const found = await headObject(open, location(key), signal)
        return found && found.size
      }),
    put: (key, body, options, signal) =>
      guard(signal, (open) => putObject(open, location(key), body, options, signal)),
    putContent: (key, content, options, signal) =>
      guard(signal, (open) => putContent(open, location(key), content, options, signal)),
    presign: (key, download, signal) =>
      guard(signal, (open) => presignDownload(open, location(key), download)),
    async close() {
      const open = await connection?.catch(() => undefined)
      open?.client.destroy()
    },
  }
}
