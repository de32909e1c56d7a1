// The only fetch, against servers that redirect, stall, drip, lie about their length, or are not there.
// Long: many situations of one subject, on one set of servers and helpers.

import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { HttpFailure } from '../../../lib/net/failure.ts'
import { createHttp, type HttpRequest } from '../../../lib/net/http.ts'
import { listenUntilTheEnd, nobody, serve, serveTcp } from './loopback.ts'

const signal = new AbortController().signal
const limits = { maxBytes: 10_000, firstByteMs: 5_000, stallMs: 5_000, totalMs: 5_000 }
const local = createHttp({ allowedHosts: [], allowPrivate: true })
const open = createHttp({ allowedHosts: [], allowPrivate: false })

function get(url: string, request: Partial<HttpRequest> = {}, http = local) {
  return http.request(url, { ...limits, ...request }, signal)
}

function failsWith(kind: HttpFailure['kind'], words: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof HttpFailure, String(error))
    assert.equal(error.kind, kind)
    assert.match(error.message, words)
    return true
  }
}

const isRefused = { code: 'host_refused' }
const text = (body: Uint8Array) => new TextDecoder().decode(body)

/** A server that remembers what it was asked. */
async function remembering(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ url: string; asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = []
  const url = await serve((request, response) => {
    asked.push(request)
    answer(request, response)
  })
  return { url, asked }
}

const redirectTo = (location: string, status = 302) =>
  remembering((_, response) => response.writeHead(status, { location }).end('moved'))

describe('a whole answer', () => {
  it('leaves its connection to the request that follows from it', async () => {
    const { url, asked } = await remembering((_, response) => response.end('hello'))
    const http = createHttp({ allowedHosts: [], allowPrivate: true })
    await get(`${url}/a`, {}, http)
    const next = ['/b', '/c'].map((path) => get(`${url}${path}`, {}, http))
    await next[0]
    await get(`${url}/d`, {}, http)
    await Promise.all(next)
    assert.equal(new Set(asked.map(({ socket }) => socket)).size, 2)
  })

  it('has its status, headers, address and body', async () => {
    const { url } = await remembering((_, response) =>
      response.writeHead(203, { 'x-name': 'value' }).end('hello'),
    )
    const reply = await get(`${url}/a?b=c`)
    assert.equal(reply.status, 203)
    assert.equal(reply.headers.get('X-Name'), 'value')
    assert.equal(reply.headers.get('x-other'), null)
    assert.equal(reply.url, `${url}/a?b=c`)
    assert.equal(text(reply.body), 'hello')
    assert.equal(reply.body.buffer.byteLength, reply.body.byteLength)
  })

  it('is asked for with the method, the headers and the body given, and without compression', async () => {
    let received = ''
    const { url, asked } = await remembering((request, response) => {
      request.on('data', (part: Buffer) => (received += part.toString()))
      request.on('end', () => response.end())
    })
    await get(url, { method: 'POST', headers: { 'content-type': 'text/x' }, body: '{"a":1}' })
    assert.equal(asked[0]?.method, 'POST')
    assert.equal(asked[0]?.headers['content-type'], 'text/x')
    assert.equal(asked[0]?.headers['accept-encoding'], 'identity')
    assert.equal(received, '{"a":1}')
  })

  it('of HEAD has no body, however long it says that is', async () => {
    const { url } = await remembering((_, response) =>
      response.writeHead(200, { 'content-length': 1_000_000 }).end(),
    )
    const reply = await get(url, { method: 'HEAD' })
    assert.equal(reply.headers.get('content-length'), '1000000')
    assert.equal(reply.body.length, 0)
  })

  it('may be a redirect status without a location', async () => {
    const { url } = await remembering((_, response) => response.writeHead(304).end())
    assert.equal((await get(url)).status, 304)
  })

  it('other than 2xx keeps the first 4 KiB of its body, whatever cap and length', async () => {
    const { url } = await remembering((request, response) =>
      response.writeHead(request.url === '/404' ? 404 : 500).end('x'.repeat(100_000)),
    )
    for (const status of [404, 500]) {
      const reply = await get(`${url}/${status}`, { maxBytes: 10 })
      assert.equal(reply.status, status)
      assert.ok(text(reply.body) === 'x'.repeat(4096), `${reply.body.length} bytes`)
    }
  })
})

describe('a redirect', () => {
  it('is followed, relative ones too, and the last address is told', async () => {
    const { url } = await remembering((request, response) => {
      if (request.url === '/a') response.writeHead(301, { location: 'b?c' }).end()
      else if (request.url === '/b?c') response.writeHead(307, { location: `${url}/d` }).end()
      else response.end(request.url)
    })
    const reply = await get(`${url}/a`)
    assert.equal(text(reply.body), '/d')
    assert.equal(reply.url, `${url}/d`)
  })

  it('is followed five times, and not once more', async () => {
    const { url, asked } = await remembering((request, response) => {
      const left = Number(request.url?.slice(1))
      if (left === 0) response.end('there')
      else response.writeHead(302, { location: `/${left - 1}` }).end()
    })
    assert.equal(text((await get(`${url}/5`)).body), 'there')
    asked.length = 0
    await assert.rejects(get(`${url}/6`), failsWith('broken', /too many redirects/))
    assert.equal(asked.length, 6)
  })

  it('to something that is no address is a failure like any other', async () => {
    const { url } = await redirectTo('http://[')
    await assert.rejects(get(url), failsWith('broken', /redirect/))
  })

  it('to a host off the allow-list is refused and not followed', async () => {
    const target = await remembering((_, response) => response.end('secret'))
    const { url } = await redirectTo(target.url.replace('127.0.0.1', 'localhost'))
    const http = createHttp({ allowedHosts: ['127.0.0.1'], allowPrivate: true })
    await assert.rejects(get(url, {}, http), isRefused)
    assert.equal(target.asked.length, 0)
  })

  it('is checked at the second hop as at the first', async () => {
    const target = await remembering((_, response) => response.end('secret'))
    const second = await redirectTo(target.url.replace('127.0.0.1', 'localhost'))
    const { url } = await redirectTo(second.url)
    const http = createHttp({ allowedHosts: ['127.0.0.1'], allowPrivate: true })
    await assert.rejects(get(url, {}, http), isRefused)
    assert.equal(second.asked.length, 1)
    assert.equal(target.asked.length, 0)
  })

  it('to another scheme, or with credentials, is refused', async () => {
    for (const location of [
      'file:///etc/passwd',
      'data:,x',
      'ftp://127.0.0.1/',
      'http://a:b@127.0.0.1/',
    ]) {
      const { url } = await redirectTo(location)
      await assert.rejects(get(url), isRefused, location)
    }
  })

  it('carries the method and the body along', async () => {
    const received: string[] = []
    const target = await remembering((request, response) => {
      request.on('data', (part: Buffer) => received.push(`${request.method} ${part.toString()}`))
      request.on('end', () => response.end('done'))
    })
    const { url } = await redirectTo(target.url, 308)
    await get(url, { method: 'POST', body: 'body' })
    assert.deepEqual(received, ['POST body'])
  })
})

describe('a URL that the operator configured', () => {
  it('may be plain and private, and redirect within its own origin', async () => {
    const { url, asked } = await remembering((request, response) => {
      if (request.url === '/a') response.writeHead(302, { location: '/b' }).end()
      else response.end('block')
    })
    const headers = { authorization: 'Bearer key' }
    assert.equal(text((await get(`${url}/a`, { trusted: true, headers }, open)).body), 'block')
    assert.deepEqual(
      asked.map((request) => request.headers.authorization),
      ['Bearer key', 'Bearer key'],
    )
  })

  it('may have a name that is private', async () => {
    const { url } = await remembering((_, response) => response.end('block'))
    const named = url.replace('127.0.0.1', 'localhost')
    assert.equal(text((await get(named, { trusted: true }, open)).body), 'block')
  })

  it('is the only one that may', async () => {
    const { url, asked } = await remembering((_, response) => response.end())
    await assert.rejects(get(url, {}, open), isRefused)
    assert.equal(asked.length, 0)
  })

  it('may not redirect to another plain or private origin', async () => {
    const target = await remembering((_, response) => response.end('secret'))
    for (const location of [
      target.url,
      target.url.replace('127.0.0.1', 'localhost'),
      'https://[::1]/',
    ]) {
      const { url } = await redirectTo(location)
      await assert.rejects(get(url, { trusted: true }, open), isRefused, location)
    }
    assert.equal(target.asked.length, 0)
  })

  it('keeps its keys from other origins, and tells them only what is asked for in which form', async () => {
    const target = await remembering((_, response) => response.end())
    const { url, asked } = await redirectTo(target.url)
    const secrets = { authorization: 'Bearer key', cookie: 'a=b', 'x-api-key': 'key' }
    const form = { accept: 'application/vnd.ipld.raw', 'content-type': 'application/json' }
    const headers = { ...secrets, ...form }
    await get(url, { trusted: true, method: 'POST', body: '{}', headers })
    assert.equal(asked[0]?.headers.authorization, 'Bearer key')
    for (const name of Object.keys(secrets)) assert.equal(target.asked[0]?.headers[name], undefined)
    for (const [name, value] of Object.entries(form)) {
      assert.equal(target.asked[0]?.headers[name], value)
    }
  })
})

describe('time runs out', () => {
  it('for the first byte', async () => {
    const { url } = await remembering(() => undefined)
    await assert.rejects(get(url, { firstByteMs: 40 }), failsWith('slow', /no answer within 40 ms/))
  })

  it('for the first byte after headers', async () => {
    const { url } = await remembering((_, response) => response.writeHead(200).flushHeaders())
    await assert.rejects(get(url, { firstByteMs: 40 }), failsWith('slow', /no answer within 40 ms/))
  })

  it('for a body that stalls', async () => {
    const { url } = await remembering((_, response) => response.writeHead(200).write('half'))
    await assert.rejects(get(url, { stallMs: 40 }), failsWith('slow', /stalled for 40 ms/))
  })

  it('in all, for a body that drips', async () => {
    const { url } = await remembering((_, response) => {
      const drip = setInterval(() => response.write('.'), 10)
      response.on('close', () => clearInterval(drip))
    })
    const started = performance.now()
    const dripping = get(url, { stallMs: 3_000, totalMs: 150 })
    await assert.rejects(dripping, failsWith('slow', /not finished within 150 ms/))
    assert.ok(performance.now() - started < 10_000)
  })

  it('over all redirects together', async () => {
    const { url } = await remembering((_, response) => {
      setTimeout(() => response.writeHead(302, { location: '/again' }).end(), 60)
    })
    await assert.rejects(
      get(url, { totalMs: 150 }),
      failsWith('slow', /not finished within 150 ms/),
    )
  })

  it('never for an answer that keeps coming', async () => {
    const { url } = await remembering((_, response) => {
      let left = 6
      const drip = setInterval(() => {
        response.write('.')
        if (--left === 0) response.end()
        if (left === 0) clearInterval(drip)
      }, 60)
    })
    const reply = await get(url, { firstByteMs: 300, stallMs: 300 })
    assert.equal(text(reply.body), '......')
  })
})

describe('a body larger than the cap is refused', () => {
  it('by its announced length, without waiting for it', async () => {
    const { url } = await remembering((_, response) => {
      response.writeHead(200, { 'content-length': 50_000_000 }).write('the first few')
    })
    const read = get(url, { maxBytes: 1_000 })
    await assert.rejects(read, failsWith('oversized', /body larger than 1000 bytes/))
  })

  it('while it streams, at the first byte too many', async () => {
    const { url } = await remembering((request, response) => {
      response.write('x'.repeat(999))
      response.end('x'.repeat(Number(request.url?.slice(1)) - 999))
    })
    assert.equal((await get(`${url}/1000`, { maxBytes: 1_000 })).body.length, 1_000)
    const read = get(`${url}/1001`, { maxBytes: 1_000 })
    await assert.rejects(read, failsWith('oversized', /body larger than 1000 bytes/))
  })

  it('as unpacked, when the server compresses unasked', async () => {
    const { url } = await remembering((request, response) => {
      const plain = 'x'.repeat(Number(request.url?.slice(1)))
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(plain))
    })
    assert.ok(text((await get(`${url}/10000`)).body) === 'x'.repeat(10_000))
    await assert.rejects(get(`${url}/1000000`), failsWith('oversized', /larger than 10000 bytes/))
  })

  for (const coding of ['aws-chunked', 'constructor', '__proto__']) {
    it(`as it is, where the server names a coding that is none: ${coding}`, async () => {
      const { url } = await remembering((_, response) => {
        response.writeHead(200, { 'content-encoding': coding }).end('as it is')
      })
      assert.equal(text((await get(url)).body), 'as it is')
    })
  }
})

describe('a broken connection is told in a few words', () => {
  it('nobody listens', async () => {
    await assert.rejects(get(await nobody()), failsWith('broken', /^connection refused$/))
  })

  it('reset before an answer', async () => {
    const url = await serveTcp((socket) => socket.resetAndDestroy())
    await assert.rejects(get(url), failsWith('broken', /^connection (reset|closed early)$/))
  })

  it('closed without an answer', async () => {
    const url = await serveTcp((socket) => socket.end())
    await assert.rejects(get(url), failsWith('broken', /^connection closed early$/))
  })

  it('reset inside the body', async () => {
    const url = await serveTcp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf', () =>
        setTimeout(() => socket.resetAndDestroy(), 20),
      )
    })
    await assert.rejects(get(url), failsWith('broken', /^connection (reset|closed early)$/))
  })

  it('a body shorter than it announced', async () => {
    const url = await serveTcp((socket) =>
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'),
    )
    const words = /^(connection closed early|body shorter or longer than it announced)$/
    await assert.rejects(get(url), failsWith('broken', words))
  })

  it('a chunked body that ends in the middle', async () => {
    const url = await serveTcp((socket) =>
      socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n64\r\nhalf'),
    )
    await assert.rejects(get(url), failsWith('broken', /^connection closed early$/))
  })

  it('something that is not HTTP', async () => {
    const url = await serveTcp((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'))
    await assert.rejects(get(url), failsWith('broken', /./))
  })

  it('a name that nobody has', async () => {
    const words = /^host name not found \(DNS\)$/
    await assert.rejects(get('http://nobody.invalid/'), failsWith('broken', words))
  })

  it('a certificate that nobody vouches for', async () => {
    const server = createTlsServer({ key, cert }, (_, response) => response.end('hello'))
    const port = await listenUntilTheEnd(server)
    await assert.rejects(get(`https://127.0.0.1:${port}/`), failsWith('broken', /^TLS failure$/))
  })

  it('TLS spoken to a plain server', async () => {
    const { url } = await remembering((_, response) => response.end())
    await assert.rejects(get(url.replace('http:', 'https:')), failsWith('broken', /^TLS failure$/))
  })
})

describe('a caller who gives up', () => {
  const reason = new Error('had enough')

  it('gets the own reason back while waiting for the answer', async () => {
    const { url } = await remembering(() => undefined)
    const caller = new AbortController()
    setTimeout(() => caller.abort(reason), 20)
    await assert.rejects(local.request(url, limits, caller.signal), (error) => error === reason)
  })

  it('gets the own reason back in the middle of a body', async () => {
    const { url } = await remembering((_, response) => response.writeHead(200).write('half'))
    const caller = new AbortController()
    setTimeout(() => caller.abort(reason), 40)
    await assert.rejects(local.request(url, limits, caller.signal), (error) => error === reason)
  })

  it('before asking, sends nothing', async () => {
    const { url, asked } = await remembering((_, response) => response.end())
    const request = local.request(url, limits, AbortSignal.abort(reason))
    await assert.rejects(request, (error) => error === reason)
    assert.equal(asked.length, 0)
  })
})

/** Of a self-signed certificate for localhost, made for this test: no secret of anybody. */
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgxc5sTHQa8tBMhlAN
O7E9n+hvyzD3iX8yHke5o9bkaGyhRANCAATvZ4U/PN3aJK8Gsv2S1xt+qPZu3rJQ
dbvazr5YbTs+QM4gcM7JPodWE7iQcpd7QoUBPC6YgMep4/SqJHBct+zn
-----END PRIVATE KEY-----`

const cert = `-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUQ05OZJ2vdV8WCOrQe4sKvfF+tkwwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjA5MDg1MloYDzIxMjYxMDI5
MDkwODUyWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATvZ4U/PN3aJK8Gsv2S1xt+qPZu3rJQdbvazr5YbTs+QM4gcM7JPodW
E7iQcpd7QoUBPC6YgMep4/SqJHBct+zno28wbTAdBgNVHQ4EFgQU+KyjKUcNUw9c
MVgz67ZrBXv36g4wHwYDVR0jBBgwFoAU+KyjKUcNUw9cMVgz67ZrBXv36g4wDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSQAwRgIhAI5yXX5Fs31dt9dDk28NiK8+o1Bzn2NgvbNb5wde/WFdAiEA
p/VPIDg4SCJ4K/0xz2PLNBdgrHhPw1b24UuvfLH+Xf0=
-----END CERTIFICATE-----`
