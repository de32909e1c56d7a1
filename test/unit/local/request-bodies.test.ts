// How much of its callers' bodies a server holds, and how long it waits for callers who do not read.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Server } from 'node:http'
import { connect, type Socket } from 'node:net'
import { after, describe, it } from 'node:test'
import { systemClock } from '../../../lib/async/clock.ts'
import { createGatewayServer, type GatewayOptions, listen } from '../../../lib/local/api-gateway.ts'

const servers: Server[] = []
after(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

const KB = 1024

async function start(options: Partial<GatewayOptions>): Promise<number> {
  const server = createGatewayServer({
    invoke: async ({ body = '' }) => ({ statusCode: 200, body: `${body.length}` }),
    localRoute: () => null,
    timeoutMs: 29_000,
    clock: systemClock,
    ...options,
  })
  servers.push(server)
  return listen(server, 0)
}

/** A request of which so much of the body has been sent. */
async function begin(port: number, announced: number, sent: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  const head = `POST / HTTP/1.1\r\nhost: a\r\ncontent-type: text/plain\r\nconnection: close\r\ncontent-length: ${announced}\r\n\r\n`
  await new Promise((resolve) => {
    socket.write(head + 'x'.repeat(sent), resolve)
  })
  return socket
}

async function answerOf(socket: Socket): Promise<string> {
  return (await socket.toArray()).join('')
}

async function post(port: number, length: number): Promise<string> {
  return answerOf(await begin(port, length, length))
}

describe('the bodies of all requests together', () => {
  it('leave room for whoever sends one at once, however many are never finished', async () => {
    const port = await start({ mostHeld: 64 * KB })
    const unfinished: Socket[] = []
    for (let at = 0; at < 12; at++) {
      unfinished.push(await begin(port, 20 * KB, 10 * KB))
      assert.match(await post(port, 8 * KB), /^HTTP\/1\.1 200 /, `beside ${unfinished.length}`)
    }
    const [first, last] = [unfinished[0], unfinished.at(-1)]
    assert.ok(first && last)
    const refused = await answerOf(first)
    assert.match(refused, /^HTTP\/1\.1 503 [^]*\r\nretry-after: 1\r\n/)
    last.write('x'.repeat(10 * KB))
    assert.match(await answerOf(last), /^HTTP\/1\.1 200 [^]*\r\n20480\b/)
  })

  it('count until they are answered, and no longer', async () => {
    const answers: (() => void)[] = []
    const port = await start({
      mostHeld: 32 * KB,
      invoke: async () => {
        await new Promise<void>((resolve) => answers.push(resolve))
        return { statusCode: 200 }
      },
    })
    const worked = [await begin(port, 15 * KB, 15 * KB), await begin(port, 15 * KB, 15 * KB)]
    while (answers.length < 2) await new Promise(setImmediate)
    assert.match(await post(port, 4 * KB), /^HTTP\/1\.1 503 /)
    for (const answer of answers.splice(0)) answer()
    for (const socket of worked) assert.match(await answerOf(socket), /^HTTP\/1\.1 200 /)
    const next = await begin(port, 30 * KB, 30 * KB)
    while (answers.length === 0) await new Promise(setImmediate)
    // One whose caller has left is over as well.
    next.destroy()
    const others = post(port, 31 * KB)
    while (answers.length === 1) await new Promise(setImmediate)
    for (const answer of answers) answer()
    assert.match(await others, /^HTTP\/1\.1 200 /)
  })
})

describe('requests that come all at once on one connection', () => {
  it('are worked on one after the other, as their answers are read', {
    timeout: 20_000,
  }, async () => {
    let begun = 0
    const body = 'x'.repeat(1_000_000)
    const port = await start({
      invoke: async ({ rawPath }) => {
        begun++
        return { statusCode: 200, body: rawPath === '/last' ? 'the last' : body }
      },
    })
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined).pause()
    const head = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nhost: a\r\n${more}\r\n`
    socket.write(head('/').repeat(100) + head('/last', 'connection: close\r\n'))
    // Longer than all of them would take.
    await systemClock.sleep(300, AbortSignal.timeout(5_000))
    assert.ok(begun > 0 && begun < 50, `${begun} were begun`)
    const answers = (await socket.toArray()).join('')
    assert.equal(answers.match(/HTTP\/1\.1 200 /g)?.length, 101)
    assert.match(answers, /the last$/)
    assert.equal(begun, 101)
  })

  it('are left when the connection is gone', async () => {
    let begun = 0
    const first = Promise.withResolvers<void>()
    const port = await start({
      invoke: async () => {
        begun++
        first.resolve()
        await systemClock.sleep(50, AbortSignal.timeout(5_000))
        return { statusCode: 200 }
      },
    })
    const socket = connect(port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(50))
    await first.promise
    socket.destroy()
    await systemClock.sleep(200, AbortSignal.timeout(5_000))
    assert.ok(begun < 3, `${begun} were begun`)
  })
})

describe('an answer', () => {
  const body = 'x'.repeat(4_000_000)

  it('whose caller takes nothing of it is over some time later', { timeout: 20_000 }, async () => {
    const endless = () =>
      new ReadableStream({ pull: (to) => to.enqueue(Buffer.from(body)), cancel: cancelled.resolve })
    const cancelled = Promise.withResolvers<unknown>()
    const port = await start({
      unreadMs: 200,
      localRoute: async ({ url }) => (url.endsWith('/stream') ? new Response(endless()) : null),
      invoke: async () => ({ statusCode: 200, body: body.slice(0, 1_000_000) }),
    })
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined).pause()
    // As many answers as no system keeps for a caller.
    socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(40))
    const streaming = connect(port, '127.0.0.1')
    streaming.on('error', () => undefined).pause()
    streaming.write('GET /stream HTTP/1.1\r\nhost: a\r\n\r\n')
    await cancelled.promise
    const connections = () =>
      new Promise((resolve) => servers.at(-1)?.getConnections((_, count) => resolve(count)))
    while ((await connections()) !== 0) await systemClock.sleep(20, AbortSignal.timeout(10_000))
    socket.destroy()
    streaming.destroy()
  })

  it('may be read slowly, and may be long in coming', async () => {
    const port = await start({
      unreadMs: 200,
      invoke: async () => {
        await systemClock.sleep(500, AbortSignal.timeout(5_000))
        return { statusCode: 200, body }
      },
    })
    const socket = connect(port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
    let length = 0
    for await (const part of socket) {
      length += part.length
      if (length < 1_000_000) await systemClock.sleep(20, AbortSignal.timeout(5_000))
    }
    assert.ok(length > body.length)
  })
})
