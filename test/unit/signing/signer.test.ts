// Who signs which request: Planetary Computer's tokens, from memory while they last, and headers for their own host.

import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import type { Http } from '../../../lib/net/http.ts'
import type { HttpReply } from '../../../lib/net/reply.ts'
import { createSigner } from '../../../lib/signing/signer.ts'

const signal = new AbortController().signal
const MINUTE = 60_000
const blob = 'https://sentinel2l2a01.blob.core.windows.net/sentinel2-l2/31/B04.tif'

let now = Date.parse('2026-11-25T10:00:00Z')
const clock = { elapsed: () => now, now: () => now, sleep: async () => undefined }
let asked: string[]
let answer: (url: string) => { status: number; value: unknown } | Promise<never>
let count: number
beforeEach(() => {
  asked = []
  count = 0
  answer = () => ({
    status: 200,
    value: {
      'msft:expiry': new Date(now + 45 * MINUTE).toISOString(),
      token: `st=a&se=b&sig=n${++count}`,
    },
  })
})

/** The token service, and nobody else. */
const http: Http = {
  async request(url): Promise<HttpReply> {
    asked.push(url)
    const { status, value } = await answer(url)
    const body = new TextEncoder().encode(JSON.stringify(value))
    return {
      status,
      headers: { get: () => null },
      trailers: { get: () => null },
      url,
      body: new Uint8Array(body),
    }
  },
  stream: () => Promise.reject(new Error('no file is read here')),
}

const signer = () => createSigner([], http, clock)

describe('a blob of Planetary Computer', () => {
  it('is signed by the token of its container', async () => {
    const { url, headers } = await signer().sign(blob, null, signal)
    assert.equal(url, `${blob}?st=a&se=b&sig=n1`)
    assert.deepEqual(headers, {})
    assert.deepEqual(asked, [
      'https://planetarycomputer.microsoft.com/api/sas/v1/token/sentinel2l2a01/sentinel2-l2',
    ])
    const queried = await signer().sign(`${blob}?versionid=1`, null, signal)
    assert.equal(queried.url, `${blob}?versionid=1&st=a&se=b&sig=n2`)
  })

  it('is signed from memory until five minutes before the token is over', async () => {
    const one = signer()
    await one.sign(blob, null, signal)
    now += 39 * MINUTE
    assert.match((await one.sign(`${blob}2`, null, signal)).url, /sig=n1$/)
    now += 2 * MINUTE
    assert.match((await one.sign(blob, null, signal)).url, /sig=n2$/)
    assert.equal(asked.length, 2)
  })

  it('asks once for all that is read at once, and for each container', async () => {
    const one = signer()
    const other = blob.replace('sentinel2-l2', 'another')
    await Promise.all([blob, `${blob}2`, blob, other].map((url) => one.sign(url, null, signal)))
    assert.equal(asked.length, 2)
  })

  it('that is refused gets a new token, once for all that were refused', async () => {
    const one = signer()
    const refused = await one.sign(blob, null, signal)
    const again = await Promise.all([1, 2, 3].map(() => one.sign(blob, refused, signal)))
    assert.deepEqual(
      again.map(({ url }) => url.at(-1)),
      ['2', '2', '2'],
    )
    // One that was refused before the new token came.
    assert.match((await one.sign(blob, refused, signal)).url, /sig=n2$/)
    assert.equal(asked.length, 2)
  })

  it('without a token is asked for as it is, and its container is left alone for a while', async () => {
    answer = () => ({ status: 404, value: {} })
    const one = signer()
    assert.equal((await one.sign(blob, null, signal)).url, blob)
    assert.equal((await one.sign(blob, null, signal)).url, blob)
    assert.equal(asked.length, 1)
    now += 6 * MINUTE
    await one.sign(blob, null, signal)
    assert.equal(asked.length, 2)
  })

  it('whose token cannot be had says so, and is tried again', async () => {
    answer = () => ({ status: 503, value: 'busy' })
    const one = signer()
    await assert.rejects(one.sign(blob, null, signal), /no token.*503/)
    answer = () => ({ status: 200, value: { token: 1 } })
    await assert.rejects(one.sign(blob, null, signal), /no token/)
    answer = () => Promise.reject(new Error('no network'))
    await assert.rejects(one.sign(blob, null, signal), /no network/)
    assert.equal(asked.length, 3)
  })

  it('of who gives up harms nobody else', async () => {
    const gate = Promise.withResolvers<void>()
    const one = createSigner(
      [],
      {
        ...http,
        request: async (url, request, stop) => {
          await gate.promise
          return http.request(url, request, stop)
        },
      },
      clock,
    )
    const caller = new AbortController()
    const [left, stayed] = [one.sign(blob, null, caller.signal), one.sign(blob, null, signal)]
    caller.abort(new Error('had enough'))
    await assert.rejects(left, /had enough/)
    gate.resolve()
    assert.match((await stayed).url, /sig=n1$/)
  })
})

describe('headers of the configuration', () => {
  const hosts = [{ url: 'https://data.example', headers: { authorization: 'Bearer t' } }]
  const known = createSigner(hosts, http, clock)

  it('are sent to their own origin', async () => {
    const url = 'https://data.example/a/B04.tif'
    assert.deepEqual(await known.sign(url, null, signal), {
      url,
      headers: { authorization: 'Bearer t' },
    })
  })

  it('are not spent for anybody who asks', async () => {
    const url = 'https://data.example/a/B04.tif'
    assert.deepEqual(await known.forAnybody.sign(url, null, signal), { url, headers: {} })
    assert.match((await known.forAnybody.sign(blob, null, signal)).url, /sig=n1$/)
  })

  it('are sent to nobody else', async () => {
    for (const url of [
      'https://data.example.org/a',
      'https://data.example:444/a',
      'http://data.example/a',
      'https://a.data.example/a',
    ]) {
      assert.deepEqual(await known.sign(url, null, signal), { url, headers: {} })
    }
  })
})
