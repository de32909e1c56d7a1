// What all publishing services have in common: taken once, and every illness that was seen of them told in a sentence.
// Long: one list of illnesses, which each service is put through.

import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { systemClock } from '../../../lib/async/clock.ts'
import { GreenprintError } from '../../../lib/errors.ts'
import { createHttp } from '../../../lib/net/http.ts'
import { createClusterPublisher } from '../../../lib/publish/cluster.ts'
import { createFilebasePublisher } from '../../../lib/publish/filebase.ts'
import { createKuboPublisher } from '../../../lib/publish/kubo.ts'
import { createPinataPublisher } from '../../../lib/publish/pinata.ts'
import { createPsaPublisher } from '../../../lib/publish/psa.ts'
import type { Publisher } from '../../../lib/publish/publisher.ts'
import {
  type Fake,
  fakeKey,
  startFakeCluster,
  startFakeFilebase,
  startFakeKubo,
  startFakePinata,
  startFakePsa,
} from '../../harness/publishing-fakes.ts'
import { type Illness, page } from '../../harness/stub-service.ts'
import { sampleFiles, uploadOf } from './sample-files.ts'

const signal = new AbortController().signal
const upload = await uploadOf(sampleFiles())
const root = upload.root.toString()
const http = createHttp({ allowedHosts: [], allowPrivate: false })
const times = { callMs: 400, mebibyteMs: 50, pauseMs: 10 }

interface Case {
  readonly fake: Fake
  readonly make: (key: string, url?: string) => Publisher
  /** The variables that a message must name. */
  readonly key: RegExp
  readonly address: RegExp
  /** Requests that carry the upload. */
  readonly sends: RegExp
}

const kubo = await startFakeKubo()
const cluster = await startFakeCluster()
const pinata = await startFakePinata()
const psa = await startFakePsa()
const filebase = await startFakeFilebase()
const cases: Readonly<Record<string, Case>> = {
  kubo: {
    fake: kubo,
    make: (key, url = kubo.service.url) =>
      createKuboPublisher(
        { url, headers: { authorization: `Bearer ${key}` } },
        http,
        systemClock,
        times,
      ),
    key: /KUBO_RPC_HEADERS/,
    address: /KUBO_RPC_URL/,
    sends: /dag\/import/,
  },
  cluster: {
    fake: cluster,
    make: (key, url = cluster.service.url) =>
      createClusterPublisher({ url, auth: `user:${key}` }, http, systemClock, times),
    key: /CLUSTER_AUTH/,
    address: /CLUSTER_URL/,
    sends: /^POST \/add/,
  },
  pinata: {
    fake: pinata,
    make: (jwt, url = pinata.service.url) =>
      createPinataPublisher({ jwt, gateway: null }, http, systemClock, times, {
        api: url,
        uploads: url,
      }),
    key: /PINATA_JWT/,
    address: /the network/,
    sends: /^POST \/files/,
  },
  psa: {
    fake: psa,
    make: (token, url = psa.service.url) =>
      createPsaPublisher({ url, token }, http, systemClock, times),
    key: /PSA_TOKEN/,
    address: /PSA_URL/,
    sends: /^POST \/pins/,
  },
  filebase: {
    fake: filebase,
    make: (key, url = filebase.service.url) =>
      createFilebasePublisher(
        { key, secret: 's-1234567890abcdef', bucket: 'maps' },
        systemClock,
        times,
        url,
      ),
    key: /FILEBASE_KEY/,
    address: /the network/,
    sends: /^PUT /,
  },
}
after(async () => {
  for (const { fake } of Object.values(cases)) await fake.service.stop()
})

async function messageOf(publication: Promise<unknown>): Promise<string> {
  try {
    await publication
  } catch (error) {
    assert.ok(error instanceof GreenprintError, String(error))
    assert.equal(error.code, 'publishing_failed')
    return error.message
  }
  return assert.fail('it was published')
}

for (const [name, { fake, make, key, address, sends }] of Object.entries(cases)) {
  describe(name, () => {
    const { service } = fake
    const forget = () => {
      fake.cars.clear()
      psa.pins.clear()
    }

    /** With every request answered so; the service is well again afterwards. */
    async function whileIll(illness: Illness, publisher = make(fakeKey)): Promise<string> {
      service.illness = illness
      try {
        return await messageOf(publisher.publish(upload, signal))
      } finally {
        service.illness = null
      }
    }

    it('is told of a wrong key by the name of its variable, before anything is uploaded', async () => {
      const before = service.asked.length
      const wrong = 'wrong-key-of-somebody-else'
      const message = await messageOf(make(wrong).publish(upload, signal))
      assert.match(message, key)
      assert.doesNotMatch(message, /wrong-key/)
      assert.ok(!service.asked.slice(before).some((line) => sends.test(line)))
    })

    it('that cannot be reached is told, with what to check', async () => {
      const message = await messageOf(make(fakeKey, 'http://127.0.0.1:9').publish(upload, signal))
      assert.match(message, /could not be reached \(.*(refused|ECONNREFUSED)/)
      assert.match(message, address)
    })

    it('that hangs is given up in time', async () => {
      const started = performance.now()
      const message = await whileIll('hang')
      assert.match(message, /no answer within|did not answer within/)
      assert.ok(performance.now() - started < 3_000)
    })

    it('behind a web page of a proxy is told so', async () => {
      const message = await whileIll({ ...page, status: 403 })
      if (name === 'filebase') assert.match(message, /HTTP 403/)
      else assert.match(message, /answered with a web page \(HTTP 403\)/)
      assert.match(await whileIll(page), /answered with a web page \(HTTP 200\)/)
    })

    it('that breaks every connection is told, and was tried again', async () => {
      const before = service.asked.length
      assert.match(await whileIll('reset'), /could not be reached/)
      assert.ok(service.asked.length - before >= 2)
    })

    it('whose every answer is cut off is told, and was tried again', async () => {
      const before = service.asked.length
      assert.match(await whileIll('cut'), /could not be reached/)
      assert.ok(service.asked.length - before >= 2)
    })

    it('that is busy for long is left alone', async () => {
      const busy = { status: 429, headers: { 'retry-after': '3600' }, body: 'slow down' }
      const started = performance.now()
      assert.match(await whileIll(busy), /is busy \(HTTP 429\)/)
      assert.ok(performance.now() - started < 5_000)
    })

    it('without room, or on too small a plan, is told so', async () => {
      assert.match(await whileIll({ status: 402, body: 'payment required' }), /plan|room/)
      assert.match(await whileIll({ status: 413, body: 'too large' }), /no room for this upload/)
      assert.match(await whileIll({ status: 507, body: 'full' }), /no room for this upload/)
    })

    it('of a caller who gives up is asked no more', async () => {
      const controller = new AbortController()
      service.illness = 'hang'
      const publication = make(fakeKey).publish(upload, controller.signal)
      setTimeout(() => controller.abort(new Error('gone')), 50)
      await assert.rejects(publication, /gone/)
      service.illness = null
    })

    it('holds it once it was uploaded, after a moment of trouble too', async () => {
      // The first request is answered "come again", the second breaks.
      service.ills.push({ status: 503, headers: { 'retry-after': '0' }, body: '' })
      assert.deepEqual(await make(fakeKey).publish(upload, signal), { status: 'held' })
      if (name !== 'psa') {
        const car = fake.cars.get(root)
        assert.ok(car !== undefined && Buffer.from(upload.bytes).equals(car))
      }
    })

    it('is not sent again what it holds', async () => {
      const before = service.asked.length
      assert.deepEqual(await make(fakeKey).publish(upload, signal), { status: 'held' })
      assert.ok(!service.asked.slice(before).some((line) => sends.test(line)))
    })

    it('that is busy for a moment is asked again when it says', async () => {
      fake.cars.clear()
      const before = service.asked.length
      const busy = { status: 429, headers: { 'retry-after': '1' }, body: 'slow down' }
      const started = performance.now()
      service.ills.push(busy)
      assert.deepEqual(await make(fakeKey).publish(upload, signal), { status: 'held' })
      // Two looks at the same thing: the refused one and the next.
      assert.equal(service.asked[before], service.asked[before + 1])
      assert.ok(performance.now() - started >= 990)
    })

    // Seen of pinning services: 404 and 500 to a request for a pin that they had just taken.
    const silent = { status: 401, body: 'come again' }
    for (const illness of [silent, { status: 500, body: '' }, 'reset'] as const) {
      const told = typeof illness === 'string' ? illness : illness.status
      it(`that took it has taken it, though it answers ${told} when it is looked for`, async () => {
        forget()
        const pin = { requestid: 'r-1', status: 'queued', pin: { cid: root } }
        // The first request asks for what is there, the second sends.
        service.ills.push(undefined, name === 'psa' ? { body: pin } : undefined)
        for (let look = 0; look < 12; look++) service.ills.push(illness)
        const receipt = await make(fakeKey).publish(upload, signal)
        service.ills.length = 0
        assert.equal(receipt.status, name === 'psa' ? 'queued' : 'unproven')
        if (receipt.status === 'queued') assert.equal(receipt.request, 'r-1')
      })
    }

    it('that took it has taken it, though nobody waits to see what becomes of it', async () => {
      forget()
      const pin = { requestid: 'r-1', status: 'queued', pin: { cid: root } }
      service.ills.push(undefined, name === 'psa' ? { body: pin } : undefined, 'hang', 'hang')
      const controller = new AbortController()
      const before = service.asked.length
      const publication = make(fakeKey).publish(upload, controller.signal)
      for (let look = 0; service.asked.length < before + 3 && look < 200; look++) {
        await systemClock.sleep(5, signal)
      }
      controller.abort(new Error('enough others hold it'))
      assert.match(JSON.stringify(await publication), /(queued|unproven).*enough others hold it/)
      service.ills.length = 0
    })

    it('holds it once, however many publish it at the same time', async () => {
      fake.cars.clear()
      const receipts = await Promise.all([1, 2, 3].map(() => make(fakeKey).publish(upload, signal)))
      assert.deepEqual(
        receipts.map(({ status }) => status),
        ['held', 'held', 'held'],
      )
    })
  })
}
