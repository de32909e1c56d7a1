// Filebase as a publisher: a CAR put into a bucket is imported, and the object then carries the CID that it became.
// https://docs.filebase.com/ipfs/ipfs-pinning/car-files

import { type Clock, systemClock } from '../async/clock.ts'
import { anySignal } from '../async/deadline.ts'
import type { FilebaseConfig } from '../config/publishers.ts'
import { describeError, GreenprintError } from '../errors.ts'
import { isSameCid } from '../ipld/cid.ts'
import type { Receipt } from '../model/result.ts'
import { connectS3, type S3Connection, type S3Location } from '../store/s3/s3-client.ts'
import { statusOf } from '../store/s3/s3-failure.ts'
import { putWithMetadata, readMetadata } from '../store/s3/s3-metadata.ts'
import type { Publisher, Upload } from './publisher.ts'

export const FILEBASE_ENDPOINT = 'https://s3.filebase.com'

export interface FilebaseTimes {
  /** Between two looks at the object, while the service imports it. */
  readonly pauseMs: number
  /** For everything but the upload. */
  readonly callMs: number
  readonly mebibyteMs: number
}

export const filebaseTimes: FilebaseTimes = { pauseMs: 3_000, callMs: 15_000, mebibyteMs: 1_000 }

const MOST_LOOKS = 5
const MIB = 1024 * 1024

/** `held` when the object says that it became the root. */
export function createFilebasePublisher(
  config: FilebaseConfig,
  clock: Clock = systemClock,
  times = filebaseTimes,
  endpoint = FILEBASE_ENDPOINT,
): Publisher {
  const { key: accessKeyId, secret: secretAccessKey, bucket } = config
  const credentials = { accessKeyId, secretAccessKey }
  let connection: Promise<S3Connection> | undefined
  return {
    name: 'filebase',
    makesReachable: true,
    async publish(upload, signal) {
      connection ??= connectS3(
        { bucket, prefix: '', region: 'us-east-1', endpoint, credentials },
        1,
      )
      const ms = Math.ceil(times.callMs + (upload.car.length / MIB) * times.mebibyteMs)
      const limit = anySignal([signal, AbortSignal.timeout(ms)])
      try {
        return await publishCar(upload, await connection, bucket, { clock, times }, limit)
      } catch (error) {
        signal.throwIfAborted()
        throw limit.aborted ? tooSlow(ms) : explain(error, bucket)
      }
    },
  }
}

async function publishCar(
  { root, car }: Upload,
  open: S3Connection,
  bucket: string,
  { clock, times }: { readonly clock: Clock; readonly times: FilebaseTimes },
  signal: AbortSignal,
): Promise<Receipt> {
  const location: S3Location = { Bucket: bucket, Key: `${root.toString()}.car` }
  /** What may have been a moment's trouble is tried once more. */
  async function twice<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act()
    } catch (error) {
      const status = statusOf(error)
      if (signal.aborted || (status !== 0 && status !== 429 && status < 500)) throw error
      await clock.sleep(times.pauseMs, signal)
      return act()
    }
  }
  const before = await twice(() => readMetadata(open, location, signal))
  if (before !== null && isSameCid(before['cid'] ?? '', root)) return { status: 'held' }
  const type = 'application/vnd.ipld.car'
  await twice(() => putWithMetadata(open, location, car, type, { import: 'car' }, signal))
  for (let looks = 1; ; looks++) {
    const { cid } = (await twice(() => readMetadata(open, location, signal))) ?? {}
    if (cid !== undefined && cid !== '') {
      if (isSameCid(cid, root)) return { status: 'held' }
      throw failure(`imported ${cid.slice(0, 100)} instead of ${root.toString()}.`)
    }
    if (looks === MOST_LOOKS) {
      return { status: 'unproven', reason: 'uploaded, but Filebase has not imported the CAR yet' }
    }
    await clock.sleep(times.pauseMs, signal)
  }
}

function explain(error: unknown, bucket: string): GreenprintError {
  if (error instanceof GreenprintError) return error
  const status = statusOf(error)
  if (status === 0) {
    return failure(`could not be reached (${describeError(error)}): check the network.`, error)
  }
  if (status === 403) {
    return failure(
      'does not accept FILEBASE_KEY with FILEBASE_SECRET (HTTP 403), or has no room left on its plan.',
      error,
    )
  }
  if (status === 404) return failure(`has no bucket "${bucket}": correct FILEBASE_BUCKET.`, error)
  if (status === 402 || status === 413 || status === 507) {
    return failure(`has no room for this upload on its plan (HTTP ${status}).`, error)
  }
  if (status === 429 || status === 503) {
    return failure(`is busy (HTTP ${status}): publish again later.`, error)
  }
  return failure(`refused (HTTP ${status}).`, error)
}

function tooSlow(ms: number): GreenprintError {
  return failure(`did not answer within ${Math.round(ms / 1000)} s.`)
}

function failure(what: string, cause?: unknown): GreenprintError {
  return new GreenprintError('publishing_failed', `Filebase ${what}`, { cause })
}
