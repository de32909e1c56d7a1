// Addresses that let anybody read one object of a bucket for a while: the only door to the presigner.

import type { S3Connection, S3Location } from './s3-client.ts'

/** What the service is to say of the object: no address of it can ask for `nosniff` or a sandbox. */
export interface Download {
  readonly contentType: string
  /** What a browser saves it as: it saves, and never shows, what lies in a bucket. Letters, digits, `.`, `_`, `-`. */
  readonly fileName: string
}

/** Long enough to begin; a download that has begun goes on. */
const SECONDS = 300

/**
 * Anybody with the address can read this object, and nothing else, for five minutes: it is for the caller who asked,
 * not
 * for a log or a cache. By its nature it names the access key and, of a role, carries the session token; what signs
 * with them, the secret key, is not in it. Nothing is sent to the service.
 */
export async function presignDownload(
  { sdk, client }: S3Connection,
  location: S3Location,
  { contentType, fileName }: Download,
): Promise<string> {
  const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner')
  const command = new sdk.GetObjectCommand({
    ...location,
    ResponseContentType: contentType,
    ResponseContentDisposition: `attachment; filename="${fileName}"`,
  })
  return getSignedUrl(client, command, { expiresIn: SECONDS })
}
