// Filebase as a publisher: a CAR put into a bucket is imported, and the object then carries the CID that it became.
// https://docs.filebase.com/ipfs/ipfs-pinning/car-files

import { type Clock, systemClock } from '../async/clock.ts'
import { anySignal } from '../async/deadline.ts'
import { once } from '../async/once.ts'
import type { FilebaseConfig } from '../config/publishers.ts'
import { describeError, GreenprintError } from '../errors.ts'
import { isSameCid } from '../ipld/cid.ts'
import type { Receipt } from '../model/result.ts'
import { readRetryAfter } from '../net/retry-after.ts'
import { readContent } from '../store/file-content.ts'
import { connectS3, type S3Connection, type S3Location } from '../store/s3/s3-client.ts'
import { retryAfterOf, statusOf } from '../store/s3/s3-failure.ts'
import { putContentWithMetadata, putWithMetadata, readMetadata } from '../store/s3/s3-metadata.ts'
import { afterTaking } from './after-taking.ts'
import type { Publisher } from './publisher.ts'
import type { Upload } from './upload.ts'

const FILEBASE_ENDPOINT = 'https://s3.filebase.com'

export interface FilebaseTimes {
  /** Between two looks at the object, while the service imports it. */
  readonly pauseMs: number
  /** For each request. */
  readonly callMs: number
  /** More for each MiB that is sent. */
  readonly mebibyteMs: number
}

const filebaseTimes: FilebaseTimes = { pauseMs: 3_000, callMs: 8_000, mebibyteMs: 1_000 }

/** A service that asks for more patience is left to the next publication. */
const MOST_WAIT_MS = 10_000
const MOST_LOOKS = 5
const MIB = 1024 * 1024
/** A larger CAR is put in parts. */
export const MOST_WHOLE = 16 * MIB

/** `held` when the object says that it became the root. */
export function createFilebasePublisher(
  config: FilebaseConfig,
  clock: Clock = systemClock,
  times = filebaseTimes,
  endpoint = FILEBASE_ENDPOINT,
): Publisher {
  const { key: accessKeyId, secret: secretAccessKey, bucket } = config
  const credentials = { accessKeyId, secretAccessKey }
  const connected = once(() =>
    connectS3({ bucket, prefix: '', region: 'us-east-1', endpoint, credentials }, 1),
  )
  return {
    name: 'filebase',
    makesReachable: true,
    async publish(upload, signal) {
      try {
        return await publishCar(upload, await connected(), bucket, { clock, times }, signal)
      } catch (error) {
        signal.throwIfAborted()
        throw explain(error, bucket)
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
  async function twice<T>(act: (signal: AbortSignal) => Promise<T>, sent = 0): Promise<T> {
    const ms = Math.ceil(times.callMs + (sent / MIB) * times.mebibyteMs)
    const inTime = async () => {
      const limit = AbortSignal.timeout(ms)
      try {
        return await act(anySignal([signal, limit]))
      } catch (error) {
        signal.throwIfAborted()
        throw limit.aborted ? tooSlow(ms) : error
      }
    }
    try {
      return await inTime()
    } catch (error) {
      if (error instanceof GreenprintError) throw error
      const status = statusOf(error)
      const wait = readRetryAfter(retryAfterOf(error), clock) ?? times.pauseMs
      const isPassing = status === 0 || status === 429 || status >= 500
      if (!isPassing || wait > MOST_WAIT_MS) throw error
      await clock.sleep(wait, signal)
      return inTime()
    }
  }
  async function look(): Promise<string> {
    const object = await twice((limit) => readMetadata(open, location, limit))
    if (object === null) return ''
    // What stands before the service answers so to everything.
    if (/^text\/html\b/i.test(object.contentType)) {
      throw failure('answered with a web page (HTTP 200): check the network.')
    }
    return object.metadata['cid'] ?? ''
  }
  if (isSameCid(await look(), root)) return { status: 'held' }
  const type = 'application/vnd.ipld.car'
  const metadata = { import: 'car' }
  const put = async (limit: AbortSignal) =>
    car.size > MOST_WHOLE
      ? putContentWithMetadata(open, location, car, type, metadata, limit)
      : putWithMetadata(open, location, await readContent(car, limit), type, metadata, limit)
  await twice(put, car.size)
  let cid = ''
  const receipt = await afterTaking(async () => {
    for (let looks = 1; ; looks++) {
      cid = await look()
      if (cid !== '') return { status: 'held' }
      if (looks === MOST_LOOKS) {
        return { status: 'unproven', reason: 'uploaded, but Filebase has not imported the CAR yet' }
      }
      await clock.sleep(times.pauseMs, signal)
    }
  }, signal)
  if (cid === '' || isSameCid(cid, root)) return receipt
  throw failure(`imported ${cid.slice(0, 100)} instead of ${root.toString()}.`)
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
