// Publishers that are gone or hang, each in turn and all but one: the right reply in time, and nothing is lost.

import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { systemClock } from '../../../lib/async/clock.ts'
import type { NdviReply } from '../../../lib/http/reply.ts'
import { createContentStore } from '../../../lib/kept/content-store.ts'
import { createHttp } from '../../../lib/net/http.ts'
import { createClusterPublisher } from '../../../lib/publish/cluster.ts'
import { createFilebasePublisher } from '../../../lib/publish/filebase.ts'
import { createKuboPublisher } from '../../../lib/publish/kubo.ts'
import { createS3Publisher } from '../../../lib/publish/own-store.ts'
import { createPinataPublisher } from '../../../lib/publish/pinata.ts'
import { createPsaPublisher } from '../../../lib/publish/psa.ts'
import { folderIn } from '../../../lib/publish/public-folder.ts'
import type { Publisher } from '../../../lib/publish/publisher.ts'
import { createW3upPublisher } from '../../../lib/publish/w3up/w3up.ts'
import { sampleRequest } from '../../../lib/sample/sample.ts'
import { createS3Store } from '../../../lib/store/s3/s3.ts'
import { gatewayEvent } from '../../harness/gateway-events.ts'
import {
  fakeKey,
  startFakeCluster,
  startFakeFilebase,
  startFakeKubo,
  startFakePinata,
  startFakePsa,
} from '../../harness/publishing-fakes.ts'
import { startS3Stub } from '../../harness/s3-stub.ts'
import { page, startStubService } from '../../harness/stub-service.ts'
import { startSystem } from '../../harness/system.ts'
import { startW3upService } from '../../harness/w3up-service.ts'

const http = createHttp({ allowedHosts: [], allowPrivate: false })
// Where a w3up service wants the bytes is its own word.
const loopback = createHttp({ allowedHosts: [], allowPrivate: true })
const times = { callMs: 20_000, mebibyteMs: 1_000, pauseMs: 20 }
const s3 = await startS3Stub()
const w3up = await startW3upService()
const space = await w3up.createSpace()
const kubo = await startFakeKubo()
const cluster = await startFakeCluster()
const pinata = await startFakePinata()
const psa = await startFakePsa()
const filebase = await startFakeFilebase()
/** Where nobody answers. */
const hanging = await startStubService(() => page)
hanging.illness = 'hang'
/** Where every connection breaks in the middle of the answer. */
const breaking = await startStubService(() => page)
breaking.illness = 'cut'
const system = await startSystem({ IPFS_GATEWAYS: 'http://127.0.0.1:9' })
after(async () => {
  await system.close()
  await s3.stop()
  await w3up.stop()
  for (const { service } of [kubo, cluster, pinata, psa, filebase]) await service.stop()
  await hanging.stop()
  await breaking.stop()
})

const bucket = { bucket: s3.bucket, region: s3.account.region, prefix: '', credentials: s3.account }

/** Each at its own address, or at another. */
const makers: Readonly<Record<string, (url?: string) => Publisher>> = {
  kubo: (url = kubo.service.url) =>
    createKuboPublisher(
      { url, headers: { authorization: `Bearer ${fakeKey}` } },
      http,
      systemClock,
      times,
    ),
  cluster: (url = cluster.service.url) =>
    createClusterPublisher({ url, auth: `user:${fakeKey}` }, http, systemClock, times),
  w3up: (url = space.url) => createW3upPublisher({ ...space, url }, loopback),
  filebase: (url = filebase.service.url) =>
    createFilebasePublisher(
      { key: fakeKey, secret: 'secret-of-filebase', bucket: 'maps' },
      systemClock,
      times,
      url,
    ),
  pinata: (url = pinata.service.url) =>
    createPinataPublisher({ jwt: fakeKey, gateway: null }, http, systemClock, times, {
      api: url,
      uploads: url,
    }),
  psa: (url = psa.service.url) =>
    createPsaPublisher({ url, token: fakeKey }, http, systemClock, times),
  // It is the deployment's own store: at another address it is one that is down.
  s3: (url) => {
    const away = () => createContentStore(createS3Store({ ...bucket, endpoint: url ?? '' }))
    return createS3Publisher(
      url === undefined ? system.services.store : away(),
      folderIn('s3://maps', null),
    )
  },
}
const names = Object.keys(makers)
const deaths = {
  gone: 'http://127.0.0.1:9',
  hanging: hanging.url,
  breaking: breaking.url,
} as const

/** That a function is given where all who are dead say so at once; as when deployed. */
const SECONDS = 29
/** Where they hang until the time is up, for a result that is already known. */
const SECONDS_OF_HANGING = 6

/** Of one place after the other, so that each result is published for the first time. */
let area = 0
const request = await sampleRequest()
function nextRequest(): object {
  area += 1
  const west = -59.95 + area * 0.0007
  return { ...request, bbox: [west, -3.17, west + 0.03, -3.14], outputs: ['figure'], pin: true }
}

/** Publishes through all of them, those that are dead among them. */
async function publish(
  dead: (name: string) => boolean,
  death: keyof typeof deaths,
  minimum: number,
) {
  const body = nextRequest()
  // What is timed then is publishing alone, however busy the machine is.
  if (death === 'hanging') await system.ndvi({ ...body, pin: false })
  const publishers = names.map((name) => makers[name]?.(dead(name) ? deaths[death] : undefined))
  Object.assign(system.services, { publishers, publishMinimum: minimum })
  const seconds = death === 'hanging' ? SECONDS_OF_HANGING : SECONDS
  const end = performance.now() + seconds * 1000
  const event = gatewayEvent('/ndvi', { method: 'POST', body: JSON.stringify(body) })
  const answer = await system.handler(event, {
    getRemainingTimeInMillis: () => end - performance.now(),
  })
  assert.ok(performance.now() < end)
  assert.equal(answer.statusCode, 200, answer.body)
  const reply: NdviReply = JSON.parse(answer.body ?? '')
  return { body, reply, held: reply.publications.filter(({ status }) => status === 'held') }
}

const oneDead = (['gone', 'breaking'] as const).flatMap((death) =>
  names.map((name) => [name, death] as const),
)

describe('with one publisher dead', { concurrency: false }, () => {
  for (const [name, death] of oneDead) {
    it(`${name} ${death}: the others hold it, and its failure is told`, async () => {
      const { reply, held } = await publish((other) => other === name, death, names.length - 1)
      assert.deepEqual(
        held.map(({ service }) => service).toSorted(),
        names.filter((other) => other !== name).toSorted(),
        JSON.stringify(reply.publications),
      )
      // The last is not asked any more.
      const failed = reply.publications.find(({ service }) => service === name)
      assert.equal(failed?.status, name === 's3' ? undefined : 'failed')
      assert.deepEqual(reply.warnings, [])
    })
  }
})

describe('with all publishers dead but one', { concurrency: false }, () => {
  // A pin by CID alone needs somebody who holds the blocks.
  const alone = names.filter((name) => name !== 'psa')
  for (const name of alone) {
    it(`${name} alone holds it`, async () => {
      const { reply, held } = await publish((other) => other !== name, 'gone', 1)
      assert.deepEqual(
        held.map(({ service }) => service),
        [name],
        JSON.stringify(reply.publications),
      )
    })
  }

  it('the last of them holds it though all others break off', async () => {
    const { held } = await publish((name) => name !== 's3', 'breaking', 1)
    assert.deepEqual(
      held.map(({ service }) => service),
      ['s3'],
    )
  })

  it('the last of them holds it in time though all others hang', { timeout: 60_000 }, async () => {
    const { reply, held } = await publish((name) => name !== 's3', 'hanging', 1)
    assert.deepEqual(
      held.map(({ service }) => service),
      ['s3'],
      JSON.stringify(reply.publications),
    )
  })
})

describe('with all of them dead', () => {
  it('the result is told, kept, served, and published once one of them is back', async () => {
    const { body, reply, held } = await publish(() => true, 'gone', 1)
    assert.deepEqual(held, [])
    assert.equal(reply.publications.length, names.length)
    assert.match(
      reply.warnings.join(),
      /published to 0 of the 1 services wanted; the result is kept/,
    )
    const figure = await fetch(`${system.base}/ipfs/${reply.root.cid}/figure.png`)
    assert.equal(figure.status, 200)
    Object.assign(system.services, { publishers: [makers['kubo']?.()] })
    const again = await system.ndvi(body)
    assert.equal(again.cached, true)
    assert.deepEqual(
      again.publications.map(({ service, status }) => [service, status]),
      [['kubo', 'held']],
    )
    const told = await fetch(`${system.base}/publications/${reply.root.cid}`)
    const record = await told.text()
    assert.match(record, /"service":"kubo","status":"held"/)
    assert.match(record, /"service":"pinata","status":"failed"/)
  })

  it('who hang are told before the time is up', { timeout: 60_000 }, async () => {
    const { reply, held } = await publish(() => true, 'hanging', 1)
    assert.deepEqual(held, [])
    assert.match(JSON.stringify(reply.publications), /no answer before the time was up/)
    assert.match(reply.warnings.join(), /published to 0 of the 1 services/)
  })
})
