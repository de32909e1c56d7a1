// Objects that others put into a bucket, by whatever key S3 allows, in one version of several.

import type { S3Config } from '../../config/config.ts'
import { type BoundedObject, getBounded } from './s3-read.ts'
import { S3Session } from './s3-session.ts'

export interface ForeignObject {
  /** As S3 has it: no rule of our own keys holds, and nothing is escaped. */
  readonly key: string
  /** null = the newest. */
  readonly version: string | null
}

export interface ForeignObjects {
  /**
   * null where nothing is, or that version is not any more. Of a larger object its size comes without its bytes.
   *
   * @throws {GreenprintError} `store_failed`
   */
  get(object: ForeignObject, mostBytes: number, signal: AbortSignal): Promise<BoundedObject | null>
}

/** The whole bucket, outside the prefix of the store too. */
export function createForeignObjects(config: S3Config): ForeignObjects {
  const session = new S3Session(config)
  return {
    get: ({ key, version }, mostBytes, signal) =>
      session.run(signal, (open) => {
        const named = version === null ? {} : { VersionId: version }
        return getBounded(open, { Bucket: config.bucket, Key: key, ...named }, mostBytes, signal)
      }),
  }
}
