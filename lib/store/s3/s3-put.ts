// Writing to a bucket: whole or in parts, with conditions, tried again where the protocol asks for it.
// Not @aws-sdk/lib-storage: its Upload gives no AbortSignal to its requests. Once aborted it rejects at once, while
// parts and the end of the upload still run behind the caller, where a Lambda is frozen. Here both are waited for.

import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { contentParts } from '../content-parts.ts'
import { type FileContent, readContent } from '../file-content.ts'
import type { PutOptions, PutOutcome } from '../objects.ts'
import type { S3Connection, S3Location } from './s3-client.ts'
import { attemptsOf, failedCondition, statusOf } from './s3-failure.ts'
import { PART_BYTES, type Parts, putMultipart } from './s3-multipart.ts'
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
    putInParts(open, location, contentParts(content, PART_BYTES, signal), asked, signal)
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

  const fields = {
    begin: { ContentType: options.contentType, ChecksumAlgorithm: 'SHA256' },
    part: (body: Uint8Array) => ({ ChecksumSHA256: checksum(body) }),
    end: { IfNoneMatch: options.ifNoneMatch, IfMatch: options.ifMatch },
  } as const
  const reply = await putMultipart(open, location, bodies, fields, signal)
  return { written: true, etag: requireEtag(reply) }
}

function* bodyParts(body: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < body.length; start += PART_BYTES) {
    yield body.subarray(start, start + PART_BYTES)
  }
}

function checksum(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('base64')
}
