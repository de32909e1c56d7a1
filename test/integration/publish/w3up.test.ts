// Publishing to a real w3up service: the bytes it holds are read back out of it, and every way it can fail is told.
// Long: many situations of one subject, on one set of servers and helpers.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, mock, test } from 'node:test'
import { systemClock } from '../../../lib/async/clock.ts'
import type { W3upConfig } from '../../../lib/config/publishers.ts'
import { GreenprintError } from '../../../lib/errors.ts'
import { decodeCar } from '../../../lib/ipld/car.ts'
import { matchesCid } from '../../../lib/ipld/cid.ts'
import { createHttp } from '../../../lib/net/http.ts'
import { mediaTypeOf } from '../../../lib/publish/media-types.ts'
import { createW3upPublisher } from '../../../lib/publish/w3up/w3up.ts'
import { memoryContent } from '../../../lib/store/file-content.ts'
import { buildDirectoryCar } from '../../harness/directory-car.ts'
import { startW3upService, type W3upService } from '../../harness/w3up-service.ts'
import { textFile, uploadOf } from '../../unit/publish/sample-files.ts'

const signal = new AbortController().signal
const http = createHttp({ allowedHosts: [], allowPrivate: true })
const quick = { callMs: 2_000, uploadMs: 2_000, pauseMs: 10 }

/** About as large as a real result. */
const upload = await uploadOf(
  new Map([
    ['figure.png', memoryContent(new Uint8Array(300_000).map((_, i) => i * i))],
    ['item.json', textFile('{"type":"Feature"}')],
    ['request.json', textFile('{"scale":"auto"}')],
  ]),
)

let service: W3upService
let space: W3upConfig
let home = ''
const consoleMethods = ['debug', 'info', 'log', 'warn', 'error'] as const
const said: unknown[] = []

before(async () => {
  home = await mkdtemp(join(tmpdir(), 'greenprint-home-'))
  process.env['HOME'] = home
  process.env['XDG_CONFIG_HOME'] = home
  for (const method of consoleMethods) {
    mock.method(console, method, (...words: unknown[]) => void said.push(words))
  }
})
beforeEach(async () => {
  said.length = 0
  service = await startW3upService()
  space = await service.createSpace()
})
afterEach(async () => {
  await service.stop()
  assert.deepEqual(said, [], 'the client talked on the console')
})
after(async () => {
  mock.restoreAll()
  const written = await readdir(home)
  await rm(home, { recursive: true, force: true })
  assert.deepEqual(written, [], 'the client wrote into the home folder')
})

function publish(changes: Partial<W3upConfig> = {}, giveUp = signal) {
  const publisher = createW3upPublisher({ ...space, ...changes }, http, systemClock, quick)
  return publisher.publish(upload, giveUp)
}

/** One sentence with these words, and no secret in it. */
async function fails(attempt: Promise<unknown>, words: RegExp, code = 'publishing_failed') {
  await assert.rejects(attempt, (error) => {
    assert.ok(error instanceof GreenprintError, String(error))
    assert.match(error.message, words)
    assert.equal(error.code, code)
    assert.ok(error.message.length < 300, error.message)
    for (const secret of [space.key, space.proof]) {
      assert.ok(!error.message.includes(secret.slice(0, 20)))
    }
    return true
  })
}

function answerHtml(status: number) {
  return (_: unknown, response: ServerResponse) => {
    response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Service Unavailable</h1>')
    return true
  }
}

test('what the service holds is, byte for byte, what was published', async () => {
  assert.deepEqual(await publish(), { status: 'held' })
  const stored = new Map<string, Uint8Array<ArrayBuffer>>()
  for (const blob of service.blobs()) {
    for (const { cid, bytes } of (await decodeCar(blob)).blocks) {
      assert.ok(matchesCid(cid, bytes), `${cid.toString()} does not hash`)
      stored.set(cid.toString(), bytes)
    }
  }
  const found = await buildDirectoryCar(
    upload.root,
    async (cid) => stored.get(cid.toString()) ?? null,
    mediaTypeOf,
  )
  assert.ok(found !== null)
  assert.deepEqual([...found.files.keys()], [...upload.files.keys()])
  for (const [name, { bytes }] of upload.files) {
    assert.ok(Buffer.from(bytes).equals(found.files.get(name)?.bytes ?? Buffer.of()), name)
  }
  const cars = service.blobs().filter((blob) => Buffer.from(blob).equals(upload.bytes))
  assert.equal(cars.length, 1, 'the CAR that was validated is the CAR that was stored')
  assert.deepEqual(service.faults, [])
  // Two blobs (the CAR and its index) with two calls and a receipt each, their registration, and the look at it.
  assert.equal(service.requests.length, 9)
})

test('publishing twice is publishing once', async () => {
  assert.deepEqual(await publish(), { status: 'held' })
  const blobs = service.blobs().length
  assert.deepEqual(await publish(), { status: 'held' })
  assert.equal(service.blobs().length, blobs)
})

test('held is shown by the list where the proof grants no more than that', async () => {
  const abilities = ['space/blob/add', 'space/index/add', 'upload/add', 'upload/list'] as const
  assert.deepEqual(await publish(await service.createSpace({ abilities })), { status: 'held' })
})

test('held is not claimed where the proof does not let us look', async () => {
  const abilities = ['space/blob/add', 'space/index/add', 'upload/add'] as const
  const receipt = await publish(await service.createSpace({ abilities }))
  assert.ok(receipt.status === 'unproven')
  assert.match(receipt.reason, /neither upload\/get nor upload\/list/)
})

test('held is not claimed where the service lists nothing', async () => {
  service.forgetUploads()
  const receipt = await publish()
  assert.ok(receipt.status === 'unproven')
  assert.match(receipt.reason, /UploadNotFound/)
  const abilities = ['space/blob/add', 'space/index/add', 'upload/add', 'upload/list'] as const
  const listed = await publish(await service.createSpace({ abilities }))
  assert.ok(listed.status === 'unproven')
  assert.match(listed.reason, /not listed with all its parts/)
})

test('a service that stumbles once is asked again', async () => {
  const stumbles = [503, 502]
  service.intercept = (request, response) => {
    const status = stumbles.pop()
    return status === undefined ? false : answerHtml(status)(request, response)
  }
  // One of them hits the first invocation, the other its second attempt: that one fails for good.
  await fails(publish(), /could not be reached \(HTTP 503\)/)
  stumbles.push(503)
  assert.deepEqual(await publish(), { status: 'held' })
})

test('a receipt that comes late is waited for', async () => {
  let early = 2
  service.intercept = (request, response) => {
    if (request.url?.startsWith('/receipt/') !== true || early-- <= 0) return false
    response.writeHead(404).end()
    return true
  }
  assert.deepEqual(await publish(), { status: 'held' })
  assert.ok(service.requests.filter((each) => each.startsWith('GET /receipt/')).length >= 3)
})

for (const [status, words] of [
  [404, /no receipt/],
  [200, /its receipt cannot be read/],
  [500, /HTTP 500/],
] as const) {
  test(`a receipt that never comes: a page with ${status} instead`, async () => {
    service.intercept = (request, response) =>
      request.url?.startsWith('/receipt/') === true && answerHtml(status)(request, response)
    await fails(publish(), words)
  })
}

test('another service’s DID', async () => {
  await fails(publish({ did: 'did:web:other.example' }), /W3UP_DID is not the DID of the upload/)
  await fails(publish({ did: 'other.example' }), /W3UP_DID is not a DID/, 'invalid_configuration')
})

test('a key that the proof was not made for', async () => {
  const { key } = await service.createSpace()
  await fails(
    publish({ key }),
    /W3UP_PROOF was made for did:key:\w+, but W3UP_KEY is did:key:/,
    'invalid_configuration',
  )
})

test('a key or a proof that is none', async () => {
  for (const key of ['', 'secret', space.key.slice(0, -3), `${space.key}x`]) {
    await fails(publish({ key }), /W3UP_KEY is not a private key/, 'invalid_configuration')
  }
  for (const proof of ['', 'mAYIEwhMOEqJlcm9v', space.proof.slice(0, 300), space.key]) {
    await fails(publish({ proof }), /W3UP_PROOF is not a delegation/, 'invalid_configuration')
  }
})

test('a proof that has expired, or grants too little', async () => {
  const expired = await service.createSpace({ expiration: 1_700_000_000 })
  await fails(publish(expired), /W3UP_PROOF has expired or/, 'invalid_configuration')
  const little = await service.createSpace({ abilities: ['space/blob/add'] })
  await fails(publish(little), /does not grant space\/index\/add/, 'invalid_configuration')
  assert.deepEqual(service.requests, [], 'no request is needed to know that')
})

test('a proof that its space did not sign', async () => {
  await fails(
    publish(await service.createSpace({ forged: true })),
    /does not accept W3UP_KEY with W3UP_PROOF/,
  )
})

test('a space without storage', async () => {
  await fails(
    publish(await service.createSpace({ provisioned: false })),
    /The space of W3UP_PROOF has no storage.*provision it/,
  )
})

test('a service that is down', async () => {
  const silent = await listenSilently()
  silent.server.close()
  await fails(publish({ url: silent.url }), /could not be reached \(connection refused\)/)
})

test('a service that hangs costs its time-out, once', async () => {
  const { server, url } = await listenSilently()
  let connections = 0
  server.on('connection', () => connections++)
  try {
    const impatient = { ...quick, callMs: 300 }
    const publisher = createW3upPublisher({ ...space, url }, http, systemClock, impatient)
    const attempt = publisher.publish(upload, signal)
    await fails(attempt, /could not be reached \(no answer within 300 ms\)/)
    assert.equal(connections, 1)
  } finally {
    server.close()
  }
})

/** Takes connections and says nothing. */
async function listenSilently() {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return { server, url: `http://127.0.0.1:${port}` }
}

test('a caller who gives up gets their own reason, at once', async () => {
  const reason = new Error('no time left')
  const hangs = [/^POST/, /^GET \/receipt/]
  for (const hang of hangs) {
    const space = await service.createSpace()
    const controller = new AbortController()
    service.intercept = (request) => {
      if (!hang.test(`${request.method} ${request.url}`)) return false
      controller.abort(reason)
      return true
    }
    const started = performance.now()
    await assert.rejects(publish(space, controller.signal), (error) => error === reason)
    assert.ok(performance.now() - started < 10_000)
  }
  await assert.rejects(publish({}, AbortSignal.abort(reason)), (error) => error === reason)
})

test('pages where a service should be', async () => {
  service.intercept = answerHtml(503)
  await fails(publish(), /could not be reached \(HTTP 503\)/)
  service.intercept = answerHtml(404)
  await fails(publish(), /could not be reached \(HTTP 404\)/)
  service.intercept = answerHtml(200)
  await fails(publish(), /The upload service at 127\.0\.0\.1:\d+ refused/)
})

test('a storage host that must not be reached is not reached', async () => {
  const strict = createHttp({ allowedHosts: [], allowPrivate: false })
  const publisher = createW3upPublisher(space, strict, systemClock, quick)
  await fails(publisher.publish(upload, signal), /only https: URLs are fetched/)
  assert.deepEqual(service.blobs(), [])
})
