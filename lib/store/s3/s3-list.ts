// Keys of a bucket in their order, a page after the other.

import type { S3Connection } from './s3-client.ts'

/** S3 gives no more at a time. */
const PAGE = 1000

/** @param after only keys that come after this one; null = from the first */
export async function listObjects(
  { sdk, client }: S3Connection,
  { Bucket, Prefix }: { readonly Bucket: string; readonly Prefix: string },
  after: string | null,
  most: number,
  signal: AbortSignal,
): Promise<string[]> {
  const keys: string[] = []
  for (let last = after; keys.length < most; ) {
    const command = new sdk.ListObjectsV2Command({
      Bucket,
      Prefix,
      MaxKeys: Math.min(PAGE, most - keys.length),
      ...(last === null ? {} : { StartAfter: last }),
    })
    const { Contents = [], IsTruncated = false } = await client.send(command, {
      abortSignal: signal,
    })
    const page = Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key]))
    keys.push(...page)
    last = page.at(-1) ?? null
    if (!IsTruncated || last === null) break
  }
  return keys
}
