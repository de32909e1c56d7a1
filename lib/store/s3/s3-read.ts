// Reading from a bucket: whole objects, parts of them, and how large they are.

import { Readable } from 'node:stream'
import { GreenprintError } from '../../errors.ts'
import type { StoredObject } from '../objects.ts'
import type { S3Connection, S3Location } from './s3-client.ts'
import { isMissingBucket, statusOf } from './s3-failure.ts'

/** null where nothing is. */
export async function getObject(
  { sdk, client }: S3Connection,
  location: S3Location,
  signal: AbortSignal,
): Promise<StoredObject | null> {
  const ask = () =>
    orNull(client.send(new sdk.GetObjectCommand(location), { abortSignal: signal }), 404)
  return untilWhole(ask, signal, async (reply) => ({
    body: await readBody(reply),
    etag: requireEtag(reply),
  }))
}

export interface BoundedObject {
  /** Bytes of the whole object. */
  readonly size: number
  /** null where it is larger than was asked for: nothing was read of it. */
  readonly body: Uint8Array<ArrayBuffer> | null
}

/** In one request; null where nothing is, or where the version that is asked for was a deletion. */
export async function getBounded(
  { sdk, client }: S3Connection,
  location: S3Location & { readonly VersionId?: string },
  mostBytes: number,
  signal: AbortSignal,
): Promise<BoundedObject | null> {
  const ask = () =>
    orNull(client.send(new sdk.GetObjectCommand(location), { abortSignal: signal }), 404, 405)
  return untilWhole(ask, signal, async (reply) => {
    const size = reply.ContentLength ?? 0
    if (size <= mostBytes) return { size, body: await readBody(reply) }
    if (reply.Body instanceof Readable) reply.Body.on('error', () => undefined).destroy()
    return { size, body: null }
  })
}

/** null where nothing is or the range leaves it. */
export async function getObjectRange(
  open: S3Connection,
  location: S3Location,
  offset: number,
  length: number,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (length === 0) {
    // No Range header can ask for nothing.
    const found = await headObject(open, location, signal)
    return found !== null && offset <= found.size ? new Uint8Array(0) : null
  }
  const { sdk, client } = open
  const range = { ...location, Range: `bytes=${offset}-${offset + length - 1}` }
  const ask = () =>
    orNull(client.send(new sdk.GetObjectCommand(range), { abortSignal: signal }), 404, 416)
  return untilWhole(ask, signal, async (reply) => {
    if (reply.ContentRange?.startsWith(`bytes ${offset}-`) !== true) {
      await reply.Body?.transformToWebStream().cancel()
      throw new GreenprintError('store_failed', 'The S3 service does not honour Range requests.')
    }
    const bytes = await readBody(reply)
    return bytes.length === length ? bytes : null
  })
}

/** A missing bucket looks like a missing object here: a HEAD has no body to tell them apart. */
export async function headObject(
  { sdk, client }: S3Connection,
  location: S3Location,
  signal: AbortSignal,
): Promise<{ readonly size: number; readonly etag: string } | null> {
  const reply = await orNull(
    client.send(new sdk.HeadObjectCommand(location), { abortSignal: signal }),
    404,
  )
  return reply && { size: reply.ContentLength ?? 0, etag: requireEtag(reply) }
}

export function requireEtag({ ETag }: { readonly ETag?: string | undefined }): string {
  if (ETag !== undefined) return ETag
  throw new GreenprintError('store_failed', 'The S3 service answered without an ETag.')
}

/** Part of an object on its way. */
export interface ObjectPart {
  /** Of the whole object. */
  readonly size: number
  readonly etag: string
  readonly lastModified: Date | null
  readonly pieces: AsyncIterable<Uint8Array>
  close(): void
}

/**
 * Begins to read up to `length` bytes from `from`; an object that ends earlier gives fewer. What the service answers
 * instead is thrown as the SDK throws it.
 *
 * @param ifMatch the only version that is wanted
 * @throws {GreenprintError} `store_failed` for a service that does not honour ranges, or tells no version
 */
export async function openObject(
  { sdk, client }: S3Connection,
  location: S3Location,
  { from, length, ifMatch }: { from: number; length: number; ifMatch: string | null },
  signal: AbortSignal,
): Promise<ObjectPart> {
  const command = new sdk.GetObjectCommand({
    ...location,
    Range: `bytes=${from}-${from + length - 1}`,
    ...(ifMatch === null ? {} : { IfMatch: ifMatch }),
  })
  const reply = await client.send(command, { abortSignal: signal })
  const body = reply.Body
  const [, first, size] = /^bytes (\d+)-\d+\/(\d+)$/.exec(reply.ContentRange ?? '') ?? []
  if (!(body instanceof Readable) || Number(first) !== from) {
    if (body instanceof Readable) body.destroy()
    throw new GreenprintError('store_failed', 'The S3 service does not honour Range requests.')
  }
  return {
    size: Number(size),
    etag: requireEtag(reply),
    lastModified: reply.LastModified ?? null,
    pieces: body,
    close: () => void body.on('error', () => undefined).destroy(),
  }
}

/** Of an object: as often as the SDK sends a request that brought no answer. */
const MOST_READS = 3

/** The SDK asks again where no answer came; where one came and broke off, that is left to whoever reads it. */
async function untilWhole<Reply, T>(
  ask: () => Promise<Reply | null>,
  signal: AbortSignal,
  read: (reply: Reply) => Promise<T>,
): Promise<T | null> {
  for (let reads = 1; ; reads++) {
    const reply = await ask()
    if (reply === null) return null
    try {
      return await read(reply)
    } catch (error) {
      if (reads === MOST_READS || signal.aborted || error instanceof GreenprintError) throw error
    }
  }
}

interface Bodied {
  readonly Body?: { transformToByteArray(): Promise<Uint8Array> } | undefined
}

async function readBody({ Body }: Bodied): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array((await Body?.transformToByteArray()) ?? [])
}

async function orNull<T>(reply: Promise<T>, ...absent: readonly number[]): Promise<T | null> {
  try {
    return await reply
  } catch (error) {
    if (absent.includes(statusOf(error)) && !isMissingBucket(error)) return null
    throw error
  }
}
