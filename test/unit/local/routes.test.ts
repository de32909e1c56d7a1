// POST /_local/<door>: the body reaches the handler as its event, and its answer comes back.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { firstRoute, handlerRoutes } from '../../../lib/local/routes.ts'

const events: unknown[] = []
const route = handlerRoutes({
  notify: async (event, context) => {
    events.push(event)
    return { left: context.getRemainingTimeInMillis() }
  },
  broken: () => Promise.reject(new Error('not today')),
  silent: async () => undefined,
})
const ask = (method: string, path: string, body = '{"a":1}') =>
  route(new Request(`http://127.0.0.1${path}`, { method }), new TextEncoder().encode(body))

describe('a door', () => {
  it('is handed the body as its event, and as much time as when deployed', async () => {
    const response = await ask('POST', '/_local/notify')
    assert.deepEqual(events, [{ a: 1 }])
    assert.deepEqual(await response?.json(), { left: 900_000 })
  })

  it('that answers nothing answers null', async () => {
    assert.equal(await (await ask('POST', '/_local/silent'))?.json(), null)
  })

  it('that throws, or is handed no JSON, is told as a failed invocation', async () => {
    for (const response of [
      await ask('POST', '/_local/broken'),
      await ask('POST', '/_local/notify', '{'),
    ]) {
      assert.equal(response?.status, 500)
      assert.match(await response.text(), /^\{"errorMessage":"[^"]+/)
    }
  })

  it('that is none is for the API to answer', async () => {
    for (const [method, path] of [
      ['GET', '/_local/notify'],
      ['POST', '/_local/other'],
      ['POST', '/_local/constructor'],
      ['POST', '/_local/notify/x'],
      ['POST', '/ndvi'],
    ] as const) {
      assert.equal(await ask(method, path), null, `${method} ${path}`)
    }
  })

  it('is asked in order with other local routes', async () => {
    const both = firstRoute(
      () => null,
      () => new Response('second'),
      () => new Response('third'),
    )
    const response = await both(new Request('http://127.0.0.1/'), new Uint8Array())
    assert.equal(await response?.text(), 'second')
  })
})
