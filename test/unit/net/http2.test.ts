// A server that offers HTTP/2: many answers on one connection, and its ways to end one.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import {
  constants,
  createSecureServer,
  type Http2ServerResponse,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { HttpFailure } from '../../../lib/net/failure.ts'
import { createHttp } from '../../../lib/net/http.ts'
import { makeCertificate, trust } from '../../harness/certificate.ts'

const signal = new AbortController().signal
const limits = { maxBytes: 1_000_000, firstByteMs: 5_000, stallMs: 5_000, totalMs: 5_000 }
const BODY = Buffer.alloc(100_000, 7)

const certificate = makeCertificate()
const server = createSecureServer({ ...certificate, allowHTTP1: true })
const sessions = new Set<ServerHttp2Session>()
let url = ''
/** Requests over HTTP/1.1. */
const apart: { readonly response: Http2ServerResponse; readonly socket: unknown }[] = []
const APART = 4
/** Streams of /never that ended; each pushes a line. */
const ended: string[] = []

before(async () => {
  trust(certificate)
  server.on('session', (session) => sessions.add(session))
  server.on('stream', (stream, headers) => answer(stream, headers[':path'] ?? ''))
  server.on('request', ({ httpVersion, socket }, response) => {
    if (httpVersion === '2.0') return
    apart.push({ response, socket })
    // None is answered before all are here.
    if (apart.length === APART) for (const each of apart) each.response.end(BODY)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only a pipe's address is a string
  const { port } = server.address() as AddressInfo
  url = `https://127.0.0.1:${port}`
})
after(() => {
  for (const session of sessions) session.destroy()
  server.close()
})

function answer(stream: ServerHttp2Stream, path: string): void {
  stream.on('error', () => undefined)
  if (path === '/whole') {
    stream.respond({ ':status': 200, 'content-length': BODY.length })
    stream.end(BODY)
  } else if (path === '/calm') {
    stream.respond({ ':status': 200, 'content-length': BODY.length })
    stream.write(BODY.subarray(0, 1000))
    stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM)
  } else if (path === '/away') {
    stream.session?.close()
    stream.respond({ ':status': 200 })
    stream.end(BODY)
  } else {
    // Begun, and never ended.
    stream.on('close', () => ended.push(path))
    stream.respond({ ':status': 200 })
    stream.write(BODY.subarray(0, 1000))
  }
}

function get(
  path: string,
  http = createHttp({ allowedHosts: [], allowPrivate: true }),
  waiting = signal,
) {
  return http.request(`${url}${path}`, limits, waiting)
}

describe('a server with HTTP/2', () => {
  it('gives forty answers at once on one connection', async () => {
    const before = sessions.size
    const http = createHttp({ allowedHosts: [], allowPrivate: true })
    const replies = await Promise.all(Array.from({ length: 40 }, () => get('/whole', http)))
    for (const { body } of replies) assert.ok(BODY.equals(body))
    assert.equal(sessions.size - before, 1)
  })

  it('is not asked about it where answers are to come apart: each has a connection at once', async () => {
    const http = createHttp({ allowedHosts: [], allowPrivate: true })
    const before = sessions.size
    const request = { ...limits, apart: true }
    const replies = await Promise.all(
      Array.from({ length: APART }, () => http.request(`${url}/whole`, request, signal)),
    )
    for (const { body } of replies) assert.ok(BODY.equals(body))
    assert.equal(new Set(apart.map(({ socket }) => socket)).size, APART)
    assert.equal(sessions.size, before)
  })

  it('alone is asked over it, though answers were to come apart, and each time after at once', async (t) => {
    const alone = createSecureServer({ ...certificate, allowHTTP1: false })
    let refused = 0
    alone.on('stream', (stream) => answer(stream, '/whole'))
    alone.on('session', (session) => sessions.add(session))
    alone.on('tlsClientError', () => refused++)
    alone.listen(0, '127.0.0.1')
    await once(alone, 'listening')
    t.after(() => alone.close())
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only a pipe's address is a string
    const { port } = alone.address() as AddressInfo
    const http = createHttp({ allowedHosts: [], allowPrivate: true })
    const ask = () =>
      http.request(`https://127.0.0.1:${port}/whole`, { ...limits, apart: true }, signal)
    assert.ok(BODY.equals((await ask()).body))
    assert.equal(refused, 1)
    assert.ok(BODY.equals((await ask()).body))
    assert.equal(refused, 1)
  })

  it('that cuts an answer short has failed, by name', async () => {
    await assert.rejects(get('/calm'), (error: unknown) => {
      assert.ok(error instanceof HttpFailure, String(error))
      assert.equal(error.kind, 'broken')
      return true
    })
  })

  it('that goes away answers on a new connection', async () => {
    const http = createHttp({ allowedHosts: [], allowPrivate: true })
    assert.ok(BODY.equals((await get('/away', http)).body))
    assert.ok(BODY.equals((await get('/whole', http)).body))
  })

  it('hears at once that nobody waits any more', async () => {
    const asked = new AbortController()
    const reply = get('/never', undefined, asked.signal)
    setTimeout(() => asked.abort(new Error('gone')), 100)
    await assert.rejects(reply)
    for (let tries = 0; tries < 50 && ended.length === 0; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    assert.deepEqual(ended, ['/never'])
  })
})
