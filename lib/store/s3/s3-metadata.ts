// Objects that carry metadata: for services that act on it, and answer by it.

import type { FileContent } from '../file-content.ts'
import type { S3Connection, S3Location } from './s3-client.ts'
import { statusOf } from './s3-failure.ts'
import { contentParts } from './s3-parts.ts'

export type Metadata = Readonly<Record<string, string>>

export interface ObjectHead {
  readonly metadata: Metadata
  readonly contentType: string
}

/** Writes an object whole, with `x-amz-meta-*` headers. Throws what the SDK throws. */
export async function putWithMetadata(
  { sdk, client }: S3Connection,
  location: S3Location,
  body: Uint8Array,
  contentType: string,
  metadata: Metadata,
  signal: AbortSignal,
): Promise<void> {
  const command = new sdk.PutObjectCommand({
    ...location,
    Body: body,
    ContentType: contentType,
    Metadata: { ...metadata },
  })
  await client.send(command, { abortSignal: signal })
}

/** The same of a file that is put in parts. Throws what the SDK and the file throw. */
export async function putContentWithMetadata(
  { sdk, client }: S3Connection,
  location: S3Location,
  content: FileContent,
  contentType: string,
  metadata: Metadata,
  signal: AbortSignal,
): Promise<void> {
  const begin = new sdk.CreateMultipartUploadCommand({
    ...location,
    ContentType: contentType,
    Metadata: { ...metadata },
  })
  const { UploadId } = await client.send(begin, { abortSignal: signal })
  const upload = { ...location, UploadId }
  try {
    const parts: { PartNumber: number; ETag: string | undefined }[] = []
    for await (const Body of contentParts(content, signal)) {
      const PartNumber = parts.length + 1
      const put = new sdk.UploadPartCommand({ ...upload, PartNumber, Body })
      const { ETag } = await client.send(put, { abortSignal: signal })
      parts.push({ PartNumber, ETag })
    }
    const complete = { ...upload, MultipartUpload: { Parts: parts } }
    await client.send(new sdk.CompleteMultipartUploadCommand(complete), { abortSignal: signal })
  } catch (error) {
    const abort = new sdk.AbortMultipartUploadCommand(upload)
    await client.send(abort, { abortSignal: AbortSignal.timeout(5_000) }).catch(() => undefined)
    throw error
  }
}

/** null where there is no such object. Throws what the SDK throws. */
export async function readMetadata(
  { sdk, client }: S3Connection,
  location: S3Location,
  signal: AbortSignal,
): Promise<ObjectHead | null> {
  try {
    const found = await client.send(new sdk.HeadObjectCommand(location), { abortSignal: signal })
    return { metadata: found.Metadata ?? {}, contentType: found.ContentType ?? '' }
  } catch (error) {
    if (statusOf(error) === 404) return null
    throw error
  }
}
