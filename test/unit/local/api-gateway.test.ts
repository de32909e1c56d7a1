// API Gateway on this machine: what a handler is given of a request, and what becomes of its result.
// Long: many situations of one subject, on one set of servers and helpers.

import assert from 'node:assert/strict'
import { request as httpRequest, type OutgoingHttpHeaders } from 'node:http'
import { connect, createServer } from 'node:net'
import { after, describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { Clock } from '../../../lib/async/clock.ts'
import {
  createGatewayServer,
  type Guard,
  type LocalContext,
  type LocalRoute,
  listen,
  type Refusal,
} from '../../../lib/local/api-gateway.ts'

const clock = {
  elapsed: () => 500,
  now: () => Date.UTC(2026, 0, 2),
  sleep: async () => undefined,
} satisfies Clock
const closing: (() => void)[] = []
after(() => {
  for (const close of closing) close()
})

type Result = APIGatewayProxyStructuredResultV2

/** A gateway in front of a handler, and the events that it was given. */
async function start(
  answer: (event: APIGatewayProxyEventV2, context: LocalContext) => Result | Promise<Result>,
  localRoute: LocalRoute = () => null,
  { guard, requestMs = 30_000 }: { readonly guard?: Guard; readonly requestMs?: number } = {},
) {
  const refusals: Refusal[] = []
  const events: APIGatewayProxyEventV2[] = []
  const server = createGatewayServer({
    invoke: async (event, context) => {
      events.push(event)
      return answer(event, context)
    },
    localRoute,
    ...(guard === undefined ? {} : { guard }),
    refused: (refusal) => void refusals.push(refusal),
    timeoutMs: 29_000,
    requestMs,
    clock,
  })
  const port = await listen(server, 0)
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { base: `http://127.0.0.1:${port}`, port, events, refusals }
}

/** What is sent as it is, and everything that comes back until the connection is closed. */
async function exchange(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1', () => socket.write(text))
  return (await socket.toArray()).join('')
}

/** A request with headers that fetch would not send, or not so. */
async function send(
  url: string,
  options: {
    method?: string
    headers?: OutgoingHttpHeaders
    path?: string
    body?: string | Buffer
  },
) {
  const { body, ...rest } = options
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer }>(
    (resolve, reject) => {
      const outgoing = httpRequest(url, { agent: false, ...rest }, (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('error', reject)
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(parts),
          }),
        )
      })
      outgoing.on('error', reject)
      outgoing.end(body)
    },
  )
}

const eventOf = async (options: Parameters<typeof send>[1]) => {
  const { base, events } = await start(() => ({ statusCode: 200 }))
  await send(base, options)
  const [event] = events
  assert.ok(event)
  return event
}

describe('the event of a request', () => {
  it('is of payload format 2.0', async () => {
    const event = await eventOf({
      path: '/a/b?x=1',
      headers: { 'user-agent': 'tester', host: 'ndvi.example' },
    })
    assert.equal(event.version, '2.0')
    assert.equal(event.routeKey, '$default')
    assert.equal(event.rawPath, '/a/b')
    assert.equal(event.rawQueryString, 'x=1')
    assert.deepEqual(event.queryStringParameters, { x: '1' })
    assert.equal(event.isBase64Encoded, false)
    assert.equal(event.body, undefined)
    assert.equal(event.cookies, undefined)
    const { requestContext } = event
    assert.deepEqual(requestContext.http, {
      method: 'GET',
      path: '/a/b',
      protocol: 'HTTP/1.1',
      sourceIp: '127.0.0.1',
      userAgent: 'tester',
    })
    assert.equal(requestContext.domainName, 'ndvi.example')
    assert.equal(requestContext.timeEpoch, Date.UTC(2026, 0, 2))
    assert.match(requestContext.requestId, /^[0-9a-f-]{36}$/)
  })

  it('has header names in lower case, those given twice joined, those of the connection left out', async () => {
    const headers = { 'X-One': 'a', ACCEPT: ['b', 'c'], Connection: 'close' }
    const event = await eventOf({ headers })
    assert.equal(event.headers['x-one'], 'a')
    assert.equal(event.headers['accept'], 'b,c')
    assert.equal(event.headers['connection'], undefined)
  })

  it('has names of whatever else an object has', async () => {
    const { headers, queryStringParameters } = await eventOf({
      path: '/?constructor=1&toString=2',
      headers: { valueOf: 'a', constructor: 'b' },
    })
    assert.equal(headers['valueof'], 'a')
    assert.equal(headers['constructor'], 'b')
    assert.deepEqual(queryStringParameters, { constructor: '1', toString: '2' })
  })

  it('has cookies apart, one by one', async () => {
    const event = await eventOf({ headers: { cookie: 'a=1; b=2;c=3' } })
    assert.deepEqual(event.cookies, ['a=1', 'b=2', 'c=3'])
    assert.equal(event.headers['cookie'], undefined)
  })

  it('has its query raw, and decoded with repeated names joined', async () => {
    const event = await eventOf({ path: '/?a=1&a=2%2C3&b=%C3%BC+x&c&d==' })
    assert.equal(event.rawQueryString, 'a=1&a=2%2C3&b=%C3%BC+x&c&d==')
    assert.deepEqual(event.queryStringParameters, { a: '1,2,3', b: 'ü x', c: '', d: '=' })
  })

  it('has no query where there is none', async () => {
    for (const path of ['/a', '/a?']) {
      const event = await eventOf({ path })
      assert.equal(event.rawQueryString, '')
      assert.equal(event.queryStringParameters, undefined)
    }
  })

  const texts = [
    'text/plain',
    'application/json',
    'application/JSON; charset=utf-8',
    'application/geo+json',
    'application/xml',
    'application/x-www-form-urlencoded',
  ]
  for (const type of texts) {
    it(`has a body of ${type} as text`, async () => {
      const event = await eventOf({
        method: 'POST',
        headers: { 'content-type': type },
        body: '{"ü":1}',
      })
      assert.equal(event.body, '{"ü":1}')
      assert.equal(event.isBase64Encoded, false)
    })
  }

  it('has a packed body as base64, whatever type is in it', async () => {
    const body = gzipSync('{"item":"x"}')
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
    const event = await eventOf({ method: 'POST', headers, body })
    assert.equal(event.body, body.toString('base64'))
  })

  for (const type of ['image/png', 'application/octet-stream', undefined]) {
    it(`has a body of ${type ?? 'no type'} as base64`, async () => {
      const body = Buffer.from([0, 255, 128, 10])
      const headers = type === undefined ? {} : { 'content-type': type }
      const event = await eventOf({ method: 'POST', headers, body })
      assert.equal(event.body, body.toString('base64'))
      assert.equal(event.isBase64Encoded, true)
    })
  }

  it('comes with the time that is left since the request was there', async () => {
    let now = 500
    const server = createGatewayServer({
      invoke: async (_, context) => {
        const before = context.getRemainingTimeInMillis()
        now += 4_000
        return { statusCode: 200, body: `${before} ${context.getRemainingTimeInMillis()}` }
      },
      // As a request that waits under load.
      localRoute: async () => {
        now += 3_000
        return null
      },
      timeoutMs: 29_000,
      clock: { ...clock, elapsed: () => now },
    })
    const port = await listen(server, 0)
    closing.push(() => server.close())
    const { body } = await send(`http://127.0.0.1:${port}`, {})
    assert.equal(body.toString(), '26000 22000')
  })
})

describe('the result of a handler', () => {
  it('becomes status, headers, cookies and a body of text', async () => {
    const { base } = await start(() => ({
      statusCode: 201,
      headers: { 'Content-Type': 'text/plain', 'x-count': 5, 'x-yes': true },
      cookies: ['a=1; Secure', 'b=2'],
      body: 'grün',
    }))
    const { status, headers, body } = await send(base, {})
    assert.equal(status, 201)
    assert.equal(headers['content-type'], 'text/plain')
    assert.equal(headers['x-count'], '5')
    assert.equal(headers['x-yes'], 'true')
    assert.deepEqual(headers['set-cookie'], ['a=1; Secure', 'b=2'])
    assert.equal(body.toString(), 'grün')
    assert.equal(headers['content-length'], '5', 'told, as API Gateway tells it')
  })

  it('becomes bytes, where it is base64', async () => {
    const bytes = Buffer.from([0x89, 0, 255, 10])
    const { base } = await start(() => ({ body: bytes.toString('base64'), isBase64Encoded: true }))
    const { status, headers, body } = await send(base, {})
    assert.equal(status, 200)
    assert.equal(headers['content-length'], '4')
    assert.deepEqual(body, bytes)
  })

  it('has no body for HEAD, and keeps its headers', async () => {
    const { base } = await start(() => ({ headers: { 'content-length': '5' }, body: 'hello' }))
    const { headers, body } = await send(base, { method: 'HEAD' })
    assert.equal(headers['content-length'], '5')
    assert.equal(body.length, 0)
  })

  it('may have no body, with a status that has none', async () => {
    const { base } = await start(() => ({ statusCode: 304, headers: { etag: '"x"' } }))
    const { status, body } = await send(base, {})
    assert.equal(status, 304)
    assert.equal(body.length, 0)
  })

  it('of 6,291,556 bytes of JSON passes, and of one more is 500', async () => {
    const empty = JSON.stringify({ statusCode: 200, body: '' }).length
    const { base } = await start(({ rawPath }) => ({
      statusCode: 200,
      body: 'x'.repeat(6_291_556 - empty + (rawPath === '/more' ? 1 : 0)),
    }))
    const fits = await send(base, { path: '/' })
    assert.deepEqual([fits.status, fits.body.length], [200, 6_291_556 - empty])
    const more = await send(base, { path: '/more' })
    assert.equal(more.status, 500)
    assert.deepEqual(JSON.parse(more.body.toString()), { message: 'Internal Server Error' })
  })

  it('that was thrown is 500 in JSON, and the next one is answered', async () => {
    const { base } = await start(({ rawPath }) => {
      if (rawPath === '/fault') throw new Error('SECRET')
      return { statusCode: 200, body: 'well' }
    })
    const { status, headers, body } = await send(base, { path: '/fault' })
    assert.equal(status, 500)
    assert.equal(headers['content-type'], 'application/json')
    assert.deepEqual(JSON.parse(body.toString()), { message: 'Internal Server Error' })
    assert.equal((await send(base, {})).body.toString(), 'well')
  })

  it('with a header that cannot be sent is 500', async () => {
    const { base, refusals } = await start(() => ({ headers: { 'x-odd': 'a\nb' }, body: 'x' }))
    assert.equal((await send(base, {})).status, 500)
    assert.match(String(refusals[0]?.error), /Invalid character in header content \["x-odd"\]/)
  })
})

describe('a body over 10 MB', () => {
  const limit = 10 * 1024 * 1024

  it('is 413 and reaches no handler; one of 10 MB does', async () => {
    const { base, events, refusals } = await start(() => ({ statusCode: 200 }))
    const fits = await send(base, { method: 'POST', body: Buffer.alloc(limit) })
    assert.equal(fits.status, 200)
    const more = await send(base, { method: 'POST', body: Buffer.alloc(limit + 1) })
    assert.equal(more.status, 413)
    assert.deepEqual(JSON.parse(more.body.toString()), { message: 'Request Entity Too Large' })
    assert.equal(events.length, 1)
    assert.deepEqual(refusals, [{ method: 'POST', path: '/', status: 413 }])
  })

  it('is 413 again and again, over connections that are kept', async () => {
    const { base } = await start(() => ({ statusCode: 200 }))
    const body = Buffer.alloc(limit + 500_000)
    for (let i = 0; i < 20; i++) {
      const response = await fetch(base, { method: 'POST', body })
      assert.equal(response.status, 413)
      await response.text()
    }
  })
})

describe('a request with a local route', () => {
  it('is answered without the handler, by method, address and body', async () => {
    const { base, events } = await start(
      () => ({ statusCode: 200, body: 'handler' }),
      async ({ method, url }, body) => {
        const { pathname, search } = new URL(url)
        if (pathname !== '/local') return null
        const told = { method, search, body: new TextDecoder().decode(body) }
        return Response.json(told, { status: 202, headers: { 'x-a': 'b' } })
      },
    )
    const answer = await send(base, { method: 'POST', path: '/local?q=1', body: 'hello' })
    assert.equal(answer.status, 202)
    assert.equal(answer.headers['x-a'], 'b')
    assert.deepEqual(JSON.parse(answer.body.toString()), {
      method: 'POST',
      search: '?q=1',
      body: 'hello',
    })
    assert.equal(events.length, 0)
    assert.equal((await send(base, { path: '/other' })).body.toString(), 'handler')
  })

  it('is answered piece by piece, as the pieces are made', async () => {
    const received = Promise.withResolvers<void>()
    async function* pieces() {
      yield Buffer.from('first')
      await received.promise
      yield Buffer.from('second')
    }
    const { base } = await start(
      () => ({}),
      () => new Response(ReadableStream.from(pieces())),
    )
    const reader = (await fetch(base)).body?.getReader()
    assert.equal(Buffer.from((await reader?.read())?.value ?? []).toString(), 'first')
    received.resolve()
    assert.equal(Buffer.from((await reader?.read())?.value ?? []).toString(), 'second')
  })

  it('whose caller hangs up is told so, and goes no further', async () => {
    const over = Promise.withResolvers<boolean>()
    const { base } = await start(
      () => ({ statusCode: 200, body: 'well' }),
      ({ url, signal }) => {
        if (new URL(url).pathname !== '/endless') return null
        async function* pieces() {
          try {
            for (;;) {
              await setImmediate()
              yield Buffer.alloc(65_536)
            }
          } finally {
            over.resolve(signal.aborted)
          }
        }
        return new Response(ReadableStream.from(pieces()))
      },
    )
    const reader = (await fetch(`${base}/endless`)).body?.getReader()
    await reader?.read()
    await reader?.cancel()
    assert.equal(await over.promise, true)
    assert.equal(await (await fetch(base)).text(), 'well')
  })

  it('that breaks after it began is cut off, never ended as if whole', async () => {
    async function* pieces() {
      yield Buffer.from('first')
      await setImmediate()
      throw new Error('SECRET')
    }
    const { base } = await start(
      () => ({}),
      () => new Response(ReadableStream.from(pieces())),
    )
    const response = await fetch(base)
    assert.equal(response.status, 200)
    await assert.rejects(response.text())
  })

  it('that breaks is 500', async () => {
    const { base } = await start(
      () => ({ statusCode: 200 }),
      () => {
        throw new Error('SECRET')
      },
    )
    const { status, body } = await send(base, {})
    assert.equal(status, 500)
    assert.doesNotMatch(body.toString(), /SECRET/)
  })
})

describe('odd requests', () => {
  it('with a path of slashes only reach the handler as they are', async () => {
    for (const path of ['//', '//x', '///ipfs//a']) {
      const { base, events } = await start(() => ({ statusCode: 200 }))
      const { status } = await send(base, { path })
      assert.equal(status, 200, path)
      assert.equal(events[0]?.rawPath, path)
    }
  })

  it('whose host is none are 400', async () => {
    const { base } = await start(() => ({ statusCode: 200 }))
    const { status } = await send(base, { headers: { host: 'a b' } })
    assert.equal(status, 400)
  })

  it('with a whole address are of its host, as a proxy may send them', async () => {
    const hosts: (string | null)[] = []
    const guard: Guard = async ({ headers }) => {
      hosts.push(headers.get('host'))
      return { headers: {} }
    }
    const { port, events } = await start(() => ({ statusCode: 200 }), undefined, { guard })
    const head = 'GET http://a.example:81/x?y HTTP/1.1\r\nhost: b\r\nconnection: close\r\n\r\n'
    assert.match(await exchange(port, head), /^HTTP\/1\.1 200 /)
    const [event] = events
    assert.equal(event?.rawPath, '/x')
    assert.equal(event.rawQueryString, 'y')
    assert.equal(event.headers['host'], 'a.example:81')
    assert.equal(event.requestContext.domainName, 'a.example:81')
    assert.deepEqual(hosts, ['a.example:81'])
  })

  it('that name two hosts are 400, for each reader may take another', async () => {
    const { port, events, refusals } = await start(() => ({ statusCode: 200 }))
    const head = 'GET /x?y HTTP/1.1\r\nhost: a\r\nhost: b\r\nconnection: close\r\n\r\n'
    assert.match(await exchange(port, head), /^HTTP\/1\.1 400 /)
    assert.deepEqual(events, [])
    assert.deepEqual(refusals, [{ method: 'GET', path: '/x', status: 400 }])
  })

  it('for a tunnel are 405, and the connection is closed', async () => {
    const { base, port, events, refusals } = await start(() => ({ statusCode: 200 }))
    const answered = await exchange(port, 'CONNECT a.example:443 HTTP/1.1\r\nhost: a\r\n\r\n')
    assert.match(answered, /^HTTP\/1\.1 405 [^]*\r\nallow:\r\n/)
    assert.deepEqual(events, [])
    assert.deepEqual(refusals, [{ method: 'CONNECT', path: 'a.example:443', status: 405 }])
    assert.equal((await send(base, {})).status, 200)
  })

  it('that would rather speak another protocol are answered in this one', async () => {
    const { port, events } = await start(() => ({ statusCode: 200 }))
    for (const protocol of ['websocket', 'h2c']) {
      const head = `GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade, close\r\nupgrade: ${protocol}\r\n\r\n`
      assert.match(await exchange(port, head), /^HTTP\/1\.1 200 /)
    }
    assert.match(await exchange(port, 'GET / HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 200 /)
    assert.equal(events.length, 3)
  })

  it('that are none are 400, and the connection is closed', async () => {
    const { port, events } = await start(() => ({ statusCode: 200 }))
    for (const text of [
      'NONSENSE\r\n\r\n',
      '\u0016\u0003\u0001\u0002\0\u0001\0\u0001',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      'GET / HTTP/3.7\r\nhost: a\r\n\r\n',
      'GET / HTTP/1.1\r\nhost: a\r\nx: a\u0001b\r\n\r\n',
      'POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n\r\n',
    ]) {
      assert.match(await exchange(port, text), /^HTTP\/1\.1 400 /, text)
    }
    assert.deepEqual(events, [])
  })

  it('that the guard refuses are told with the reason', async () => {
    const error = new Error('not these')
    const guard: Guard = async () => ({ refusal: new Response(null, { status: 401 }), error })
    const { base, events, refusals } = await start(() => ({ statusCode: 200 }), undefined, {
      guard,
    })
    assert.equal((await send(base, {})).status, 401)
    assert.deepEqual(events, [])
    assert.deepEqual(refusals, [{ method: 'GET', path: '/', status: 401, error }])
  })

  it('that end in the middle harm nobody', async () => {
    const { base, port, events } = await start(() => ({ statusCode: 200 }))
    await new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf', () => {
          setTimeout(() => socket.destroy(), 20)
        })
      })
      socket.on('close', () => resolve())
    })
    assert.equal((await send(base, {})).status, 200)
    assert.equal(events.length, 1)
  })

  it('that never end are 408, and are forgotten', async () => {
    const { port, events } = await start(
      () => ({ statusCode: 200 }),
      () => null,
      { requestMs: 200 },
    )
    for (const unfinished of [
      'POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n',
      'GET / HTTP/1.1\r\nhost: x\r\n',
    ]) {
      assert.match(await exchange(port, unfinished), /^HTTP\/1\.1 408 /)
    }
    assert.equal(events.length, 0)
  })
})

describe('listening', () => {
  it('takes the next free port, on loopback only', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    closing.push(() => taken.close())
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const server = createGatewayServer({
      invoke: async () => ({}),
      localRoute: () => null,
      timeoutMs: 1,
      clock,
    })
    closing.push(() => server.close())
    const found = await listen(server, port)
    assert.ok(found > port && found <= port + 100, `${found} after ${port}`)
    const listening = server.address()
    assert.ok(typeof listening === 'object' && listening?.address === '127.0.0.1')
    assert.equal((await send(`http://127.0.0.1:${found}`, {})).status, 200)
  })

  it('gives up on a port that cannot be had at all', async () => {
    const server = createGatewayServer({
      invoke: async () => ({}),
      localRoute: () => null,
      timeoutMs: 1,
      clock,
    })
    await assert.rejects(listen(server, 70_000), { code: 'ERR_SOCKET_BAD_PORT' })
  })
})
