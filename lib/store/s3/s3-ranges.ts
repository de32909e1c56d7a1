// Ranges of an object in somebody else's bucket, requester pays: for copies of files that catalogues name by s3 addresses.

import { GreenprintError } from '../../errors.ts'
import type { RangeReader } from '../../model/range-reader.ts'
import { kindOfStatus, SourceFailure } from '../../model/source-failure.ts'
import type { S3Connection } from './s3-client.ts'
import { statusOf } from './s3-failure.ts'
import { getObjectRange, headObject } from './s3-read.ts'

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
): RangeReader {
  const name = `s3://${bucket}`
  const place = { Bucket: bucket, Key: key, RequestPayer: 'requester' } as const

  async function guard<T>(
    signal: AbortSignal,
    act: (open: S3Connection) => Promise<T>,
  ): Promise<T> {
    try {
      return await act(await connect())
    } catch (cause) {
      signal.throwIfAborted()
      if (cause instanceof GreenprintError)
        throw new SourceFailure(name, 'refused', cause.message, { cause })
      const status = statusOf(cause)
      const reason = status === 0 ? 'S3 could not be reached' : `S3 answered ${status}`
      throw new SourceFailure(name, kindOfStatus(status), reason, { cause })
    }
  }

  async function read(offset: number, length: number, signal: AbortSignal) {
    const bytes = await guard(signal, (open) => getObjectRange(open, place, offset, length, signal))
    if (bytes !== null) return bytes
    throw new SourceFailure(name, 'absent', 'S3 has no such object, or it is shorter')
  }

  return {
    name,
    read,
    async readWhole(maxBytes, signal) {
      const found = await guard(signal, (open) => headObject(open, place, signal))
      if (found === null) throw new SourceFailure(name, 'absent', 'S3 has no such object')
      if (found.size > maxBytes)
        throw new SourceFailure(name, 'oversized', `the object has ${found.size} bytes`)
      return read(0, found.size, signal)
    },
  }
}
