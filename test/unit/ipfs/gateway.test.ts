// One gateway: how it is asked, and what each of its answers means.

import assert from 'node:assert/strict'
import type { IncomingMessage, RequestListener } from 'node:http'
import { describe, it } from 'node:test'
import type { Clock } from '../../../lib/async/clock.ts'
import { createGateway, MAX_BLOCK_BYTES } from '../../../lib/ipfs/gateway.ts'
import { parseCid, RAW } from '../../../lib/ipld/cid.ts'
import { SourceFailure } from '../../../lib/model/source-failure.ts'
import { createHttp } from '../../../lib/net/http.ts'
import { noise } from '../../harness/blocks.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'
import { nobody, serve } from '../net/loopback.ts'

const signal = new AbortController().signal
const block = noise(1000)
const cid = cidOfBlock(RAW, block)
/** As on Lambda: only what the operator configured may be plain and private. */
const http = createHttp({ allowedHosts: [], allowPrivate: false })
const times = { firstByteMs: 3_000, stallMs: 3_000, totalMs: 3_000 }
const now = Date.UTC(2026, 8, 26, 12, 0, 0)
const clock: Clock = { elapsed: () => 0, now: () => now, sleep: async () => undefined }

async function gatewayOver(
  answer: RequestListener,
  { path = '', headers = {}, patience = times } = {},
) {
  const url = await serve(answer)
  return { url, ...createGateway({ url: url + path, headers }, http, clock, { times: patience }) }
}

async function failureOf(answer: RequestListener, patience = times): Promise<SourceFailure> {
  const gateway = await gatewayOver(answer, { patience })
  return gateway.get(cid, signal).then(
    () => assert.fail('it served'),
    (error: unknown) => {
      assert.ok(error instanceof SourceFailure, String(error))
      assert.equal(error.source, gateway.url)
      assert.equal(error.line, `${gateway.url}: ${error.message}`)
      return error
    },
  )
}

describe('a gateway', () => {
  it('is asked for one raw block, by the parameter and by the header', async () => {
    let asked: IncomingMessage | undefined
    const gateway = await gatewayOver((request, response) => {
      asked = request
      response.end(block)
    })
    assert.deepEqual(await gateway.get(cid, signal), block)
    assert.equal(asked?.method, 'GET')
    assert.equal(asked?.url, `/ipfs/${cid.toString()}?format=raw`)
    assert.equal(asked?.headers.accept, 'application/vnd.ipld.raw')
    assert.equal(asked?.headers['accept-encoding'], 'identity')
  })

  it('keeps its path and its own headers, and is named by its origin alone', async () => {
    let asked: IncomingMessage | undefined
    const headers = { Authorization: 'Bearer key', 'X-Other': 'a, b' }
    const gateway = await gatewayOver(
      (request, response) => {
        asked = request
        response.end(block)
      },
      { path: '/secret/key', headers },
    )
    await gateway.get(cid, signal)
    assert.equal(asked?.url, `/secret/key/ipfs/${cid.toString()}?format=raw`)
    assert.equal(asked?.headers.authorization, 'Bearer key')
    assert.equal(asked?.headers['x-other'], 'a, b')
    assert.equal(asked?.headers.accept, 'application/vnd.ipld.raw')
    assert.equal(gateway.name, gateway.url)
  })

  it('is asked for the CID as it is written, in version 0 too', async () => {
    const paths: string[] = []
    const gateway = await gatewayOver((request, response) => {
      paths.push(request.url ?? '')
      response.end(block)
    })
    await gateway.get(parseCid('QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn'), signal)
    assert.deepEqual(paths, ['/ipfs/QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn?format=raw'])
  })

  it('is believed in nothing: what it answers is handed on unchecked', async () => {
    const gateway = await gatewayOver((_, response) => response.end('<html>'))
    assert.equal(Buffer.from((await gateway.get(cid, signal)) ?? []).toString(), '<html>')
  })

  it('may redirect within its own origin', async () => {
    const gateway = await gatewayOver((request, response) => {
      if (request.url?.startsWith('/ipfs/'))
        response.writeHead(301, { location: '/elsewhere' }).end()
      else response.end(block)
    })
    assert.deepEqual(await gateway.get(cid, signal), block)
  })

  it('may not redirect to a private host', async () => {
    const failure = await failureOf((_, response) =>
      response.writeHead(302, { location: 'https://169.254.169.254/' }).end(),
    )
    assert.equal(failure.kind, 'refused')
    assert.match(failure.message, /169\.254\.169\.254 is not a public host/)
  })
})

describe('a gateway that answers', () => {
  const rows = [
    [404, 'absent'],
    [429, 'busy'],
    [503, 'busy'],
    [400, 'refused'],
    [401, 'refused'],
    [403, 'refused'],
    [406, 'refused'],
    [410, 'refused'],
    [412, 'refused'],
    [451, 'refused'],
    [204, 'refused'],
    [206, 'refused'],
    [304, 'refused'],
    [500, 'broken'],
    [502, 'broken'],
    [504, 'slow'],
    [408, 'slow'],
    [524, 'broken'],
  ] as const
  for (const [status, kind] of rows) {
    it(`${status} is ${kind}`, async () => {
      const failure = await failureOf((_, response) => response.writeHead(status).end())
      assert.equal(failure.kind, kind)
      assert.equal(failure.message, `HTTP ${status}`)
      assert.equal(failure.retryAfterMs, null)
    })
  }
})

describe('Retry-After', () => {
  const rows = [
    ['seconds', '7', 7_000],
    ['no time at all', '0', 0],
    ['a fraction, which some send', '1.5', 1_500],
    ['a date', 'Sat, 26 Sep 2026 12:00:30 GMT', 30_000],
    ['a date in the past', 'Sat, 26 Sep 2026 11:00:00 GMT', 0],
    ['something below zero', '-5', 0],
    ['words', 'soon', null],
  ] as const
  for (const [name, header, expected] of rows) {
    it(`is read as ${name}`, async () => {
      const failure = await failureOf((_, response) =>
        response.writeHead(429, { 'retry-after': header }).end(),
      )
      assert.equal(failure.retryAfterMs, expected)
    })
  }
})

describe('a block', () => {
  it('of 2 MiB is accepted, and one of a byte more is oversized', async () => {
    for (const announced of [true, false]) {
      const give =
        (length: number): RequestListener =>
        (_, response) => {
          if (announced) response.setHeader('content-length', length)
          response.write(Buffer.alloc(length - 1))
          response.end('x')
        }
      const gateway = await gatewayOver(give(MAX_BLOCK_BYTES))
      assert.equal((await gateway.get(cid, signal))?.length, MAX_BLOCK_BYTES)
      const failure = await failureOf(give(MAX_BLOCK_BYTES + 1))
      assert.equal(failure.kind, 'oversized')
      assert.equal(failure.message, 'body larger than 2097152 bytes')
    }
  })
})

describe('a gateway that is', () => {
  it('silent is slow', async () => {
    const failure = await failureOf(() => undefined, { ...times, firstByteMs: 40 })
    assert.deepEqual([failure.kind, failure.message], ['slow', 'no answer within 40 ms'])
  })

  it('stuck in the middle is slow', async () => {
    const half: RequestListener = (_, response) => response.writeHead(200).write('half')
    const failure = await failureOf(half, { ...times, stallMs: 40 })
    assert.deepEqual([failure.kind, failure.message], ['slow', 'stalled for 40 ms'])
  })

  it('dripping is slow', async () => {
    const drip: RequestListener = (_, response) => {
      const timer = setInterval(() => response.write('.'), 10)
      response.on('close', () => clearInterval(timer))
    }
    const failure = await failureOf(drip, { ...times, totalMs: 80 })
    assert.deepEqual([failure.kind, failure.message], ['slow', 'not finished within 80 ms'])
  })

  it('not there is broken', async () => {
    const gateway = createGateway({ url: await nobody(), headers: {} }, http, clock, { times })
    await assert.rejects(gateway.get(cid, signal), {
      kind: 'broken',
      message: 'connection refused',
    })
  })

  it('no longer waited for gives the caller’s own reason', async () => {
    const gateway = await gatewayOver(() => undefined)
    const caller = new AbortController()
    const reason = new Error('another one was faster')
    setTimeout(() => caller.abort(reason), 20)
    await assert.rejects(gateway.get(cid, caller.signal), (error) => error === reason)
  })
})
