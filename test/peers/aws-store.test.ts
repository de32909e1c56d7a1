// The store in buckets as careful operators make them, before moto: with object lock and a time for which nothing may
// be removed, and encrypted by a key of KMS.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createS3Store } from '../../lib/store/s3/s3.ts'
import { motoRegion, startMoto } from '../harness/moto.ts'
import { skipWithoutPython } from '../harness/peers.ts'

const signal = new AbortController().signal
const Bucket = 'kept-for-good'
const MEBIBYTE = 1024 * 1024

it('objects are written whole, in parts and by conditions, locked and encrypted', async (t) => {
  if (skipWithoutPython(t)) return
  const moto = await startMoto()
  t.after(() => moto.stop())
  Object.assign(process.env, moto.environment)
  const { S3 } = await import('@aws-sdk/client-s3')
  const s3 = new S3({ forcePathStyle: true })
  t.after(() => s3.destroy())
  await s3.createBucket({
    Bucket,
    ObjectLockEnabledForBucket: true,
    CreateBucketConfiguration: { LocationConstraint: motoRegion },
  })
  const retention = { Mode: 'GOVERNANCE', Days: 1 } as const
  await s3.putObjectLockConfiguration({
    Bucket,
    ObjectLockConfiguration: {
      ObjectLockEnabled: 'Enabled',
      Rule: { DefaultRetention: retention },
    },
  })
  const KMSMasterKeyID = `arn:aws:kms:${motoRegion}:123456789012:key/0a1b2c3d`
  await s3.putBucketEncryption({
    Bucket,
    ServerSideEncryptionConfiguration: {
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID } }],
    },
  })
  const store = createS3Store({ bucket: Bucket, prefix: '', region: motoRegion })
  t.after(() => store.close())

  const small = new TextEncoder().encode('small')
  const large = new Uint8Array(9 * MEBIBYTE).fill(7)
  const first = await store.put('blocks/small', small, { ifNoneMatch: '*' }, signal)
  assert.ok(first.written)
  const again = await store.put('blocks/small', small, { ifNoneMatch: '*' }, signal)
  assert.equal(again.written, false)
  assert.ok((await store.put('blocks/large', large, { ifNoneMatch: '*' }, signal)).written)
  const changed = await store.put('jobs/one.json', small, {}, signal)
  assert.ok(changed.written)
  const next = new TextEncoder().encode('next')
  const amended = await store.put('jobs/one.json', next, { ifMatch: changed.etag }, signal)
  assert.ok(amended.written)
  const found = await store.get('jobs/one.json', signal)
  assert.deepEqual(Buffer.from(found?.body ?? []), Buffer.from(next))
  const range = await store.getRange('blocks/large', 5 * MEBIBYTE - 1, 2, signal)
  assert.deepEqual([...(range ?? [])], [7, 7])

  const head = await s3.headObject({ Bucket, Key: 'blocks/large' })
  assert.equal(head.ServerSideEncryption, 'aws:kms')
  const locked = await s3.headObject({ Bucket, Key: 'blocks/small' })
  assert.equal(locked.ObjectLockMode, 'GOVERNANCE')
})
