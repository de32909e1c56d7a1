// Notices as S3 itself sends them into a queue, of keys that are not ours to choose: each becomes the job of its item.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import type { S3 } from '@aws-sdk/client-s3'
import type { SQS } from '@aws-sdk/client-sqs'
import type { JsonObject } from '../../lib/model/json.ts'
import { sampleItem } from '../../lib/sample/sample.ts'
import { startMoto } from '../harness/moto.ts'
import { skipWithoutPython } from '../harness/peers.ts'

const BUCKET = 'incoming-scenes'

/** Each is a key that S3 takes and our own store would not. */
const keys = [
  'incoming/date=2024-01-01/item.json',
  'incoming/a b.json',
  'incoming/a+b.json',
  'incoming/item:1.json',
  'incoming/(1).json',
  'incoming//twice.json',
  'incoming/Manaus – Solimões ☂.json',
  'incoming/100%25.json',
  "incoming/it's*!~@&$,;=?#[x].geojson",
]

interface Parts {
  readonly s3: S3
  readonly sqs: SQS
  readonly notify: (event: unknown) => Promise<Readonly<Record<string, unknown>>>
  readonly jobs: () => Promise<number>
}

async function start(): Promise<Parts & { readonly noticesUrl: string }> {
  const moto = await startMoto()
  after(() => moto.stop())
  const dataDir = await mkdtemp(join(tmpdir(), 'greenprint-'))
  after(() => rm(dataDir, { recursive: true, force: true }))
  Object.assign(process.env, moto.environment)
  const s3Sdk = await import('@aws-sdk/client-s3')
  const sqsSdk = await import('@aws-sdk/client-sqs')
  const s3 = new s3Sdk.S3({ forcePathStyle: true })
  const sqs = new sqsSdk.SQS({})
  await s3.createBucket({
    Bucket: BUCKET,
    CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
  })
  const { QueueUrl: noticesUrl = '' } = await sqs.createQueue({ QueueName: 'notices' })
  const { QueueUrl: jobsUrl = '' } = await sqs.createQueue({ QueueName: 'jobs' })
  const { Attributes } = await sqs.getQueueAttributes({
    QueueUrl: noticesUrl,
    AttributeNames: ['QueueArn'],
  })
  await s3.putBucketNotificationConfiguration({
    Bucket: BUCKET,
    NotificationConfiguration: {
      QueueConfigurations: [{ QueueArn: Attributes?.['QueueArn'], Events: ['s3:ObjectCreated:*'] }],
    },
  })
  Object.assign(process.env, {
    AWS_LAMBDA_FUNCTION_NAME: 'Notify',
    DATA_DIR: dataDir,
    S3_BUCKET: BUCKET,
    QUEUE_URL: jobsUrl,
    IPFS_GATEWAYS: 'http://127.0.0.1:9',
    IPFS_ROUTERS: 'none',
    // The name of a bucket on loopback is no host.
    S3_ENDPOINT: moto.endpoint,
    S3_ACCESS_KEY_ID: 'FIRSTKEY',
    S3_SECRET_ACCESS_KEY: 'first-secret',
  })
  const { handler } = await import('../../functions/notify.ts')
  const notify: Parts['notify'] = async (event) => ({
    ...(await handler(event, { getRemainingTimeInMillis: () => 60_000 })),
  })
  const jobs = async () => {
    const { Attributes: told } = await sqs.getQueueAttributes({
      QueueUrl: jobsUrl,
      AttributeNames: ['ApproximateNumberOfMessages'],
    })
    return Number(told?.['ApproximateNumberOfMessages'])
  }
  return { s3, sqs, notify, jobs, noticesUrl }
}

/** Ids of jobs are of what is asked: another area is another job. */
async function itemOf(index: number): Promise<JsonObject> {
  const item = await sampleItem()
  return { ...item, id: `scene_${index}` }
}

it('any key that S3 allows is read, as S3 tells it; the version that is told is the one that is read', async (t) => {
  if (skipWithoutPython(t)) return
  const { s3, sqs, notify, jobs, noticesUrl } = await start()
  for (const [index, Key] of keys.entries()) {
    await s3.putObject({ Bucket: BUCKET, Key, Body: JSON.stringify(await itemOf(index)) })
  }
  // The filter of a prefix, which keeps our own writes out of the queue, is one that moto does not apply.
  await s3.putBucketNotificationConfiguration({ Bucket: BUCKET, NotificationConfiguration: {} })
  const told: string[] = []
  for (;;) {
    const { Messages = [] } = await sqs.receiveMessage({
      QueueUrl: noticesUrl,
      MaxNumberOfMessages: 10,
    })
    if (Messages.length === 0) break
    const Records = Messages.map(({ MessageId: messageId, Body: body, ReceiptHandle }) => ({
      messageId,
      body,
      receiptHandle: ReceiptHandle,
      eventSource: 'aws:sqs',
      messageAttributes: {},
    }))
    told.push(
      ...Records.map(({ body = '' }) => body).filter((body) => body.includes('ObjectCreated')),
    )
    assert.deepEqual(await notify({ Records }), { batchItemFailures: [] })
    for (const { receiptHandle } of Records) {
      await sqs.deleteMessage({ QueueUrl: noticesUrl, ReceiptHandle: receiptHandle })
    }
  }
  assert.equal(told.length, keys.length)
  assert.ok(
    told.some((body) => body.includes('date%3D2024-01-01')),
    'keys are URL-encoded there',
  )
  assert.equal(await jobs(), keys.length)

  // By its address, where nothing is encoded, the same object is the same job.
  for (const key of keys) {
    const { outcomes } = await notify({ href: `s3://${BUCKET}/${key}` })
    assert.match(JSON.stringify(outcomes), /"outcome":"submitted"/, key)
  }
  const detail = (key: string, version = '') => ({
    source: 'aws.s3',
    'detail-type': 'Object Created',
    detail: {
      bucket: { name: BUCKET },
      object: { key, ...(version && { 'version-id': version }) },
    },
  })
  for (const key of keys) {
    const { outcomes } = await notify(detail(key))
    assert.match(JSON.stringify(outcomes), /"outcome":"submitted"/, key)
  }

  const features = await Promise.all([200, 201, 202].map(itemOf))
  const several = 'incoming/items.json'
  const Body = JSON.stringify({ type: 'FeatureCollection', features })
  await s3.putObject({ Bucket: BUCKET, Key: several, Body })
  const before = await jobs()
  const { outcomes } = await notify(detail(several))
  assert.match(JSON.stringify(outcomes), /scene_200.*scene_201.*scene_202/)
  assert.equal(await jobs(), before + 3)

  await s3.putBucketVersioning({
    Bucket: BUCKET,
    VersioningConfiguration: { Status: 'Enabled' },
  })
  const Key = 'incoming/versions.json'
  const write = async (body: unknown) =>
    s3.putObject({ Bucket: BUCKET, Key, Body: JSON.stringify(body) })
  const { VersionId: first = '' } = await write(await itemOf(100))
  await write({ not: 'an item' })
  const { VersionId: removed = '' } = await s3.deleteObject({ Bucket: BUCKET, Key })
  const reasonOf = async (version?: string) =>
    JSON.stringify((await notify(detail(Key, version)))['outcomes'])
  assert.match(await reasonOf(first), /"outcome":"submitted".*scene_100/)
  assert.match(await reasonOf(), /no longer there/)
  assert.match(await reasonOf(removed), /no longer there/)
  await write({ not: 'an item' })
  assert.match(await reasonOf(), /is JSON, but not a STAC item/)
})
