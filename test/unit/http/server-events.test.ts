// Events by HTTP: what cannot be read is told as of any request, to who sent it and in the log.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { GreenprintError } from '../../../lib/errors.ts'
import { serverEvents } from '../../../lib/http/server-events.ts'

const lines: string[] = []
const route = serverEvents(
  {
    echo: async (event) => ({ event }),
    unreachable: () => Promise.reject(new GreenprintError('item_unreachable', 'nobody answers')),
    broken: () => Promise.reject(new TypeError('a slip')),
  },
  '/_events',
  (level, line) => void lines.push(`${level} ${JSON.stringify(line)}`),
)

async function ask(name: string, body: string) {
  const request = new Request(`http://127.0.0.1/_events/${name}`, { method: 'POST' })
  const response = await route(request, new TextEncoder().encode(body))
  assert.ok(response !== null)
  return { status: response.status, told: await response.text() }
}

describe('an event by HTTP', () => {
  it('is answered with what was done', async () => {
    assert.deepEqual(await ask('echo', '{"a":1}'), { status: 200, told: '{"event":{"a":1}}' })
  })

  for (const [name, body, status, told] of [
    ['echo', '{', 400, /"code":"invalid_request"/],
    ['echo', '', 400, /"code":"invalid_request"/],
    ['echo', '['.repeat(200), 400, /nested more than 100 levels/],
    ['echo', `"${'x'.repeat(1_100_000)}"`, 413, /An event may have at most 1048576 bytes/],
    ['unreachable', '{}', 502, /"code":"item_unreachable"/],
  ] as const) {
    it(`that comes to nothing is a problem: ${name} ${body.slice(0, 9)} ${status}`, async () => {
      const answer = await ask(name, body)
      assert.equal(answer.status, status)
      assert.match(answer.told, told)
      const level = status > 500 ? 'warn' : 'info'
      const line = `"event":"refused","method":"POST","path":"/_events/${name}","status":${status},"code":`
      assert.ok(lines.pop()?.startsWith(`${level} {${line}`))
      assert.deepEqual(lines, [])
    })
  }

  it('whose handler has a fault of its own is an internal error, which is logged', async () => {
    const answer = await ask('broken', '{}')
    assert.equal(answer.status, 500)
    assert.doesNotMatch(answer.told, /a slip/)
    assert.match(lines[0] ?? '', /^error .*a slip/)
  })

  it('is for the named handlers alone', async () => {
    for (const path of ['_events/constructor', '_local/echo']) {
      const request = new Request(`http://127.0.0.1/${path}`, { method: 'POST' })
      assert.equal(await route(request, new TextEncoder().encode('{}')), null)
    }
  })
})
