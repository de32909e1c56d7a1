// The S3 store against a strict stub on loopback: signatures, checksums, conditions, parts, and what it says when
// refused.
// Long: many situations of one subject, on one set of servers and helpers.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { after, before, beforeEach, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { S3Config } from '../../../../lib/config/config.ts'
import { GreenprintError } from '../../../../lib/errors.ts'
import type { FileContent } from '../../../../lib/store/file-content.ts'
import { heedsConditions } from '../../../../lib/store/heeds-conditions.ts'
import type { ObjectStore } from '../../../../lib/store/objects.ts'
import { createS3Store, type S3Store } from '../../../../lib/store/s3/s3.ts'
import { createForeignObjects, type ForeignObjects } from '../../../../lib/store/s3/s3-documents.ts'
import { type S3Fault, type S3Stub, startS3Stub } from '../../../harness/s3-stub.ts'
import { objectStoreSuite } from '../object-store-suite.ts'

const signal = new AbortController().signal
const bytes = (text: string) => new TextEncoder().encode(text)
const MEBIBYTE = 1024 * 1024

let stub: S3Stub
let store: S3Store
const opened: S3Store[] = []

before(async () => {
  stub = await startS3Stub()
  store = open({})
})
beforeEach(() => {
  stub.requests.length = 0
  stub.faults.length = 0
})
after(async () => {
  await Promise.all(opened.map((each) => each.close()))
  await stub.stop()
})

/** A store on the stub, with some of its settings wrong. */
function open(changes: Partial<S3Config>): S3Store {
  const { accessKeyId, secretAccessKey, region } = stub.account
  const made = createS3Store({
    bucket: stub.bucket,
    prefix: 'deployments/one',
    region,
    endpoint: stub.endpoint,
    credentials: { accessKeyId, secretAccessKey },
    ...changes,
  })
  opened.push(made)
  return made
}

/** The bucket beyond the prefix. */
function foreign(): ForeignObjects {
  const { accessKeyId, secretAccessKey, region } = stub.account
  const { bucket, endpoint } = stub
  const credentials = { accessKeyId, secretAccessKey }
  return createForeignObjects({ bucket, prefix: '', region, endpoint, credentials })
}

objectStoreSuite('S3 stub', () => store)

test('objects lie below the prefix, with their content type', async () => {
  await store.put('a/figure.png', bytes('png'), { contentType: 'image/png' }, signal)
  const found = stub.objects.get('deployments/one/a/figure.png')
  assert.equal(found?.contentType, 'image/png')
  assert.equal(store.name, 's3://maps/deployments/one')
  assert.equal(open({ prefix: '' }).name, 's3://maps')
})

test('the bucket is in the path, also where the host has a name', async () => {
  const named = open({ endpoint: stub.endpoint.replace('127.0.0.1', 'localhost') })
  assert.ok((await named.put('named', bytes('x'), {}, signal)).written)
})

test('what breaks off is read again, three times in all, and is never half an object', async () => {
  const body = bytes('x'.repeat(100_000))
  await store.put('read', body, {}, signal)
  const cut: S3Fault = { method: 'GET', kind: 'cut' }
  const key = 'deployments/one/read'
  const reads = [
    async () => (await store.get('read', signal))?.body,
    () => store.getRange('read', 10, 50_000, signal),
    async () => (await foreign().get({ key, version: null }, body.length, signal))?.body,
  ]
  for (const read of reads) {
    stub.requests.length = 0
    stub.faults.push(cut, cut)
    assert.ok((await read())?.every((letter) => letter === 120))
    assert.equal(stub.requests.length, 3)
    stub.faults.push(cut, cut, cut)
    await fails(read(), /could not be reached/)
    assert.equal(stub.faults.length, 0)
  }
})

test('more than 8 MiB goes in parts, one byte less does not', async () => {
  const body = new Uint8Array(8 * MEBIBYTE + 1).map((_, index) => index % 251)
  const whole = body.subarray(1)
  assert.ok((await store.put('whole', whole, {}, signal)).written)
  assert.deepEqual(stub.requests, ['PUT deployments/one/whole'])
  const outcome = await store.put('parts', body, { contentType: 'image/tiff' }, signal)
  assert.equal(stub.requests.filter((request) => request.includes('?partNumber')).length, 2)
  const stored = stub.objects.get('deployments/one/parts')
  assert.deepEqual(outcome, { written: true, etag: stored?.etag })
  assert.equal(stored?.contentType, 'image/tiff')
  assert.ok(stored.body.equals(body))
})

test('an upload in parts heeds its conditions', async () => {
  const body = new Uint8Array(9 * MEBIBYTE)
  const first = await store.put('big', body, { ifNoneMatch: '*' }, signal)
  assert.ok(first.written)
  assert.deepEqual(await store.put('big', body, { ifNoneMatch: '*' }, signal), { written: false })
  assert.deepEqual(await store.put('big', body, { ifMatch: '"0"' }, signal), { written: false })
  assert.deepEqual(await store.put('other', body, { ifMatch: '"0"' }, signal), { written: false })
  const begun = stub.requests.filter((request) => request.endsWith('?uploads'))
  assert.equal(begun.length, 1, 'what cannot be written is not sent')
  assert.ok((await store.put('big', body, { ifMatch: first.etag }, signal)).written)
  assert.equal(stub.uploads.size, 0)
})

test('an upload in parts that meets a rival at its end writes nothing and leaves no parts', async () => {
  const body = new Uint8Array(9 * MEBIBYTE)
  const put = store.put('rival', body, { ifNoneMatch: '*' }, signal)
  while (stub.uploads.size === 0) await setImmediate()
  const rival = { body: Buffer.from('rival'), etag: '"1"', contentType: '' }
  stub.objects.set('deployments/one/rival', rival)
  assert.deepEqual(await put, { written: false })
  assert.equal(stub.objects.get('deployments/one/rival'), rival)
  assert.equal(stub.uploads.size, 0)
})

test('an upload in parts that fails, or is given up, is aborted', async () => {
  const body = new Uint8Array(9 * MEBIBYTE)
  const refusal = { status: 403, code: 'AccessDenied' }
  stub.faults.push({ method: 'PUT', operation: 'partNumber', kind: 'refuse', refusal })
  await assert.rejects(store.put('failing', body, {}, signal), { code: 'store_failed' })
  assert.equal(stub.uploads.size, 0)

  const reason = new Error('no time left')
  const controller = new AbortController()
  stub.faults.push({ method: 'PUT', operation: 'partNumber', kind: 'hang' })
  setTimeout(() => controller.abort(reason), 200)
  await assert.rejects(
    store.put('given-up', body, {}, controller.signal),
    (error) => error === reason,
  )
  assert.equal(stub.uploads.size, 0)
  assert.equal(stub.objects.has('deployments/one/given-up'), false)
})

/** A file in pieces of a length that fits no part. */
function inPieces(body: Uint8Array<ArrayBuffer>, size = body.length): FileContent {
  return {
    size,
    async *pieces() {
      for (let at = 0; at < body.length; at += 3_000_001) yield body.subarray(at, at + 3_000_001)
    },
  }
}

test('a file in pieces goes in parts of 8 MiB, or whole where that is enough', async () => {
  const body = new Uint8Array(17 * MEBIBYTE).map((_, index) => index % 251)
  const options = { ifNoneMatch: '*', contentType: 'image/tiff' } as const
  assert.ok((await store.putContent('pieces', inPieces(body), options, signal)).written)
  const stored = stub.objects.get('deployments/one/pieces')
  assert.ok(stored?.body.equals(body))
  assert.equal(stored?.contentType, 'image/tiff')
  assert.equal(stub.requests.filter((request) => request.includes('?partNumber')).length, 3)
  stub.requests.length = 0
  const again = await store.putContent('pieces', inPieces(body), options, signal)
  assert.deepEqual(again, { written: false })
  assert.deepEqual(stub.requests, ['HEAD deployments/one/pieces'])
  const even = body.subarray(0, 8 * MEBIBYTE)
  assert.ok((await store.putContent('even', inPieces(even), {}, signal)).written)
  assert.ok(stub.objects.get('deployments/one/even')?.body.equals(even))
  assert.equal(stub.requests.at(-1), 'PUT deployments/one/even')
})

test('a file that is not as long as it says is not kept', async () => {
  const body = new Uint8Array(16 * MEBIBYTE)
  for (const size of [body.length - 1, body.length + 1, 9 * MEBIBYTE]) {
    const put = store.putContent('liar', inPieces(body, size), {}, signal)
    await assert.rejects(put, RangeError)
    assert.equal(stub.objects.has('deployments/one/liar'), false)
    assert.equal(stub.uploads.size, 0)
  }
})

test('an address lets a stranger read one object, as what it is said to be', async () => {
  await store.put('shared', bytes('map'), { contentType: 'text/html' }, signal)
  stub.requests.length = 0
  const download = { contentType: 'image/tiff; application=geotiff', fileName: 'ndvi.tif' }
  const address = await store.presign('shared', download, signal)
  assert.deepEqual(stub.requests, [], 'nothing is sent for it')
  const response = await fetch(address)
  assert.equal(await response.text(), 'map')
  assert.equal(response.headers.get('content-type'), 'image/tiff; application=geotiff')
  assert.equal(response.headers.get('content-disposition'), 'attachment; filename="ndvi.tif"')
  assert.equal(new URL(address).searchParams.get('X-Amz-Expires'), '300')
  assert.ok(!decodeURIComponent(address).includes(stub.account.secretAccessKey))
})

test('an address is for nothing else', async () => {
  await store.put('shown', bytes('map'), {}, signal)
  await store.put('hidden', bytes('key'), {}, signal)
  const download = { contentType: 'image/png', fileName: 'a.png' }
  const address = await store.presign('shown', download, signal)
  const altered = [
    address.replace('/shown?', '/hidden?'),
    address.replace('image%2Fpng', 'text%2Fhtml'),
    address.replace('X-Amz-Expires=300', 'X-Amz-Expires=3000'),
    address.replace(/&X-Amz-Signature=\w+/, ''),
  ]
  for (const other of altered) {
    assert.notEqual(other, address)
    assert.equal((await fetch(other)).status, 403, other)
  }
  assert.equal((await fetch(address, { method: 'PUT', body: 'x' })).status, 403)
  assert.equal(stub.objects.get('deployments/one/shown')?.body.toString(), 'map')
})

test('an address is over after five minutes', async (t) => {
  await store.put('brief', bytes('map'), {}, signal)
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
  const address = await store.presign('brief', { contentType: 'a/b', fileName: 'a' }, signal)
  t.mock.timers.tick(298_000)
  assert.equal((await fetch(address)).status, 200)
  t.mock.timers.tick(3_000)
  assert.equal((await fetch(address)).status, 403)
})

test('a failing service is asked again', async () => {
  const refusal = { status: 500, code: 'InternalError' }
  stub.faults.push({ method: 'PUT', kind: 'refuse', refusal }, { method: 'PUT', kind: 'reset' })
  assert.ok((await store.put('again', bytes('x'), {}, signal)).written)
  assert.equal(stub.requests.length, 3)
})

test('a reply that got lost does not turn our own write into a rival’s', async () => {
  stub.faults.push({ method: 'PUT', kind: 'lose' })
  const outcome = await store.put('lost', bytes('ours'), { ifNoneMatch: '*' }, signal)
  assert.deepEqual(outcome, {
    written: true,
    etag: stub.objects.get('deployments/one/lost')?.etag,
  })
  stub.faults.push({ method: 'PUT', kind: 'reset' })
  const rival = await store.put('lost', bytes('theirs'), { ifNoneMatch: '*' }, signal)
  assert.deepEqual(rival, { written: false })
})

test('an upload in parts whose last answer got lost is done', async () => {
  const large = new Uint8Array(9 * 1024 * 1024).fill(7)
  const lost: S3Fault = { method: 'POST', operation: 'uploadId', kind: 'lose' }
  for (const [key, options] of [
    ['parts', {}],
    ['parts-once', { ifNoneMatch: '*' }],
  ] as const) {
    stub.faults.push(lost)
    const outcome = await store.put(key, large, options, signal)
    const etag = stub.objects.get(`deployments/one/${key}`)?.etag
    assert.deepEqual(outcome, { written: true, etag })
    assert.deepEqual(await store.put(key, large, { ifNoneMatch: '*' }, signal), { written: false })
  }
  const refusal = { status: 404, code: 'NoSuchUpload' }
  stub.faults.push({ method: 'POST', operation: 'uploadId', kind: 'refuse', refusal })
  await fails(store.put('ended', large, {}, signal), /refused the request \(404 NoSuchUpload\)/)
  assert.equal(stub.uploads.size, 0)
})

test('a service that compares etags without their quotes is asked in its own way', async () => {
  const first = await store.put('quotes', bytes('1'), {}, signal)
  assert.ok(first.written)
  assert.match(first.etag, /^".*"$/)
  stub.requests.length = 0
  const refusal = { status: 412, code: 'PreconditionFailed' }
  stub.faults.push({ method: 'PUT', kind: 'refuse', refusal })
  assert.ok((await store.put('quotes', bytes('2'), { ifMatch: first.etag }, signal)).written)
  assert.deepEqual(
    stub.requests.map((request) => request.split(' ')[0]),
    ['PUT', 'HEAD', 'PUT'],
  )
  stub.faults.push({ method: 'PUT', kind: 'refuse', refusal })
  const stale = await store.put('quotes', bytes('3'), { ifMatch: first.etag }, signal)
  assert.deepEqual(stale, { written: false })
  assert.equal(stub.objects.get('deployments/one/quotes')?.body.toString(), '2')
})

test('a conflict between writers is tried again, and told when it lasts', async () => {
  const refusal = { status: 409, code: 'ConditionalRequestConflict' }
  const conflict: S3Fault = { method: 'PUT', kind: 'refuse', refusal }
  stub.faults.push(conflict, conflict)
  assert.ok((await store.put('busy', bytes('x'), { ifNoneMatch: '*' }, signal)).written)
  stub.faults.push(conflict, conflict, conflict, conflict)
  await fails(store.put('busier', bytes('x'), { ifNoneMatch: '*' }, signal), /busy: try again/)
})

test('a service that hangs is left when the caller’s time is up', async () => {
  const reason = new Error('no time left')
  for (const method of ['GET', 'PUT', 'HEAD']) {
    stub.faults.push({ method, kind: 'hang' })
    const soon = new AbortController()
    setTimeout(() => soon.abort(reason), 30)
    const attempt =
      method === 'GET'
        ? store.get('x', soon.signal)
        : method === 'PUT'
          ? store.put('x', bytes('x'), {}, soon.signal)
          : store.size('x', soon.signal)
    await assert.rejects(attempt, (error) => error === reason)
  }
})

test('every refusal says what to do', async () => {
  const { accessKeyId, secretAccessKey } = stub.account
  const other = { accessKeyId, secretAccessKey: 'another/secret' }
  const stranger = { accessKeyId: 'STRANGER', secretAccessKey }
  await fails(open({ credentials: other }).get('x', signal), /S3_SECRET_ACCESS_KEY does not belong/)
  await fails(open({ credentials: stranger }).get('x', signal), /correct S3_ACCESS_KEY_ID/)
  await fails(open({ bucket: 'nowhere' }).get('x', signal), /no bucket "nowhere".*S3_BUCKET/)
  await fails(
    open({ bucket: 'nowhere' }).put('x', bytes('x'), { ifMatch: '"0"' }, signal),
    /no bucket/,
  )
  await fails(
    open({ region: 'us-east-1' }).get('x', signal),
    /not in us-east-1: set S3_REGION to eu-west-9/,
  )
  await fails(
    open({ endpoint: 'http://127.0.0.1:1' }).get('x', signal),
    /127\.0\.0\.1:1 could not be reached \(connection refused\).*S3_ENDPOINT/,
  )
})

test('a service that cannot write under a condition, or with a checksum, is told as that', async () => {
  const message = 'Unsupported header &#39;x-amz-checksum-sha256&#39; received for this API call.'
  for (const refusal of [
    { status: 501, code: 'NotImplemented' },
    { status: 400, code: 'InvalidArgument', message },
  ]) {
    for (let at = 0; at < 3; at++) stub.faults.push({ method: 'PUT', kind: 'refuse', refusal })
    const words = /needs \(\d+\): writes under If-None-Match and If-Match, and SHA-256/
    await fails(store.put('x', bytes('x'), { ifNoneMatch: '*' }, signal), words)
    stub.faults.length = 0
  }
})

test('a store that heeds no conditions is known', async () => {
  assert.equal(await heedsConditions(store, signal), true)
  const careless: Pick<ObjectStore, 'put'> = {
    put: (key, body, _, until) => store.put(key, body, {}, until),
  }
  assert.equal(await heedsConditions(careless, signal), false)
  const half: Pick<ObjectStore, 'put'> = {
    put: (key, body, options, until) =>
      store.put(key, body, options.ifMatch === undefined ? options : {}, until),
  }
  assert.equal(await heedsConditions(half, signal), false)
})

test('what is denied is told by the right and the folder that it needs', async () => {
  const refusal = { status: 403, code: 'AccessDenied' }
  const large = new Uint8Array(9 * MEBIBYTE)
  const own = foreign()
  for (const [method, ask, words] of [
    ['GET', () => store.get('a/b/c', signal), 's3:GetObject on maps/deployments/\\*'],
    ['HEAD', () => store.size('a', signal), 's3:GetObject on maps/deployments/\\*'],
    ['GET', () => store.list('a', null, 9, signal), 's3:ListBucket on maps\\.'],
    ['PUT', () => store.put('a', bytes('x'), {}, signal), 's3:PutObject on maps/dep'],
    ['POST', () => store.put('a', large, {}, signal), 's3:PutObject on maps/deployments'],
    [
      'GET',
      () => own.get({ key: 'incoming/x', version: '1' }, 9, signal),
      's3:GetObjectVersion on maps/incoming/\\*',
    ],
  ] as const) {
    const operation = method === 'POST' ? 'uploads' : ''
    stub.faults.push({ method, operation, kind: 'refuse', refusal })
    await fails(ask(), new RegExp(`denies access.*allow ${words}`))
    stub.faults.length = 0
  }
})

test('the refusals of a service are told apart', async () => {
  for (const [status, code, words] of [
    [403, 'AccessDenied', /denies access.*s3:GetObject.*s3:ListBucket/],
    [403, 'RequestTimeTooSkewed', /clock/],
    [400, 'ExpiredToken', /renew the credentials/],
    [400, 'InvalidRequest', /refused the request \(400 InvalidRequest\)/],
    [301, 'PermanentRedirect', /set S3_REGION to the region it is in/],
    [501, 'NotImplemented', /does not do what a store needs \(501\)/],
  ] as const) {
    stub.faults.push({ method: 'GET', kind: 'refuse', refusal: { status, code } })
    await fails(store.get('x', signal), words)
    stub.faults.length = 0
  }
})

test('a page that is no S3 at all is refused', async () => {
  const server = createServer((_, response) => response.writeHead(200).end('<html>Welcome</html>'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const page = open({ endpoint: `http://127.0.0.1:${port}` })
    await fails(page.get('x', signal), /ETag/)
    await fails(page.getRange('x', 0, 4, signal), /Range/)
    await fails(page.size('x', signal), /ETag/)
    await fails(page.put('x', bytes('x'), {}, signal), /ETag/)
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test('a role’s credentials are never sent to another service', () => {
  const { endpoint, bucket } = stub
  assert.throws(() => createS3Store({ bucket, prefix: '', region: 'us-east-1', endpoint }), {
    code: 'invalid_configuration',
  })
})

/** One sentence or two, about the matter, without a secret. */
async function fails(attempt: Promise<unknown>, words: RegExp): Promise<void> {
  await assert.rejects(attempt, (error) => {
    assert.ok(error instanceof GreenprintError, String(error))
    assert.equal(error.code, 'store_failed')
    assert.match(error.message, words)
    assert.doesNotMatch(error.message, /secret\/|secret\+|another\/secret|Signature=/)
    assert.ok(error.message.length < 250)
    return true
  })
}
