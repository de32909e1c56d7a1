// Somebody else's bucket, read in ranges with our signature: what it gives, and how it says no.

import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { parseS3Address } from '../../../lib/copies/open-copy.ts'
import { rangesOf } from '../../../lib/copies/range-reader.ts'
import { createS3Copy } from '../../../lib/copies/s3-copy.ts'
import { GreenprintError } from '../../../lib/errors.ts'
import { type FailureKind, SourceFailure } from '../../../lib/model/source-failure.ts'
import { connectS3, type S3Connection } from '../../../lib/store/s3/s3-client.ts'
import { type S3Stub, startS3Stub } from '../../harness/s3-stub.ts'

const signal = new AbortController().signal
const file = Uint8Array.from({ length: 1000 }, (_, at) => at % 251)

let stub: S3Stub
let connection: Promise<S3Connection> | undefined
before(async () => {
  stub = await startS3Stub()
  stub.objects.set('scenes/B4.TIF', {
    body: Buffer.from(file),
    contentType: 'image/tiff',
    etag: '"e"',
  })
})
beforeEach(() => {
  stub.headers.length = 0
  stub.faults.length = 0
})
after(async () => {
  ;(await connection)?.client.destroy()
  await stub.stop()
})

function open(key: string, bucket = stub.bucket) {
  const { endpoint, account } = stub
  const { accessKeyId, secretAccessKey, region } = account
  const credentials = { accessKeyId, secretAccessKey }
  const copy = createS3Copy(bucket, key, () => {
    connection ??= connectS3({ bucket: '', prefix: '', region, endpoint, credentials })
    return connection
  })
  return rangesOf(copy, null)
}

function failsAs(kind: FailureKind, words: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof SourceFailure, String(error))
    assert.equal(error.kind, kind)
    assert.match(error.line, /^s3:/)
    assert.match(error.message, words)
    return true
  }
}

describe('an object of others', () => {
  it('is read in ranges, each request saying that we pay', async () => {
    const ranges = open('scenes/B4.TIF')
    assert.equal(ranges.name, `s3://${stub.bucket}`)
    assert.deepEqual(await ranges.read(10, 20, signal), file.slice(10, 30))
    const [headers] = stub.headers
    assert.equal(headers?.['x-amz-request-payer'], 'requester')
    assert.equal(headers?.range, 'bytes=10-29')
  })

  it('is read whole when it is small enough, and not at all when it is not', async () => {
    assert.deepEqual(await open('scenes/B4.TIF').readWhole(1000, signal), file)
    await assert.rejects(
      open('scenes/B4.TIF').readWhole(999, signal),
      failsAs('oversized', /1000 bytes/),
    )
  })

  it('that is not there, or is shorter, is told so', async () => {
    await assert.rejects(
      open('scenes/B5.TIF').read(0, 1, signal),
      failsAs('absent', /no such object/),
    )
    await assert.rejects(
      open('scenes/B4.TIF').read(990, 20, signal),
      failsAs('refused', /less than the range/),
    )
  })

  for (const [status, kind] of [
    [403, 'refused'],
    [429, 'busy'],
    [500, 'broken'],
    [503, 'busy'],
  ] as const) {
    it(`answered with ${status} is ${kind}`, async () => {
      // The SDK asks three times where it thinks that it helps.
      const refusal = { status, code: 'Refused' }
      for (let left = 3; left > 0; left--)
        stub.faults.push({ method: 'GET', kind: 'refuse', refusal })
      const words = new RegExp(`S3 answered ${status}`)
      await assert.rejects(open('scenes/B4.TIF').read(0, 1, signal), failsAs(kind, words))
    })
  }

  it('of a service out of reach is broken', async () => {
    const gone = rangesOf(
      createS3Copy('bucket', 'key', () => Promise.reject(new Error('no network'))),
      null,
    )
    await assert.rejects(gone.read(0, 1, signal), failsAs('broken', /S3 could not be reached/))
  })

  it('of a service that ignores ranges is refused', async () => {
    const odd = rangesOf(
      createS3Copy('bucket', 'key', () =>
        Promise.reject(new GreenprintError('store_failed', 'does not honour Range')),
      ),
      null,
    )
    await assert.rejects(odd.read(0, 1, signal), failsAs('refused', /does not honour Range/))
  })

  it('stops being read when the caller leaves', async () => {
    const gone = AbortSignal.abort(new Error('had enough'))
    await assert.rejects(open('scenes/B4.TIF').read(0, 1, gone), /had enough/)
  })
})

it('an s3 address is a bucket and a key', () => {
  assert.deepEqual(parseS3Address('s3://usgs-landsat/collection02/a/B4.TIF'), {
    bucket: 'usgs-landsat',
    key: 'collection02/a/B4.TIF',
  })
  for (const text of ['s3://bucket', 's3://bucket/', 'https://bucket/key', 's3:///key']) {
    assert.equal(parseS3Address(text), null, text)
  }
})
