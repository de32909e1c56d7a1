// Objects of a bucket under another key, and objects that are no more wanted.

import type { S3Connection, S3Location } from './s3-client.ts'
import { isMissingBucket, statusOf } from './s3-failure.ts'

/**
 * Made by the service, with the media type and whatever else it keeps of the object. At most 5 GB at a time:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 *
 * @returns false where nothing is under `from`
 */
export async function copyObject(
  { sdk, client }: S3Connection,
  from: S3Location,
  to: S3Location,
  signal: AbortSignal,
): Promise<boolean> {
  const { Bucket, Key } = to
  const source = [from.Bucket, ...from.Key.split('/')].map(encodeURIComponent).join('/')
  const command = new sdk.CopyObjectCommand({
    Bucket,
    Key,
    CopySource: source,
    // Of a copy the service computes it itself; buckets with object lock want to be told which.
    ChecksumAlgorithm: 'SHA256',
  })
  try {
    await client.send(command, { abortSignal: signal })
    return true
  } catch (error) {
    if (statusOf(error) === 404 && !isMissingBucket(error)) return false
    throw error
  }
}

/** In a bucket with versions or a lock the object is hidden, and stays as long as these want it to. */
export async function removeObject(
  { sdk, client }: S3Connection,
  location: S3Location,
  signal: AbortSignal,
): Promise<void> {
  await client.send(new sdk.DeleteObjectCommand(location), { abortSignal: signal })
}
