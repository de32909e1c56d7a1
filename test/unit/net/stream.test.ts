// A body that is read while it arrives: its time limits wait for the server alone.

import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { HttpFailure } from '../../../lib/net/failure.ts'
import { createHttp } from '../../../lib/net/http.ts'
import { serve } from './loopback.ts'

const signal = new AbortController().signal
const http = createHttp({ allowedHosts: [], allowPrivate: true })
const times = { firstByteMs: 5_000, stallMs: 5_000, totalMs: Infinity }

async function textOf(parts: AsyncIterable<Uint8Array>): Promise<string> {
  let text = ''
  for await (const part of parts) text += new TextDecoder().decode(part)
  return text
}

describe('a streamed body', () => {
  it('comes with status, headers and address, behind a redirect too', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/from') response.writeHead(302, { location: '/to' }).end()
      else response.writeHead(206, { 'x-name': 'value' }).end('hello')
    })
    const stream = await http.stream(`${url}/from`, times, signal)
    assert.equal(stream.status, 206)
    assert.equal(stream.headers.get('X-Name'), 'value')
    assert.equal(stream.url, `${url}/to`)
    assert.equal(await textOf(stream.parts), 'hello')
    await stream.close()
  })

  it('may be left unread', async () => {
    const over = Promise.withResolvers<void>()
    const url = await serve((_, response) => {
      response.on('close', over.resolve)
      response.writeHead(200).write('endless')
    })
    const stream = await http.stream(url, times, signal)
    await stream.close()
    await over.promise
  })

  it('waits for a slow reader, however long', async () => {
    const url = await serve((_, response) => {
      response.write('one ')
      setTimeout(() => response.end('two'), 30)
    })
    const stream = await http.stream(url, { ...times, firstByteMs: 150, stallMs: 150 }, signal)
    await sleep(300)
    let text = ''
    for await (const part of stream.parts) {
      text += new TextDecoder().decode(part)
      await sleep(300)
    }
    assert.equal(text, 'one two')
    await stream.close()
  })

  it('does not wait for a server that stalls', async () => {
    const url = await serve((_, response) => response.writeHead(200).write('one'))
    const stream = await http.stream(url, { ...times, stallMs: 60 }, signal)
    await assert.rejects(
      textOf(stream.parts),
      (error) => error instanceof HttpFailure && /^stalled for 60 ms$/.test(error.message),
    )
    await stream.close()
  })

  it('that breaks says so', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 10 }).write('one', () => response.destroy())
    })
    const stream = await http.stream(url, times, signal)
    await assert.rejects(textOf(stream.parts), HttpFailure)
    await stream.close()
  })

  it('ends with the reason of who gives up', async () => {
    const url = await serve((_, response) => response.writeHead(200).write('one'))
    const caller = new AbortController()
    const stream = await http.stream(url, times, caller.signal)
    const reason = new Error('had enough')
    setTimeout(() => caller.abort(reason), 20)
    await assert.rejects(textOf(stream.parts), (error) => error === reason)
    await stream.close()
  })

  it('that comes apart waits for its turn at the server, and is not late for that', async () => {
    let most = 0
    const open = new Set<ServerResponse>()
    const url = await serve((request, response) => {
      open.add(response)
      most = Math.max(most, open.size)
      setTimeout(() => {
        open.delete(response)
        if (request.url === '/from') response.writeHead(302, { location: '/to' }).end()
        else response.end('whole')
      }, 40)
    })
    const apart = { ...times, firstByteMs: 500, apart: true }
    const read = async (path: string) => {
      const stream = await http.stream(`${url}${path}`, apart, signal)
      await textOf(stream.parts)
      await stream.close()
    }
    const paths = Array.from({ length: 100 }, (_, at) => (at % 2 === 0 ? '/to' : '/from'))
    await Promise.all(paths.map(read))
    assert.equal(most, 32)
    const gone = AbortSignal.timeout(20)
    const held = Array.from({ length: 32 }, () => http.stream(`${url}/to`, apart, signal))
    await assert.rejects(http.stream(`${url}/to`, apart, gone), { name: 'TimeoutError' })
    for (const each of held) await (await each).close()
    await read('/to')
  })

  it('that comes apart is served by a host that takes few at a time, too', async () => {
    let open = 0
    const url = await serve((_, response) => {
      if (open === 3) {
        response.writeHead(429).end()
        return
      }
      open++
      setTimeout(() => {
        open--
        response.end('whole')
      }, 20)
    })
    const apart = { ...times, apart: true }
    let refused = 0
    const read = async (): Promise<void> => {
      const stream = await http.stream(url, apart, signal)
      await textOf(stream.parts)
      await stream.close()
      if (stream.status === 200) return
      refused++
      await read()
    }
    await Promise.all(Array.from({ length: 30 }, read))
    assert.ok(refused < 15, `${refused} were refused`)
  })
})
