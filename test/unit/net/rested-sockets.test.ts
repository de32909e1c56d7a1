// A process that stood still: its connections are gone, and nobody told it so.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { describe, it } from 'node:test'
import { Worker } from 'node:worker_threads'
import { createHttp, type Http } from '../../../lib/net/http.ts'
import { serve } from './loopback.ts'

const policy = { allowedHosts: [], allowPrivate: true }
const limits = { maxBytes: 100, firstByteMs: 5_000, stallMs: 5_000, totalMs: 5_000 }
const { signal } = new AbortController()

async function ask(http: Http, url: string, apart: boolean): Promise<number> {
  return (await http.request(url, { ...limits, apart }, signal)).status
}

describe('after a minute without a request', () => {
  for (const apart of [false, true]) {
    it(`a new connection is opened, ${apart ? 'apart' : 'shared'}`, async () => {
      let at = 0
      const http = createHttp(policy, undefined, { elapsed: () => at })
      /** As a NAT gateway: a reset is its answer to what it has forgotten. */
      const forgotten = new Set<Socket>()
      const seen = new Set<Socket>()
      let resets = 0
      const url = await serve(({ socket }, response) => {
        seen.add(socket)
        if (forgotten.has(socket)) {
          resets++
          socket.resetAndDestroy()
        } else response.end('hello')
      })
      const forget = () => {
        for (const socket of seen) forgotten.add(socket)
      }
      assert.equal(await ask(http, url, apart), 200)
      at += 59_000
      assert.equal(await ask(http, url, apart), 200)
      assert.equal(seen.size, 1)
      forget()
      at += 61_000
      assert.equal(await ask(http, url, apart), 200)
      assert.equal(seen.size, 2)
      assert.equal(resets, 0)
      forget()
      assert.equal(await ask(http, url, apart), 200)
      assert.equal(resets, 1, 'no rest: the connection is used, and made anew')
    })
  }
})

describe('after a shorter rest', () => {
  it('what happened meanwhile is heard before a connection is used', async (t) => {
    const isGone = new Int32Array(new SharedArrayBuffer(4))
    // By another thread: it goes on while this one stands still.
    const server = new Worker(
      `const { parentPort, workerData: isGone } = require('node:worker_threads')
       require('node:net').createServer((socket) => {
         socket.on('error', () => undefined).on('data', () => {
           socket.write('HTTP/1.1 200 OK\\r\\ncontent-length: 2\\r\\n\\r\\nok')
           setTimeout(() => socket.resetAndDestroy(), 110)
         }).on('close', () => {
           Atomics.store(isGone, 0, 1)
           Atomics.notify(isGone, 0)
         })
       }).listen(0, '127.0.0.1', function () { parentPort.postMessage(this.address().port) })`,
      { eval: true, workerData: isGone },
    )
    t.after(() => server.terminate())
    const [port] = await once(server, 'message')
    const http = createHttp(policy)
    for (let round = 0; round < 4; round++) {
      assert.equal(await ask(http, `http://127.0.0.1:${port}/`, false), 200)
      Atomics.wait(isGone, 0, 0, 10_000)
      Atomics.store(isGone, 0, 0)
    }
  })
})
