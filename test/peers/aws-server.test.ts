// Servers as containers run them, whose jobs come through one queue of SQS and lie in one bucket, before moto: each
// job is done once, whoever ends or is killed meanwhile.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SQS } from '@aws-sdk/client-sqs'
import { once } from '../../lib/async/once.ts'
import type { JsonObject } from '../../lib/model/json.ts'
import { sampleItem, sampleRoot } from '../../lib/sample/sample.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { startGateway, type TestGateway } from '../harness/gateway.ts'
import { sceneItem } from '../harness/items.ts'
import { type Moto, motoRegion, startMoto } from '../harness/moto.ts'
import { skipWithoutPython } from '../harness/peers.ts'
import { type ServerProcess, startServer } from '../harness/server-process.ts'

const BUCKET = 'scenes-of-servers'
const MOST_DELIVERIES = 5
/** Of a gateway, so that a job is met in the middle. */
const SLOW_MS = 700
/** Promised are two minutes; the rest is a busy machine's. */
const NOTICED_MS = 150_000

const authorized = { authorization: 'Bearer token-of-ann-0123456789' }
const asJob = { ...authorized, prefer: 'respond-async', 'content-type': 'application/json' }
const blocks = new MemoryBlocks()
const item = await sceneItem('l8-c2l1-corumba-before', blocks)
/** Another `max_size` is another job. */
const order = (max_size: number) => ({ item, max_size, outputs: ['item'], pin: false })

interface World {
  readonly moto: Moto
  readonly sqs: SQS
}

const stops: (() => unknown)[] = []
after(async () => {
  for (const stop of stops.toReversed()) await stop()
})

/** One for all tests, which share the wait as well. */
const world = once(async (): Promise<World> => {
  const moto = await startMoto()
  stops.push(() => moto.stop())
  Object.assign(process.env, moto.environment)
  const { S3 } = await import('@aws-sdk/client-s3')
  const { SQS: Queues } = await import('@aws-sdk/client-sqs')
  const CreateBucketConfiguration = { LocationConstraint: motoRegion } as const
  const s3 = new S3({ forcePathStyle: true })
  await s3.createBucket({ Bucket: BUCKET, CreateBucketConfiguration })
  s3.destroy()
  const sqs = new Queues({})
  stops.push(() => sqs.destroy())
  return { moto, sqs }
})

/** A queue with its dead letters, and servers that share it. */
interface Shared {
  readonly sqs: SQS
  readonly url: string
  readonly gateway: TestGateway
  readonly start: () => Promise<ServerProcess>
  /** Messages that wait, that are hidden, and that were given up. */
  readonly counts: () => Promise<readonly [waiting: number, hidden: number, dead: number]>
}

async function share(t: TestContext, name: string): Promise<Shared> {
  const { moto, sqs } = await world()
  const { QueueUrl: deadUrl = '' } = await sqs.createQueue({ QueueName: `${name}-dead` })
  const attributesOf = async (QueueUrl: string) => {
    const told = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] })
    return told.Attributes ?? {}
  }
  const { QueueArn: deadLetterTargetArn } = await attributesOf(deadUrl)
  const redrive = { deadLetterTargetArn, maxReceiveCount: MOST_DELIVERIES }
  const { QueueUrl: url = '' } = await sqs.createQueue({
    QueueName: name,
    // As long as that of Lambda's queue: what comes again sooner, comes by the servers' own doing.
    Attributes: { VisibilityTimeout: '5400', RedrivePolicy: JSON.stringify(redrive) },
  })
  const gateway = await startGateway(blocks)
  t.after(() => gateway.close())
  return {
    sqs,
    url,
    gateway,
    async start() {
      const folder = await mkdtemp(join(tmpdir(), 'greenprint-'))
      const server = await startServer({
        ...moto.environment,
        S3_BUCKET: BUCKET,
        QUEUE_URL: url,
        DATA_DIR: folder,
        IPFS_GATEWAYS: gateway.url,
        IPFS_ROUTERS: 'none',
        API_TOKENS: 'ann:token-of-ann-0123456789',
      })
      t.after(async () => {
        await server.end()
        await rm(folder, { recursive: true, force: true })
      })
      return server
    },
    async counts() {
      const queue = await attributesOf(url)
      const dead = await attributesOf(deadUrl)
      return [
        Number(queue['ApproximateNumberOfMessages']),
        Number(queue['ApproximateNumberOfMessagesNotVisible']),
        Number(dead['ApproximateNumberOfMessages']),
      ]
    },
  }
}

/** @returns the address of the job */
async function submit({ base }: ServerProcess, asked: object): Promise<string> {
  const body = JSON.stringify(asked)
  const reply = await fetch(`${base}/ndvi`, { method: 'POST', headers: asJob, body })
  assert.equal(reply.status, 202, await reply.text())
  return reply.headers.get('location') ?? ''
}

async function untilJob(
  { base }: ServerProcess,
  location: string,
  wanted: string,
  mostMs = 120_000,
): Promise<JsonObject> {
  let last: JsonObject = {}
  for (const end = Date.now() + mostMs; Date.now() < end; ) {
    last = JSON.parse(await (await fetch(`${base}${location}`, { headers: authorized })).text())
    if (last['status'] === wanted) return last
    await sleep(100)
  }
  throw new Error(`the job did not become ${wanted}: ${JSON.stringify(last)}`)
}

async function untilCounts({ counts }: Shared, wanted: readonly number[]): Promise<void> {
  let last: readonly number[] = []
  for (const end = Date.now() + 120_000; Date.now() < end; ) {
    last = await counts()
    if (last.join() === wanted.join()) return
    await sleep(200)
  }
  assert.deepEqual(last, wanted)
}

/** What servers wrote of one job, or of all. */
function told(servers: readonly ServerProcess[], location?: string) {
  return servers
    .flatMap(({ lines }) => lines)
    .filter(({ event }) => event === 'job')
    .filter(({ id }) => location === undefined || location === `/jobs/${String(id)}`)
    .map(({ outcome, receives }) => [outcome, receives])
}

describe('servers that share a queue', { concurrency: 5 }, () => {
  it('take a job through it from the request to the result', async (t) => {
    if (skipWithoutPython(t)) return
    const shared = await share(t, 'whole-way')
    const server = await shared.start()
    const outputs = ['figure', 'cog', 'item']
    const location = await submit(server, { item: await sampleItem(), outputs })
    const { result } = await untilJob(server, location, 'successful')
    assert.match(JSON.stringify(result), new RegExp(`"root":{"cid":"${await sampleRoot()}"`))
    await untilCounts(shared, [0, 0, 0])
    assert.deepEqual(told([server], location), [['done', 1]])
  })

  it('do each job once', async (t) => {
    if (skipWithoutPython(t)) return
    const shared = await share(t, 'each-once')
    shared.gateway.latencyMs = 100
    const servers = [await shared.start(), await shared.start()]
    const asked = [200, 210, 220, 230, 240, 250].map(async (size, at) => {
      const server = servers[at % 2] ?? assert.fail()
      const location = await submit(server, order(size))
      await untilJob(server, location, 'successful')
      return location
    })
    for (const location of await Promise.all(asked)) {
      assert.deepEqual(told(servers, location), [['done', 1]])
    }
    for (const server of servers) assert.ok(told([server]).length > 0, 'both worked')
    await untilCounts(shared, [0, 0, 0])
  })

  it('do within two minutes the job of one that was killed', async (t) => {
    if (skipWithoutPython(t)) return
    const shared = await share(t, 'killed')
    shared.gateway.latencyMs = SLOW_MS
    const killed = await shared.start()
    const location = await submit(killed, order(300))
    await untilJob(killed, location, 'running')
    await killed.kill()
    assert.deepEqual(told([killed], location), [], 'it had no time for a word')
    shared.gateway.latencyMs = 0
    const next = await shared.start()
    await untilJob(next, location, 'running')
    await untilJob(next, location, 'successful', NOTICED_MS)
    assert.deepEqual(told([next], location), [['done', 2]])
    await untilCounts(shared, [0, 0, 0])
  })

  it('do within a minute the job of one that was told to end', async (t) => {
    if (skipWithoutPython(t)) return
    const shared = await share(t, 'told-to-end')
    shared.gateway.latencyMs = SLOW_MS
    const ended = await shared.start()
    const location = await submit(ended, order(310))
    await untilJob(ended, location, 'running')
    assert.equal(await ended.end(), 0)
    assert.deepEqual(told([ended], location), [['again', 1]])
    assert.deepEqual(await shared.counts(), [0, 1, 0])
    shared.gateway.latencyMs = 0
    const next = await shared.start()
    await untilJob(next, location, 'successful', 90_000)
    assert.deepEqual(told([next], location), [['done', 2]])
    await untilCounts(shared, [0, 0, 0])
  })

  it('leave to the dead letters what is no job, and go on', async (t) => {
    if (skipWithoutPython(t)) return
    const shared = await share(t, 'poisoned')
    const { sqs, url: QueueUrl } = shared
    await sqs.sendMessage({ QueueUrl, MessageBody: 'drink me' })
    // All deliveries but the last, without the hours that lie between them.
    for (let delivery = 1; delivery < MOST_DELIVERIES; delivery++) {
      const { Messages } = await sqs.receiveMessage({ QueueUrl, VisibilityTimeout: 0 })
      assert.equal(Messages?.length, 1)
    }
    const server = await shared.start()
    await untilCounts(shared, [0, 0, 1])
    const line = server.lines.find(({ event }) => event === 'job')
    assert.deepEqual([line?.['outcome'], line?.['receives']], ['again', MOST_DELIVERIES])
    assert.match(String(line?.['detail']), /does not name a job: drink me/)
    const location = await submit(server, order(320))
    await untilJob(server, location, 'successful')
    await untilCounts(shared, [0, 0, 1])
  })
})
