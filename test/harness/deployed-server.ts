// A program: a system as a deployment has it (tokens, its store in a bucket on another origin, its jobs through SQS
// and a worker), with one large result and a scene of plain copies. Prints what a page is told, and serves until it
// is ended.

import assert from 'node:assert/strict'
import { setInterval } from 'node:timers/promises'
import { systemClock } from '../../lib/async/clock.ts'
import { localQueue } from '../../lib/local/queue.ts'
import { createHttp } from '../../lib/net/http.ts'
import { MemoryBlocks } from './blocks.ts'
import { startCopyHost } from './copy-host.ts'
import { startGateway } from './gateway.ts'
import { sceneItem } from './items.ts'
import { startWorker } from './job-worker.ts'
import { startS3Stub } from './s3-stub.ts'
import { sceneFile } from './scenes.ts'
import { startSqsSnsStub } from './sqs-sns-stub.ts'
import { startSystem } from './system.ts'

const SCENE = 's2-l2a-29RKH'
const PLAIN = 'l8-c2l2-brumadinho-before'
const FORWARD_MS = 50

const blocks = new MemoryBlocks()
const item = await sceneItem(SCENE, blocks)
const plain = await sceneItem(PLAIN, new MemoryBlocks())
const gateway = await startGateway(blocks)
const copies = await startCopyHost()
const s3 = await startS3Stub()
s3.pages = true
const messages = await startSqsSnsStub()
const token = 'token-of-ann-0123456789'
const { accessKeyId, secretAccessKey, region } = s3.account
// What Lambda gives a function: the SDK signs its messages with it.
Object.assign(process.env, {
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
})
const environment = {
  IPFS_GATEWAYS: gateway.url,
  AWS_LAMBDA_FUNCTION_NAME: 'greenprint',
  API_TOKENS: `ann:${token}`,
  PUBLISHERS: '',
  QUEUE_URL: `${messages.endpoint}/123456789012/jobs`,
  S3_BUCKET: s3.bucket,
  S3_REGION: region,
  S3_ENDPOINT: s3.endpoint,
  S3_ACCESS_KEY_ID: accessKeyId,
  S3_SECRET_ACCESS_KEY: secretAccessKey,
}
// A deployment fetches from public hosts alone, and the copies are on this machine.
const http = createHttp({ allowedHosts: [], allowPrivate: true })
const system = await startSystem(environment, http)

const { assets } = await system.ndvi({ item, outputs: ['figure', 'cog'], max_size: 'full' })
const { cog } = assets
assert.ok(cog !== undefined)
const files = { red: 'red', nir08: 'nir08' }
const copied: Record<string, object> = {}
for (const [key, band] of Object.entries(files)) {
  copies.put(`${key}.tif`, await sceneFile(PLAIN, band))
  copied[key] = { href: `${copies.url}/${key}.tif`, type: 'image/tiff; application=geotiff' }
}
const told = {
  base: 'http://greenprint.test/',
  port: Number(new URL(system.base).port),
  token,
  item: { ...plain, assets: copied },
  stranger: `${copies.url}/red.tif`,
  store: s3.endpoint,
  large: { path: new URL(cog.href).pathname, size: cog.size },
}
process.stdout.write(`${JSON.stringify(told)}\n`)

const queue = localQueue(system.dataDir, systemClock)
startWorker({ ...system.services, queue })
let forwarded = 0
for await (const _ of setInterval(FORWARD_MS)) {
  for (const message of messages.sent.slice(forwarded)) await queue.send(JSON.parse(message))
  forwarded = messages.sent.length
}
