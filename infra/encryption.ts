// A key of the operator's own, where one is named: the bucket and the environments of the functions are encrypted by
// it. Messages are references to records; their queues keep the key that SQS has for them.

import type { Places } from './places.ts'
import { setting } from './settings.ts'

/**
 * ARN of the key; null = those that AWS has for each service.
 *
 * @throws {RangeError} before anything is deployed
 */
export function ownKey(): string | null {
  const arn = setting('KMS_KEY_ARN')
  if (arn === undefined) return null
  // Rights are given on a key, never on its alias.
  if (/^arn:aws[\w-]*:kms:[\w-]+:\d{12}:key\/[\w-]+$/.test(arn)) return arn
  throw new RangeError(
    `KMS_KEY_ARN must be the ARN of a key, arn:aws:kms:<region>:<account>:key/<id>, not "${arn}".`,
  )
}

export function encryptBucket({ bucket }: Places): void {
  const key = ownKey()
  if (key === null) return
  new aws.s3.BucketServerSideEncryptionConfiguration('StoreEncryption', {
    bucket: bucket.name,
    rules: [
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: key },
        // One request to KMS for many objects.
        bucketKeyEnabled: true,
      },
    ],
  })
}

/** What who reads and writes the bucket needs besides. */
export function keyRights(): { actions: string[]; resources: string[] }[] {
  const key = ownKey()
  return key === null ? [] : [{ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key] }]
}
