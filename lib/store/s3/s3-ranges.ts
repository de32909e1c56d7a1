// Ranges of an object in somebody else's bucket, requester pays: for copies of files that catalogues name by s3 addresses.

import type { S3Connection } from './s3-client.ts'
import { statusOf } from './s3-failure.ts'
import { getObjectRange, headObject } from './s3-read.ts'

/** Why a bucket gave nothing. Refusals are final for this object, faults may pass. */
export class S3RangeFailure extends Error {
  override readonly name = 'S3RangeFailure'
  readonly status: number

  constructor(status: number, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options)
    this.status = status
  }
}

export interface S3Ranges {
  readonly name: string
  read(offset: number, length: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>
  readWhole(maxBytes: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>
}

/** Bucket and key of `s3://bucket/key`, or null. */
export function parseS3Address(address: string): { bucket: string; key: string } | null {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]+)\/(.+)$/i.exec(address)
  const [, bucket, key] = match ?? []
  return bucket === undefined || key === undefined ? null : { bucket, key }
}

/** @param connect opens the connection on first use */
export function createS3Ranges(
  bucket: string,
  key: string,
  connect: () => Promise<S3Connection>,
): S3Ranges {
  const place = { Bucket: bucket, Key: key, RequestPayer: 'requester' } as const
  const guard = async <T>(
    signal: AbortSignal,
    act: (open: S3Connection) => Promise<T>,
  ): Promise<T> => {
    try {
      return await act(await connect())
    } catch (cause) {
      signal.throwIfAborted()
      if (cause instanceof S3RangeFailure) throw cause
      const status = statusOf(cause)
      throw new S3RangeFailure(
        status,
        status === 0 ? 'S3 could not be reached' : `S3 answered ${status}`,
        { cause },
      )
    }
  }

  async function read(offset: number, length: number, signal: AbortSignal) {
    const bytes = await guard(signal, (open) => getObjectRange(open, place, offset, length, signal))
    if (bytes === null) throw new S3RangeFailure(404, 'S3 has no such object, or it is shorter')
    return bytes
  }

  return {
    name: `s3://${bucket}`,
    read,
    async readWhole(maxBytes, signal) {
      const found = await guard(signal, (open) => headObject(open, place, signal))
      if (found === null) throw new S3RangeFailure(404, 'S3 has no such object')
      if (found.size > maxBytes) throw new S3RangeFailure(200, `the object has ${found.size} bytes`)
      return read(0, found.size, signal)
    },
  }
}
