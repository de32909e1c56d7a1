// Writing to a bucket: whole or in parts, with conditions, tried again where the protocol asks for it.
// Not @aws-sdk/lib-storage: its Upload gives no AbortSignal to its requests. Once aborted it rejects at once, while
// parts and the end of the upload still run behind the caller, where a Lambda is frozen. Here both are waited for.

import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type FileContent, readContent } from '../file-content.ts'
import type { PutOptions, PutOutcome } from '../objects.ts'
import type { S3Connection, S3Location } from './s3-client.ts'
import { attemptsOf, failedCondition, statusOf } from './s3-failure.ts'
import { bodyParts, contentParts, PART_BYTES, type Parts } from './s3-parts.ts'
import { getObject, headObject, requireEtag } from './s3-read.ts'

/** AWS answers 409 while another conditional write of the key is on its way, and asks to try again. */
const CONFLICT_DELAYS_MS = [50, 200, 800]

export async function putObject(
  open: S3Connection,
  location: S3Location,
  body: Uint8Array,
  options: PutOptions,
  signal: AbortSignal,
): Promise<PutOutcome> {
  const write: Write = (asked) =>
    body.length > PART_BYTES
      ? putInParts(open, location, bodyParts(body), asked, signal)
      : putWhole(open, location, body, asked, signal)
  const refused: Refused = (error) => foundInstead(open, location, body, error, signal)
  return persist({ write, refused }, open, location, options, signal)
}

/**
 * A file of any size with one part of it in memory. `written: false` also where the reply to our own write got
 * lost: who names what it puts by its content cannot tell the two apart, and need not.
 */
export async function putContent(
  open: S3Connection,
  location: S3Location,
  content: FileContent,
  options: PutOptions,
  signal: AbortSignal,
): Promise<PutOutcome> {
  if (content.size <= PART_BYTES) {
    return putObject(open, location, await readContent(content, signal), options, signal)
  }
  const write: Write = (asked) =>
    putInParts(open, location, contentParts(content, signal), asked, signal)
  const refused: Refused = async () => ({ written: false })
  return persist({ write, refused }, open, location, options, signal)
}

type Write = (asked: PutOptions) => Promise<PutOutcome>
/** What to make of a condition that does not hold. */
type Refused = (error: unknown) => Promise<PutOutcome>

async function persist(
  { write, refused }: { readonly write: Write; readonly refused: Refused },
  open: S3Connection,
  location: S3Location,
  options: PutOptions,
  signal: AbortSignal,
): Promise<PutOutcome> {
  let asked = options
  for (let attempt = 0; ; attempt++) {
    try {
      return await write(asked)
    } catch (error) {
      if (failedCondition(error, asked)) {
        const bare = await bareCondition(open, location, asked, signal)
        if (bare === null) return refused(error)
        asked = bare
        continue
      }
      const delay = CONFLICT_DELAYS_MS[attempt]
      if (statusOf(error) !== 409 || delay === undefined) throw error
      await sleep(delay, undefined, { signal })
    }
  }
}

/**
 * Ceph's gateway (seen in 16.2) gives out etags in quotes, as HTTP has them, and compares without: it
 * refuses the very version that is there. Such a condition is asked again without the quotes; else null.
 */
async function bareCondition(
  open: S3Connection,
  location: S3Location,
  { ifMatch, ...options }: PutOptions,
  signal: AbortSignal,
): Promise<PutOptions | null> {
  const bare = /^"(.*)"$/.exec(ifMatch ?? '')?.[1]
  if (bare === undefined) return null
  const found = await headObject(open, location, signal)
  return found?.etag === ifMatch ? { ...options, ifMatch: bare } : null
}

/** A retry after a lost reply meets the very object that the first attempt wrote: that is success. */
async function foundInstead(
  open: S3Connection,
  location: S3Location,
  body: Uint8Array,
  error: unknown,
  signal: AbortSignal,
): Promise<PutOutcome> {
  if (attemptsOf(error) < 2) return { written: false }
  const found = await getObject(open, location, signal)
  return found !== null && Buffer.compare(found.body, body) === 0
    ? { written: true, etag: found.etag }
    : { written: false }
}

async function putWhole(
  { sdk, client }: S3Connection,
  location: S3Location,
  body: Uint8Array,
  options: PutOptions,
  signal: AbortSignal,
): Promise<PutOutcome> {
  const command = new sdk.PutObjectCommand({
    ...location,
    Body: body,
    ContentType: options.contentType,
    // Buckets with object lock want to be told which of the checksums counts.
    ChecksumAlgorithm: 'SHA256',
    ChecksumSHA256: checksum(body),
    IfNoneMatch: options.ifNoneMatch,
    IfMatch: options.ifMatch,
  })
  const etag = requireEtag(await client.send(command, { abortSignal: signal }))
  return { written: true, etag }
}

async function putInParts(
  open: S3Connection,
  location: S3Location,
  bodies: Parts,
  options: PutOptions,
  signal: AbortSignal,
): Promise<PutOutcome> {
  // Asked beforehand too: conditions count only at the end of an upload, and some services ignore them there.
  const found = await headObject(open, location, signal)
  if (options.ifNoneMatch !== undefined && found !== null) return { written: false }
  if (options.ifMatch !== undefined && found?.etag !== options.ifMatch) return { written: false }

  const { sdk, client } = open
  const begin = new sdk.CreateMultipartUploadCommand({
    ...location,
    ContentType: options.contentType,
    ChecksumAlgorithm: 'SHA256',
  })
  const { UploadId } = await client.send(begin, { abortSignal: signal })
  const upload = { ...location, UploadId }
  try {
    const complete = new sdk.CompleteMultipartUploadCommand({
      ...upload,
      MultipartUpload: { Parts: await putParts(open, upload, bodies, signal) },
      IfNoneMatch: options.ifNoneMatch,
      IfMatch: options.ifMatch,
    })
    const etag = requireEtag(await client.send(complete, { abortSignal: signal }))
    return { written: true, etag }
  } catch (error) {
    // Parts of an unfinished upload are kept, and paid for, until somebody ends it. The caller's time may be over.
    const abort = new sdk.AbortMultipartUploadCommand(upload)
    await client.send(abort, { abortSignal: AbortSignal.timeout(5_000) }).catch(() => undefined)
    throw error
  }
}

interface Part {
  readonly PartNumber: number
  readonly ChecksumSHA256: string
  readonly ETag: string
}

async function putParts(
  { sdk, client }: S3Connection,
  upload: S3Location & { readonly UploadId: string | undefined },
  bodies: Parts,
  signal: AbortSignal,
): Promise<Part[]> {
  const parts: Part[] = []
  for await (const Body of bodies) {
    const part = { PartNumber: parts.length + 1, ChecksumSHA256: checksum(Body) }
    const command = new sdk.UploadPartCommand({ ...upload, ...part, Body })
    const ETag = requireEtag(await client.send(command, { abortSignal: signal }))
    parts.push({ ...part, ETag })
  }
  return parts
}

function checksum(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('base64')
}
