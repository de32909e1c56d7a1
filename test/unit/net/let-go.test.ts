// A connection that its server lets go of just when it is used again.

import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { describe, it } from 'node:test'
import { createHttp, type HttpRequest } from '../../../lib/net/http.ts'
import { serve } from './loopback.ts'

const policy = { allowedHosts: [], allowPrivate: true }
const limits = { maxBytes: 100, firstByteMs: 5_000, stallMs: 5_000, totalMs: 5_000 }
const { signal } = new AbortController()

/** A server that answers the first request of each connection, and does something else with all others. */
async function start(other: (socket: Socket) => void) {
  const requests: string[] = []
  const served = new Set<Socket>()
  const url = await serve(({ socket, method = '' }: IncomingMessage, response) => {
    requests.push(`${method} ${served.has(socket) ? 'again' : 'first'}`)
    if (served.has(socket)) return other(socket)
    served.add(socket)
    response.end('hello')
  })
  const http = createHttp(policy)
  const ask = async (request: Partial<HttpRequest>) =>
    (await http.request(url, { ...limits, ...request }, signal)).status
  return { ask, requests }
}

const ways = {
  reset: (socket: Socket) => void socket.resetAndDestroy(),
  end: (socket: Socket) => void socket.end(),
}

describe('a connection that breaks when it is used again', () => {
  for (const [how, other] of Object.entries(ways)) {
    for (const apart of [false, true]) {
      it(`is made anew for what only reads: ${how}, ${apart ? 'apart' : 'shared'}`, async () => {
        const { ask, requests } = await start(other)
        for (const _ of [1, 2, 3]) assert.equal(await ask({ apart }), 200)
        const asked = ['GET first', 'GET again', 'GET first', 'GET again', 'GET first']
        assert.deepEqual(requests, asked)
      })
    }
  }

  it('is told for what may have been done, once', async () => {
    const { ask, requests } = await start(ways.reset)
    assert.equal(await ask({ method: 'POST', body: new Uint8Array(1) }), 200)
    await assert.rejects(
      ask({ method: 'POST', body: new Uint8Array(1) }),
      /connection (reset|closed early)/,
    )
    assert.deepEqual(requests, ['POST first', 'POST again'])
  })

  it('is told where the next one breaks as well', async () => {
    const requests: string[] = []
    const url = await serve(({ socket, url: path = '' }, response) => {
      requests.push(path)
      if (path === '/good') response.end('hello')
      else socket.resetAndDestroy()
    })
    const http = createHttp(policy)
    const ask = (path: string) => http.request(new URL(path, url).href, limits, signal)
    assert.equal((await ask('/good')).status, 200)
    await assert.rejects(ask('/bad'), /connection (reset|closed early)/)
    assert.deepEqual(requests, ['/good', '/bad', '/bad'])
  })
})
