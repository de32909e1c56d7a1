// A plain copy in somebody's bucket, read with this deployment's credentials; who reads pays.

import { describeError, GreenprintError, systemCode } from '../errors.ts'
import { kindOfStatus } from '../model/source-failure.ts'
import type { S3Connection } from '../store/s3/s3-client.ts'
import { statusOf } from '../store/s3/s3-failure.ts'
import { openObject } from '../store/s3/s3-read.ts'
import {
  CopyFailure,
  type CopyPart,
  type CopyVersion,
  isSameVersion,
  type PlainCopy,
} from './plain-copy.ts'

/** @param connect opens the connection on first use */
export function createS3Copy(
  bucket: string,
  key: string,
  connect: () => Promise<S3Connection>,
): PlainCopy {
  const name = `s3://${bucket}`
  const place = { Bucket: bucket, Key: key, RequestPayer: 'requester' } as const

  async function begin(
    from: number,
    length: number,
    version: CopyVersion | null,
    signal: AbortSignal,
  ): Promise<CopyPart> {
    const ifMatch = version?.etag ?? null
    const part = await openObject(await connect(), place, { from, length, ifMatch }, signal)
    const found: CopyVersion = {
      size: part.size,
      etag: part.etag,
      last_modified: part.lastModified?.toUTCString() ?? null,
    }
    if (version !== null && !isSameVersion(version, found)) {
      part.close()
      throw changed(name, found)
    }
    const close = async () => part.close()
    const pieces = piecesOf(name, part.pieces)
    return { version: found, isWhole: false, packing: null, pieces, close }
  }

  return {
    name,
    address: `${name}/${key}`,
    async open(from, length, version, signal) {
      try {
        return await begin(from, length, version, signal)
      } catch (error) {
        signal.throwIfAborted()
        throw asCopyFailure(name, error, from)
      }
    },
  }
}

async function* piecesOf(
  name: string,
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* pieces
  } catch (cause) {
    const reason = systemCode(cause) === '' ? describeError(cause) : 'connection closed early'
    throw new CopyFailure(name, 'broken', reason, { cause })
  }
}

function changed(name: string, found?: CopyVersion): CopyFailure {
  return new CopyFailure(name, 'refused', 'is another version of the file by now', {
    trouble: 'changed',
    ...(found === undefined ? {} : { found }),
  })
}

function asCopyFailure(name: string, cause: unknown, from: number): CopyFailure {
  if (cause instanceof CopyFailure) return cause
  if (cause instanceof GreenprintError) {
    return new CopyFailure(name, 'refused', cause.message, { cause })
  }
  const status = statusOf(cause)
  if (status === 412) return changed(name)
  if (status === 416) {
    return from > 0
      ? changed(name)
      : new CopyFailure(name, 'refused', 'the file is empty', { trouble: 'empty', cause })
  }
  if (status === 401 || status === 403) {
    const words = `refuses this deployment's credentials, or has no such object: S3 answered ${status}`
    return new CopyFailure(name, 'refused', words, { trouble: 'login', cause })
  }
  const reason =
    status === 0
      ? 'S3 could not be reached'
      : status === 404
        ? 'S3 has no such object'
        : `S3 answered ${status}`
  return new CopyFailure(name, kindOfStatus(status), reason, { cause })
}
