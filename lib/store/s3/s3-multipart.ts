// A large object on its way to a bucket in parts, one after the other, and what is left of them where it fails.

import type { S3Connection, S3Location } from './s3-client.ts'
import { attemptsOf, isUnknownUpload } from './s3-failure.ts'
import { headObject, requireEtag } from './s3-read.ts'

/** Larger bodies go in parts of this size; S3 itself wants at least 5 MiB a part. */
export const PART_BYTES = 8 * 1024 * 1024

/** Each is done with before the next is asked for. */
export type Parts = Iterable<Uint8Array> | AsyncIterable<Uint8Array>

export interface MultipartFields {
  /** Of the object. */
  readonly begin: {
    readonly ContentType?: string | undefined
    readonly Metadata?: Record<string, string>
    readonly ChecksumAlgorithm?: 'SHA256'
  }
  /** Beside each part. */
  readonly part: (body: Uint8Array) => { readonly ChecksumSHA256?: string }
  /** Conditions, which count at the end. */
  readonly end: { readonly IfNoneMatch?: string | undefined; readonly IfMatch?: string | undefined }
}

interface Part {
  readonly PartNumber: number
  readonly ETag: string
  readonly ChecksumSHA256?: string
}

/**
 * The protocol has the etag of each part told at the end; that of the object is nothing but an answer.
 *
 * @returns the etag of the object, where the service tells it. Throws what the SDK and the parts throw.
 */
export async function putMultipart(
  open: S3Connection,
  location: S3Location,
  bodies: Parts,
  fields: MultipartFields,
  signal: AbortSignal,
): Promise<{ readonly ETag?: string | undefined }> {
  const { sdk, client } = open
  const begin = new sdk.CreateMultipartUploadCommand({ ...location, ...fields.begin })
  const { UploadId } = await client.send(begin, { abortSignal: signal })
  const upload = { ...location, UploadId }
  try {
    const parts: Part[] = []
    let size = 0
    for await (const Body of bodies) {
      const part = { PartNumber: parts.length + 1, ...fields.part(Body) }
      const put = new sdk.UploadPartCommand({ ...upload, ...part, Body })
      const ETag = requireEtag(await client.send(put, { abortSignal: signal }))
      parts.push({ ...part, ETag })
      size += Body.length
    }
    const end = { ...upload, MultipartUpload: { Parts: parts }, ...fields.end }
    const complete = new sdk.CompleteMultipartUploadCommand(end)
    const made = client.send(complete, { abortSignal: signal })
    return await made.catch(async (error: unknown) => {
      const found = isRepeated(error) ? await headObject(open, location, signal) : null
      // The etag of an object tells how many parts it came in.
      if (found?.size !== size || !found.etag.includes(`-${parts.length}`)) throw error
      return { ETag: found.etag }
    })
  } catch (error) {
    // Parts of an unfinished upload are kept, and paid for, until somebody ends it. The caller's time may be over.
    const abort = new sdk.AbortMultipartUploadCommand(upload)
    await client.send(abort, { abortSignal: AbortSignal.timeout(5_000) }).catch(() => undefined)
    throw error
  }
}

/** An upload that was completed, and whose answer got lost, is none any more when it is completed again. */
function isRepeated(error: unknown): boolean {
  return isUnknownUpload(error) && attemptsOf(error) > 1
}
