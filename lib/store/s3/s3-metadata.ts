// Objects that carry metadata: for services that act on it, and answer by it.

import { contentParts } from '../content-parts.ts'
import type { FileContent } from '../file-content.ts'
import type { S3Connection, S3Location } from './s3-client.ts'
import { statusOf } from './s3-failure.ts'
import { PART_BYTES, putMultipart } from './s3-multipart.ts'

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
  open: S3Connection,
  location: S3Location,
  content: FileContent,
  contentType: string,
  metadata: Metadata,
  signal: AbortSignal,
): Promise<void> {
  const fields = {
    begin: { ContentType: contentType, Metadata: { ...metadata } },
    part: () => ({}),
    end: {},
  }
  await putMultipart(open, location, contentParts(content, PART_BYTES, signal), fields, signal)
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
