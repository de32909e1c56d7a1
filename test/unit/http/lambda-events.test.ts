// Events of every way to call a function by HTTP, and of none: what each is answered with, under which addresses.
// Long: each way to call a function, and what each carries.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { once } from '../../../lib/async/once.ts'
import { readConfig } from '../../../lib/config/config.ts'
import { createApp } from '../../../lib/http/app.ts'
import { createHandler } from '../../../lib/http/lambda.ts'
import { createWarmUp } from '../../../lib/http/warm-up.ts'
import { sampleItem } from '../../../lib/sample/sample.ts'
import { gatewayEvent } from '../../harness/gateway-events.ts'
import { startApp } from './app-under-test.ts'

const TOKEN = '0123456789abcdef'
const { services } = await startApp()
const context = { getRemainingTimeInMillis: () => 29_000 }

function deployed(publicUrl: string | null = null, more: Readonly<Record<string, string>> = {}) {
  const env = publicUrl === null ? more : { PUBLIC_URL: publicUrl, ...more }
  const config = readConfig({ AWS_LAMBDA_FUNCTION_NAME: 'api', API_TOKENS: `ci:${TOKEN}`, ...env })
  const app = createApp(async () => services, config, { write: () => undefined })
  return createHandler(app, config)
}
const handler = deployed()
const item = { type: 'Collection' }
const sample = await sampleItem()
const asJob = { authorization: `Bearer ${TOKEN}`, prefer: 'respond-async' }

/** As a REST API has it, behind its stage. */
const rest = (path: string, changes: object = {}) => ({
  resource: '/{proxy+}',
  path,
  httpMethod: 'GET',
  headers: { Host: 'api.example.org', Accept: 'application/json' },
  multiValueHeaders: { Host: ['api.example.org'], Accept: ['application/json'] },
  queryStringParameters: null,
  multiValueQueryStringParameters: null,
  requestContext: {
    path: `/prod${path}`,
    stage: 'prod',
    domainName: 'api.example.org',
    protocol: 'HTTP/1.1',
  },
  body: null,
  isBase64Encoded: false,
  ...changes,
})
/** As a load balancer has it: the query as it came, and no stage. */
const balancer = (path: string, changes: object = {}) => ({
  requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:…' } },
  httpMethod: 'GET',
  path,
  queryStringParameters: {},
  headers: { host: 'lb.example.org', accept: 'application/json' },
  body: '',
  isBase64Encoded: false,
  ...changes,
})
const body = (result: { readonly body?: string | undefined }) => JSON.parse(result.body ?? '')

describe('an event', () => {
  it('of a REST API, a load balancer and a Function URL is answered', async () => {
    for (const event of [rest('/health'), balancer('/health'), gatewayEvent('/health')]) {
      const result = await handler(event, context)
      assert.deepEqual([result.statusCode, body(result).status], [200, 'ok'])
    }
  })

  it('of each has its query and its body read', async () => {
    const question = 'respond & wait/ü'
    const encoded = encodeURIComponent(question)
    const asked = [
      rest('/ndvi', { multiValueQueryStringParameters: { scale: [question] } }),
      rest('/ndvi', { queryStringParameters: { scale: question } }),
      balancer('/ndvi', { queryStringParameters: { scale: encoded } }),
      balancer('/ndvi', { multiValueQueryStringParameters: { scale: [encoded] } }),
      gatewayEvent(`/ndvi?scale=${encoded}`),
    ]
    for (const event of asked) {
      const { code, details } = body(await handler(event, context))
      assert.equal(code, 'invalid_request')
      assert.match(details.join(' '), /^scale/)
    }
    const post = { httpMethod: 'POST', body: JSON.stringify({ item }) }
    for (const event of [rest('/ndvi', post), balancer('/ndvi', post)]) {
      assert.equal(body(await handler(event, context)).code, 'item_invalid')
    }
  })

  it('of an HTTP API has its path decoded: what parts an address is part of a name again', async () => {
    for (const name of ['a b', 'a?bbox=1', 'a#b', '100%', 'a\\b', 'a\nb', 'ü😀']) {
      const path = `/publications/${name}`
      const encoded = `/publications/${encodeURIComponent(name)}`
      const events = [
        { ...gatewayEvent('/'), rawPath: path },
        rest(path, { version: '1.0', requestContext: { path, stage: '$default' } }),
        // As REST, a Function URL and a load balancer have it.
        rest(encoded),
        gatewayEvent(encoded),
        balancer(encoded),
      ]
      for (const event of events) {
        const { detail } = body(await handler(event, context))
        assert.equal(detail, `"${name}" is not the CID of a published directory.`)
      }
    }
  })

  it('that keeps a function warm, or is empty, is nobody’s to answer', async () => {
    const ours = ['aws.events', 'aws.scheduler', 'serverless-plugin-warmup']
    const pings = [
      {},
      null,
      undefined,
      'ping',
      { warmer: true },
      ...ours.map((source) => ({ source })),
    ]
    for (const event of pings) {
      assert.equal((await handler(event, context)).statusCode, 204)
    }
  })

  it('that keeps a function warm logs what cannot be loaded, and the next request tries it again', async () => {
    const lines: (readonly [unknown, unknown, unknown])[] = []
    let opened = 0
    const open = once(async () => {
      if (++opened === 1) throw new Error('no such file, for a moment')
      return services
    })
    const app = createApp(open, readConfig({}), { write: () => undefined })
    const warmUp = createWarmUp(
      (level, { event, detail }) => void lines.push([level, event, detail]),
      [open],
    )
    const answer = createHandler(app, undefined, warmUp)
    assert.equal((await answer({ warmer: true }, context)).statusCode, 204)
    assert.deepEqual(lines, [['warn', 'warm_up', 'no such file, for a moment']])
    const known = await answer(rest('/publications/bafkqaaa'), context)
    assert.deepEqual([opened, known.statusCode], [2, 404])
    assert.equal(lines.length, 1)
  })

  it('of anything else is refused in one sentence', async () => {
    for (const event of [{ Records: [] }, { requestContext: {} }, [1], { a: 1 }]) {
      const result = await handler(event, context)
      assert.equal(result.statusCode, 400)
      assert.match(body(result).detail, /^The event is not of an HTTP request/)
    }
  })
})

describe('an address with a path in front', () => {
  const stage = (path: string, asked = {}) => {
    const event = gatewayEvent(path, asked)
    return { ...event, requestContext: { ...event.requestContext, stage: 'production' } }
  }

  it('of a named stage is served, with and without it', async () => {
    for (const path of ['/production/health', '/health']) {
      assert.equal((await handler(stage(path), context)).statusCode, 200, path)
    }
    assert.equal((await handler(stage('/productions/health'), context)).statusCode, 404)
    const path = '/production/health'
    const old = rest(path, { version: '1.0', requestContext: { path, stage: 'production' } })
    assert.equal((await handler(old, context)).statusCode, 200, 'an HTTP API in the form of REST')
  })

  it('is in front of links and Location: of a stage, of REST, and of a domain’s mapping', async () => {
    const post = {
      method: 'POST',
      headers: asJob,
      body: JSON.stringify({ item: sample, outputs: ['item'] }),
    }
    const mapped = deployed('https://maps.example.org/v1/ndvi')
    const rows = [
      [handler, stage('/production/ndvi', post), 'https://api.example.org/production'],
      [
        handler,
        rest('/ndvi', {
          httpMethod: 'POST',
          body: post.body,
          multiValueHeaders: null,
          headers: asJob,
        }),
        'https://api.example.org/prod',
      ],
      [mapped, gatewayEvent('/v1/ndvi/ndvi', post), 'https://maps.example.org/v1/ndvi'],
      // A proxy that cuts the path off.
      [mapped, gatewayEvent('/ndvi', post), 'https://maps.example.org/v1/ndvi'],
    ] as const
    for (const [answer, event, base] of rows) {
      const result = await answer(event, context)
      assert.equal(result.statusCode, 202, result.body)
      const [link] = body(result).links
      assert.ok(link.href.startsWith(`${base}/jobs/`), link.href)
      assert.equal(new URL(String(result.headers?.['location']), base).href, link.href)
    }
  })
})

describe('a load balancer', () => {
  const many = { headers: undefined, multiValueHeaders: { host: ['lb.example.org'] } }

  it('is given its headers as lists where it sends them so, and else as texts', async () => {
    const asLists = await handler(balancer('/health', many), context)
    assert.ok('multiValueHeaders' in asLists && !('headers' in asLists))
    const { multiValueHeaders } = asLists
    assert.deepEqual(Object(multiValueHeaders)['content-type'], ['application/json'])
    const fault = await handler(balancer('/nothing', many), context)
    assert.ok('multiValueHeaders' in fault, 'faults too')
    const asTexts = await handler(balancer('/health'), context)
    assert.equal(asTexts.headers?.['content-type'], 'application/json')
    assert.ok(!('multiValueHeaders' in asTexts))
  })

  it('is answered in what it carries, 1 MB of JSON, and told what to ask where it is more', async () => {
    const config = readConfig({ AWS_LAMBDA_FUNCTION_NAME: 'api' })
    const app = createApp(async () => services, config, { write: () => undefined })
    const text = '\u0001'.repeat(170_000)
    app.get('/text', () => new Response(text, { headers: { 'content-type': 'text/plain' } }))
    const answer = createHandler(app, config)
    const refused = await answer(balancer('/text'), context)
    assert.deepEqual([refused.statusCode, body(refused).code], [413, 'too_large'])
    assert.match(body(refused).detail, /takes 1000000 as JSON: .*Accept-Encoding: gzip/)
    const packed = { headers: { host: 'lb.example.org', 'accept-encoding': 'gzip' } }
    assert.equal((await answer(balancer('/text', packed), context)).statusCode, 200)
    assert.equal((await answer(gatewayEvent('/text'), context)).statusCode, 200)
    // Of the sample, 713,446 bytes.
    const band = '/ipfs/QmeEzvNSqjRpBtZqb7DRzUCfZ1XkZ8fJAorVzc1ursZiUM'
    assert.match(
      body(await answer(balancer(band), context)).detail,
      /at most 700848\. Ask for ranges/,
    )
    const headers = { host: 'lb.example.org', range: 'bytes=0-700847' }
    assert.equal((await answer(balancer(band, { headers }), context)).statusCode, 206)
    assert.equal((await answer(gatewayEvent(band), context)).statusCode, 200)
  })
})

describe('OPTIONS', () => {
  it('is answered by the function itself, for pages of any origin, on every reply', async () => {
    const { statusCode, headers = {} } = await handler(
      gatewayEvent('/ndvi', { method: 'OPTIONS' }),
      context,
    )
    assert.equal(statusCode, 204)
    assert.equal(headers['access-control-allow-methods'], 'GET, HEAD, POST, OPTIONS')
    assert.match(String(headers['access-control-allow-headers']), /authorization.*prefer/)
    const health = await handler(gatewayEvent('/health'), context)
    const fault = await handler(gatewayEvent('/nothing'), context)
    for (const { headers: told = {} } of [{ headers }, health, fault]) {
      assert.equal(told['access-control-allow-origin'], '*')
    }
  })
})

describe('behind a CDN', () => {
  const old = 'o'.repeat(32)
  const next = 'n'.repeat(32)
  const front = deployed('https://d111.cloudfront.example', { ORIGIN_SECRET: `${next} ${old}` })
  const ask = (rawPath: string, headers: Readonly<Record<string, string>>, method = 'GET') =>
    front(gatewayEvent(rawPath, { method, headers }), context)

  it('what came through it is answered, by either secret while one is changed', async () => {
    for (const secret of [old, next]) {
      const { statusCode } = await ask('/health', { 'X-Origin-Secret': secret })
      assert.equal(statusCode, 200)
    }
  })

  it('nothing else is, health, pages of others and unknown paths included', async () => {
    const asked: readonly (readonly [string, Readonly<Record<string, string>>, string?])[] = [
      ['/health', {}],
      ['/health', { 'x-origin-secret': '' }],
      ['/health', { 'x-origin-secret': `${old}x` }],
      ['/health', { 'x-origin-secret': `${next} ${old}` }],
      ['/ndvi', { origin: 'https://a.example' }, 'OPTIONS'],
      ['/ndvi', { authorization: `Bearer ${TOKEN}` }, 'POST'],
      ['/', { accept: 'text/html' }],
      ['/nothing', {}],
    ]
    for (const [path, headers, method] of asked) {
      const { statusCode, body = '' } = await ask(path, headers, method)
      assert.equal(statusCode, 421, path)
      const { code, detail } = JSON.parse(body)
      assert.equal(code, 'misdirected')
      assert.match(detail, /ask https:\/\/d111\.cloudfront\.example\.$/)
      assert.ok(!body.includes(old) && !body.includes(next))
    }
  })
})
