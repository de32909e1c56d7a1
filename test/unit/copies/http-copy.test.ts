// Ranges of a plain copy by its address: the right answer, and everything that is none.

import assert from 'node:assert/strict'
import type { IncomingHttpHeaders, RequestListener } from 'node:http'
import { describe, it } from 'node:test'
import { systemClock } from '../../../lib/async/clock.ts'
import { createHttpCopy } from '../../../lib/copies/http-copy.ts'
import { rangesOf } from '../../../lib/copies/range-reader.ts'
import { type FailureKind, SourceFailure } from '../../../lib/model/source-failure.ts'
import { createHttp } from '../../../lib/net/http.ts'
import { unsigned } from '../../harness/signers.ts'
import { nobody, serve } from '../net/loopback.ts'

const signal = new AbortController().signal
const open = { allowedHosts: [], allowPrivate: true }
const file = Uint8Array.from({ length: 1_000 }, (_, at) => at % 251)

async function readerOf(answer: RequestListener) {
  const origin = await serve(answer)
  return { origin, reader: readerAt(`${origin}/scene/B4.TIF?sig=secret`) }
}

function readerAt(url: string, policy = open) {
  const copy = createHttpCopy(url, createHttp(policy), unsigned, systemClock)
  assert.ok(copy)
  return rangesOf(copy, null)
}

const part =
  (told: string, body: Uint8Array = file.subarray(10, 30)): RequestListener =>
  (_, response) =>
    response.writeHead(206, { 'content-range': told }).end(body)

function failsAs(kind: FailureKind, message: string, retryAfterMs: number | null = null) {
  return (error: unknown) => {
    assert.ok(error instanceof SourceFailure, String(error))
    assert.deepEqual([error.kind, error.message, error.retryAfterMs], [kind, message, retryAfterMs])
    return true
  }
}

describe('a range', () => {
  it('is asked for by its first and last byte, unencoded; the address stays out of the name', async () => {
    let asked: { url: string | undefined; headers: IncomingHttpHeaders } | undefined
    const { origin, reader } = await readerOf((request, response) => {
      asked = { url: request.url, headers: request.headers }
      part('bytes 10-29/1000')(request, response)
    })
    assert.deepEqual(await reader.read(10, 20, signal), file.slice(10, 30))
    assert.equal(reader.name, origin)
    assert.equal(asked?.url, '/scene/B4.TIF?sig=secret')
    assert.equal(asked?.headers.range, 'bytes=10-29')
    assert.equal(asked?.headers['accept-encoding'], 'identity')
  })

  it('of a file whose length the server does not know is a range', async () => {
    const { reader } = await readerOf(part('bytes 10-29/*'))
    assert.deepEqual(await reader.read(10, 20, signal), file.slice(10, 30))
  })

  it('answered with 200 is what its Content-Range says', async () => {
    const { reader } = await readerOf((_, response) =>
      response.writeHead(200, { 'content-range': 'bytes 10-29/1000' }).end(file.subarray(10, 30)),
    )
    assert.deepEqual(await reader.read(10, 20, signal), file.slice(10, 30))
  })

  const wrong: readonly (readonly [string, RequestListener, string])[] = [
    ['another one', part('bytes 0-19/1000'), 'answered another range (bytes 0-19/1000)'],
    ['a longer one', part('bytes 10-290/1000'), 'answered another range (bytes 10-290/1000)'],
    [
      'a shorter body',
      part('bytes 10-29/1000', file.subarray(10, 29)),
      'answered less than the range',
    ],
    ['a longer body', part('bytes 10-29/1000', file), 'answered more than the range'],
    [
      'no word of which',
      (_, response) => response.writeHead(206).end(file.subarray(10, 30)),
      'answered another range (none)',
    ],
    ['the whole file', (_, response) => response.end(file), 'does not answer ranges'],
    ['a short page', (_, response) => response.end('<p>no'), 'does not answer ranges'],
  ]
  for (const [name, answer, message] of wrong) {
    it(`answered with ${name} is no answer`, async () => {
      const { reader } = await readerOf(answer)
      await assert.rejects(reader.read(10, 20, signal), failsAs('refused', message))
    })
  }

  for (const [status, kind] of [
    [404, 'absent'],
    [408, 'slow'],
    [416, 'refused'],
    [429, 'busy'],
    [500, 'broken'],
    [502, 'broken'],
    [503, 'busy'],
    [504, 'slow'],
  ] as const) {
    it(`answered with ${status} is ${kind}, until the time that the server names`, async () => {
      const { reader } = await readerOf((_, response) =>
        response.writeHead(status, { 'retry-after': '7' }).end(),
      )
      await assert.rejects(reader.read(0, 5, signal), failsAs(kind, `HTTP ${status}`, 7_000))
    })
  }

  it('answered with 403 may want a login, or lack the file', async () => {
    const { reader } = await readerOf((_, response) => response.writeHead(403).end())
    const words = 'wants a login or a signature, or has no such file: HTTP 403'
    await assert.rejects(reader.read(0, 5, signal), failsAs('refused', words))
  })

  it('of nobody is a broken connection', async () => {
    const reader = readerAt(await nobody())
    await assert.rejects(reader.read(0, 5, signal), failsAs('broken', 'connection refused'))
  })

  it('of a private host is refused where the policy says so', async () => {
    const closed = { allowedHosts: [], allowPrivate: false }
    const reader = readerAt('https://127.0.0.1/B4.TIF', closed)
    const message = '127.0.0.1 is not a public host.'
    await assert.rejects(reader.read(0, 5, signal), failsAs('refused', message))
  })

  it('that nobody waits for any more gives the reader’s own reason', async () => {
    const { reader } = await readerOf(() => undefined)
    const gone = new AbortController()
    const read = reader.read(0, 5, gone.signal)
    gone.abort(new Error('had enough'))
    await assert.rejects(read, /had enough/)
  })
})

describe('a whole file', () => {
  it('is read when it is small enough, and not when it is larger', async () => {
    const { reader } = await readerOf((_, response) =>
      response.writeHead(200, { 'content-length': file.length }).end(file),
    )
    assert.deepEqual(await reader.readWhole(1_000, signal), file)
    const message = 'the file has 1000 bytes'
    await assert.rejects(reader.readWhole(999, signal), failsAs('oversized', message))
  })

  it('may be told as a range of all its bytes', async () => {
    const told = { 'content-length': 1_000, 'content-range': 'bytes 0-999/1000' }
    const { reader } = await readerOf((_, response) => response.writeHead(200, told).end(file))
    assert.deepEqual(await reader.readWhole(2_000, signal), file)
  })

  it('without a length is not read', async () => {
    const { reader } = await readerOf((_, response) => {
      response.write(file)
      response.end()
    })
    const message = 'does not tell the size of the file'
    await assert.rejects(reader.readWhole(1_000, signal), failsAs('refused', message))
  })

  it('that is not there is told by its status', async () => {
    const { reader } = await readerOf((_, response) => response.writeHead(404).end())
    await assert.rejects(reader.readWhole(10, signal), failsAs('absent', 'HTTP 404'))
  })
})

it('what is no address has no reader', () => {
  assert.equal(createHttpCopy('not an address', createHttp(open), unsigned, systemClock), null)
})
