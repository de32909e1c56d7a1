// Requests and replies that are made without Node's own: whatever those do, these do.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { LightHeaders } from '../../../lib/http/light/headers.ts'
import { LightRequest } from '../../../lib/http/light/request.ts'
import { LightResponse } from '../../../lib/http/light/response.ts'
import { randomFrom } from '../../harness/random.ts'

const names = ['Vary', 'vary', 'ETag', 'set-cookie', 'Set-Cookie', 'cookie', 'x_1', 'a b', '', 'é']
const values = ['a', ' b\t', '', '\r\n c \n', 'd\0', 'e\nf', '\u00fc', '\u4e2d', 'g,h']
const calls = ['append', 'set', 'delete', 'has', 'get', 'getSetCookie'] as const

/** What came of it: its value, or which error. */
function outcome(work: () => unknown): unknown {
  try {
    return { value: work() }
  } catch (error) {
    return error instanceof Error ? error.name : error
  }
}

function sameOutcome(light: () => unknown, real: () => unknown, what: string): void {
  assert.deepEqual(outcome(light), outcome(real), what)
}

describe('headers', () => {
  it('are what Node’s are after anything that is done to them', () => {
    const random = randomFrom(7)
    for (let round = 0; round < 200; round++) {
      const light = new LightHeaders()
      const real = new Headers()
      for (let step = 0; step < 12; step++) {
        const [call, name, value] = [random.pick(calls), random.pick(names), random.pick(values)]
        const apply = (headers: Headers) =>
          call === 'append' || call === 'set' ? headers[call](name, value) : headers[call](name)
        sameOutcome(
          () => apply(light),
          () => apply(real),
          `${call} ${name} ${value}`,
        )
        assert.deepEqual([...light], [...real])
      }
      const told: string[] = []
      light.forEach((value, name) => told.push(name, value))
      assert.deepEqual(told, [...real].flat())
      assert.deepEqual([...light.keys()], [...real.keys()])
      assert.deepEqual([...light.values()], [...real.values()])
      assert.deepEqual([...new LightHeaders(light)], [...new Headers([...real])])
    }
  })

  it('are made of records, pairs and others, and go into Node’s own', () => {
    const record = { 'Content-Type': 'text/plain', 'x-b': '1', 'X-A': '2' }
    for (const given of [record, Object.entries(record), new LightHeaders(record)]) {
      assert.deepEqual([...new LightHeaders(given)], [...new Headers(record)])
    }
    assert.deepEqual([...new Headers(new LightHeaders(record))], [...new Headers(record)])
    sameOutcome(
      () => [...new LightHeaders({ 'a b': '' })],
      () => [...new Headers({ 'a b': '' })],
      '',
    )
  })
})

const properties = {
  request: [
    'method',
    'url',
    'cache',
    'credentials',
    'destination',
    'duplex',
    'integrity',
    'keepalive',
    'mode',
    'redirect',
    'referrer',
    'referrerPolicy',
    'bodyUsed',
  ],
  response: ['status', 'statusText', 'ok', 'type', 'url', 'redirected', 'bodyUsed'],
} as const

const streamOf = (...texts: readonly string[]) =>
  ReadableStream.from(texts.map((text) => new TextEncoder().encode(text)))

/** A new one for each reader, since a stream is read once. */
const bodies = {
  nothing: () => null,
  'no letter': () => '',
  text: () => '\ufeff{"a":"\u00fc\ud800"}',
  bytes: () => Uint8Array.of(0xef, 0xbb, 0xbf, 0x5b, 0x31, 0x5d),
  'a stream': () => streamOf('[1,', '2]'),
} as const

describe('a body', () => {
  it('tells its bytes without being read, but of a stream', async () => {
    for (const make of Object.values(bodies)) {
      const light = new LightResponse(make())
      const isStream = make() instanceof ReadableStream
      assert.equal(light.size, isStream ? null : (await new Response(make()).bytes()).length)
      assert.equal(light.bodyUsed, false)
    }
  })
})

describe('a response', () => {
  it('is what Node’s is, of every status', () => {
    const pick = (response: Response) => [
      properties.response.map((name) => response[name]),
      [...response.headers],
      response.body === null,
    ]
    for (const status of [0, 100, 199, 200, 204, 205, 299, 300, 304, 404, 499, 599, 600]) {
      for (const body of [null, '', 'text']) {
        sameOutcome(
          () => pick(new LightResponse(body, { status, headers: { vary: 'a' } })),
          () => pick(new Response(body, { status, headers: { vary: 'a' } })),
          `${status} ${JSON.stringify(body)}`,
        )
      }
    }
  })

  for (const [kind, make] of Object.entries(bodies)) {
    it(`with ${kind} is read as Node’s is, once`, async () => {
      for (const read of ['text', 'json', 'arrayBuffer', 'bytes', 'blob'] as const) {
        const told: unknown[] = []
        for (const response of [new LightResponse(make()), new Response(make())]) {
          const get = async () => {
            const got = await response[read]()
            return got instanceof Blob ? [got.type, await got.text()] : got
          }
          const failure = (error: Error) => error.name
          const first = await get().catch(failure)
          told.push([first, response.bodyUsed, await get().catch(failure)])
        }
        assert.deepEqual(told[0], told[1], read)
      }
    })

    it(`with ${kind} is a stream, and Node’s own can be made of it`, async () => {
      const light = new LightResponse(make(), { headers: { 'content-type': 'x/y' } })
      const made = new Response(light.body, light)
      const expected = await new Response(make()).bytes()
      assert.deepEqual(await made.bytes(), expected)
      assert.equal(made.headers.get('content-type'), 'x/y')
      await assert.rejects(async () => {
        if (make() === null) throw new TypeError('there is nothing')
        return light.text()
      }, TypeError)
    })

    it(`with ${kind} is copied before it is read, not after`, async () => {
      const light = new LightResponse(make(), { status: 201, headers: { vary: 'a' } })
      const copy = light.clone()
      const expected = await new Response(make()).text()
      assert.equal(await copy.text(), expected)
      assert.equal(await light.text(), expected)
      assert.deepEqual([copy.status, copy.headers.get('vary')], [201, 'a'])
      if (make() !== null) assert.throws(() => light.clone(), TypeError)
    })
  }

  it('gives bytes away as copies', async () => {
    const given = Uint8Array.of(1, 2, 3)
    const view = given.subarray(1)
    const bytes = await new LightResponse(view).bytes()
    bytes.fill(9)
    assert.deepEqual([...given], [1, 2, 3])
    assert.equal((await new LightResponse(view).arrayBuffer()).byteLength, 2)
    // A small one lies among others in a piece of memory that Node shares out.
    const buffer = Buffer.from([1, 2, 3])
    assert.equal((await new LightResponse(buffer).arrayBuffer()).byteLength, 3)
    ;(await new LightResponse(buffer).bytes()).fill(9)
    assert.deepEqual([...buffer], [1, 2, 3])
  })

  it('of JSON has its type, unless another is said', async () => {
    for (const headers of [{}, { 'content-type': 'application/geo+json' }]) {
      const init = { status: 202, headers }
      const [light, real] = [LightResponse.json({ a: 1 }, init), Response.json({ a: 1 }, init)]
      assert.deepEqual([...light.headers], [...real.headers])
      assert.deepEqual([light.status, await light.text()], [real.status, await real.text()])
    }
  })

  it('reads a form by Node’s own reader', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const form = await new LightResponse('a=1&b=2', { headers }).formData()
    assert.deepEqual(
      [...form],
      [
        ['a', '1'],
        ['b', '2'],
      ],
    )
  })
})

describe('a request', () => {
  it('is what Node’s is, by every method', () => {
    const pick = (request: Request) => [
      properties.request.map((name) => request[name]),
      [...request.headers],
      request.signal.aborted,
      request.body === null,
    ]
    const url = new URL('https://localhost/a?b=%20#c')
    const good = 'GET get Head post Put delete options patch PATCH propfind'.split(' ')
    const methods = [...good, 'TRACE', 'track', 'Connect', '', 'a b', 'é', 'a\n']
    for (const method of methods) {
      for (const body of [null, 'text']) {
        const init = { method, body, headers: { host: 'x' } }
        sameOutcome(
          () => pick(new LightRequest(url, init)),
          () => pick(new Request(url, init)),
          `${method} ${body}`,
        )
      }
    }
  })

  it('is refused an address with credentials, as by Node', () => {
    for (const address of ['https://a@localhost/', 'https://:b@localhost/', 'https://localhost/']) {
      const url = new URL(address)
      sameOutcome(
        () => new LightRequest(url).url,
        () => new Request(url).url,
        address,
      )
    }
  })

  it('can be copied, and both are read', async () => {
    const url = new URL('https://localhost/')
    const request = new LightRequest(url, { method: 'POST', body: '{"a":1}' })
    const copy = request.clone()
    assert.deepEqual(await copy.json(), await request.json())
    assert.deepEqual([copy.method, copy.url], [request.method, request.url])
    assert.throws(() => request.clone(), TypeError)
  })
})
