// The handler between API Gateway and the routes: what it makes of events, and of replies.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { brotliDecompressSync } from 'node:zlib'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { Hono } from 'hono'
import { readConfig } from '../../../lib/config/config.ts'
import { createApp } from '../../../lib/http/app.ts'
import { createHandler } from '../../../lib/http/lambda.ts'
import { LightResponse } from '../../../lib/http/light/response.ts'
import { type AppEnv, observe } from '../../../lib/http/observe.ts'
import { startApp } from './app-under-test.ts'

const { services } = await startApp()
const lines: string[] = []
const config = readConfig({ AWS_LAMBDA_FUNCTION_NAME: 'greenprint-api' })
const handler = createHandler(
  createApp(async () => services, config, {
    write: (level, line) => void lines.push(JSON.stringify({ level, ...line })),
  }),
)

interface Asked extends Partial<APIGatewayProxyEventV2> {
  readonly method?: string
}

const context = { getRemainingTimeInMillis: () => 29_000, awsRequestId: 'id-of-request' }

function eventOf({ method = 'GET', ...changes }: Asked): APIGatewayProxyEventV2 {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/health',
    rawQueryString: '',
    headers: {},
    requestContext: {
      accountId: '0',
      apiId: 'a',
      domainName: 'ndvi.example',
      domainPrefix: 'ndvi',
      http: { method, path: '/', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: '' },
      requestId: 'r',
      routeKey: '$default',
      stage: '$default',
      time: '',
      timeEpoch: 0,
    },
    isBase64Encoded: false,
    ...changes,
  }
}

function ask(asked: Asked) {
  return handler(eventOf(asked), context)
}

describe('an event', () => {
  it('is answered as text that is text, and logged with the ids of its invocation', async () => {
    const result = await ask({})
    assert.equal(result.statusCode, 200)
    assert.equal(result.isBase64Encoded, false)
    assert.equal(JSON.parse(result.body ?? '').status, 'ok')
    assert.match(String(result.headers?.['server-timing']), /^total;dur=[\d.]+$/)
    const { level, route, status, requestId, cold, code } = JSON.parse(lines.at(-1) ?? '')
    assert.deepEqual(
      { level, route, status, requestId, cold, code },
      {
        level: 'info',
        route: '/health',
        status: 200,
        requestId: 'id-of-request',
        cold: true,
        code: null,
      },
    )
    await ask({})
    assert.equal(JSON.parse(lines.at(-1) ?? '').cold, false)
  })

  it('has its query, its headers and its body read, of text and of base64', async () => {
    const body = '{"item":{"type":"Collection","id":"é"}}'
    for (const [text, isBase64Encoded] of [
      [body, false],
      [Buffer.from(body).toString('base64'), true],
    ] as const) {
      const result = await ask({ method: 'POST', rawPath: '/ndvi', body: text, isBase64Encoded })
      assert.match(result.body ?? '', /STAC Collection \\"é\\"/)
    }
    const asked = await ask({ rawPath: '/ndvi', rawQueryString: 'item=%7B%7D&f=tiff' })
    assert.match(asked.body ?? '', /f must be json, png or webp/)
  })

  it('of GET may have a body, which means nothing', async () => {
    assert.equal((await ask({ body: 'x' })).statusCode, 200)
  })

  it('is answered in base64 where the reply is no text', async () => {
    const result = await ask({ rawPath: '/ipfs/bafkqabtimvwgy3yk', rawQueryString: 'format=raw' })
    assert.equal(result.isBase64Encoded, true)
    assert.equal(Buffer.from(result.body ?? '', 'base64').toString(), 'hello\n')
  })

  it('is answered with the text of bytes to the letter, with their byte order mark', async () => {
    const bytes = new TextEncoder().encode('\ufeffgr\u00fcn')
    const reply = new LightResponse(bytes, { headers: { 'content-type': 'text/csv' } })
    const told = await createHandler(new Hono<AppEnv>().get('/health', () => reply))(
      eventOf({}),
      context,
    )
    assert.deepEqual([told.body, told.isBase64Encoded], ['\ufeffgr\u00fcn', false])
  })

  it('is answered in base64 where the reply is packed', async () => {
    const page = new Hono<AppEnv>()
    page.use(observe(config, { write: () => undefined }))
    page.get('/health', (c) => c.text('hello '.repeat(5_000)))
    const answer = createHandler(page)
    const event = eventOf({ headers: { 'accept-encoding': 'br' } })
    const result = await answer(event, context)
    assert.equal(result.headers?.['content-encoding'], 'br')
    assert.equal(result.isBase64Encoded, true)
    const bytes = Buffer.from(result.body ?? '', 'base64')
    assert.equal(result.headers?.['content-length'], String(bytes.length))
    assert.equal(brotliDecompressSync(bytes).toString(), 'hello '.repeat(5_000))
  })
})

describe('what is no request is told in the same form, and logged', () => {
  const rows: readonly (readonly [what: string, asked: Asked, words: RegExp])[] = [
    ['a method that is none', { method: 'A B' }, /The method "A B" is not supported/],
    ['a method without a name', { method: '' }, /The method "" is not/],
    ['a path that is none', { rawPath: 'https://evil.example/' }, /address of the request/],
    ['a path into the host', { rawPath: '@evil.example/' }, /address of the request/],
    ['a header name with a space', { headers: { 'x y': '1' } }, /The header "x y" is not valid/],
    ['a header of half a pair', { headers: { x: '\ud800' } }, /The header "x" is not valid/],
    [
      'a header of two lines',
      { headers: { authorization: 'Bearer hush\r\nx: y' } },
      /"authorization"/,
    ],
  ]
  for (const [what, asked, words] of rows) {
    it(what, async () => {
      const result = await ask(asked)
      assert.equal(result.statusCode, 400)
      assert.equal(result.headers?.['content-type'], 'application/problem+json')
      assert.equal(JSON.parse(result.body ?? '').code, 'invalid_request')
      assert.match(JSON.parse(result.body ?? '').detail, words)
      assert.equal(JSON.parse(lines.at(-1) ?? '').code, 'invalid_request')
      assert.doesNotMatch(`${result.body} ${lines.at(-1)}`, /hush/)
    })
  }
})

it('a method that no Request has is told with those that the address takes', async () => {
  const result = await ask({ method: 'TRACE', rawPath: '/ndvi' })
  assert.deepEqual(
    [result.statusCode, result.headers?.['allow']],
    [405, 'GET, HEAD, POST, OPTIONS'],
  )
  assert.equal(JSON.parse(lines.at(-1) ?? '').code, 'method_not_allowed')
})

describe('a request with a fault at every position', () => {
  it('is told of the first, and how many there are', async () => {
    const body = JSON.stringify({ search: { ids: Array.from({ length: 900 }, () => 1) } })
    const result = await ask({ method: 'POST', rawPath: '/ndvi', body })
    const { code, detail, details } = JSON.parse(result.body ?? '')
    assert.equal(code, 'invalid_request')
    assert.match(detail, /^The request has 900 fault\(s\): search\.ids\.0: /)
    assert.equal(details.length, 21)
    assert.equal(details.at(-1), 'and 880 more')
    assert.ok((result.body ?? '').length < 16_000)
  })

  it('beyond a thousand of them of their number alone', async () => {
    const body = JSON.stringify({ item: {}, mask: Array.from({ length: 5_000 }, () => 'x') })
    const result = await ask({ method: 'POST', rawPath: '/ndvi', body })
    const { detail } = JSON.parse(result.body ?? '')
    assert.equal(detail, 'The request has 1 fault(s): mask: has 5000 members: at most 100.')
  })

  it('or of one name without end is told in short', async () => {
    const body = JSON.stringify({ item: {}, ['x'.repeat(100_000)]: 1 })
    const result = await ask({ method: 'POST', rawPath: '/ndvi', body })
    assert.ok((result.body ?? '').length < 1_000)
  })
})
