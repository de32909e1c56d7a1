// Which replies are packed, how, and what their headers say of it.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { compress } from '../../../lib/http/compress.ts'

const long = JSON.stringify({ text: 'greenprint '.repeat(2_000) })

async function packed(
  accepted: string | null,
  {
    body = long,
    type = 'application/json',
    status = 200,
    method = 'GET',
    headers = {},
  }: {
    body?: string | null
    type?: string
    status?: number
    method?: string
    headers?: Record<string, string>
  } = {},
) {
  const request = new Request('https://ndvi.example/', {
    method,
    headers: accepted === null ? {} : { 'accept-encoding': accepted },
  })
  const given = { 'content-type': type, ...headers }
  const response = await compress(request, new Response(body, { status, headers: given }))
  return { response, bytes: new Uint8Array(await response.arrayBuffer()) }
}

describe('a long text', () => {
  const rows = [
    ['br', 'br'],
    ['gzip', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['br;q=0.5, gzip', 'gzip'],
    ['GZIP;Q=1', 'gzip'],
    // Python's requests cannot read br where nobody installed it, and says that it takes anything.
    ['*', 'gzip'],
    ['br;q=0, *', 'gzip'],
    ['identity', null],
    ['deflate', null],
    ['gzip;q=0', null],
    ['', null],
    [null, null],
  ] as const
  for (const [accepted, coding] of rows) {
    it(`is sent as ${coding ?? 'it is'} to who accepts ${JSON.stringify(accepted)}`, async () => {
      const { response, bytes } = await packed(accepted)
      assert.equal(response.headers.get('content-encoding'), coding)
      assert.equal(response.headers.get('vary'), 'accept-encoding')
      const unpack = { br: brotliDecompressSync, gzip: gunzipSync }
      const plain = coding === null ? bytes : unpack[coding](bytes)
      assert.equal(new TextDecoder().decode(plain), long)
      if (coding !== null) assert.equal(response.headers.get('content-length'), `${bytes.length}`)
    })
  }

  it('of any kind is packed', async () => {
    for (const type of [
      'application/problem+json',
      'application/geo+json',
      'text/html; charset=utf-8',
      'image/svg+xml',
    ]) {
      assert.equal(
        (await packed('gzip', { type })).response.headers.get('content-encoding'),
        'gzip',
      )
    }
  })

  it('keeps its status and headers, and a tag that is weak now', async () => {
    const headers = { etag: '"abc"', link: '<x>', vary: 'origin' }
    const { response } = await packed('br', { status: 422, headers })
    assert.equal(response.status, 422)
    assert.equal(response.headers.get('etag'), 'W/"abc"')
    assert.equal(response.headers.get('link'), '<x>')
    assert.equal(response.headers.get('vary'), 'origin, accept-encoding')
  })
})

describe('a reply stays as it is', () => {
  const rows = [
    ['of 10 KiB less a byte', { body: 'x'.repeat(10_239) }],
    ['that is a picture', { type: 'image/png' }],
    ['that is a block', { type: 'application/vnd.ipld.raw' }],
    ['that is a part', { status: 206 }],
    ['that is packed already', { headers: { 'content-encoding': 'zstd' } }],
    ['to HEAD', { method: 'HEAD' }],
    ['without a body', { body: null, status: 304 }],
  ] as const
  for (const [what, reply] of rows) {
    it(what, async () => {
      const { response } = await packed('br, gzip', reply)
      assert.doesNotMatch(response.headers.get('content-encoding') ?? '', /br|gzip/)
    })
  }

  it('and one of 10 KiB does not', async () => {
    const { response } = await packed('br, gzip', { body: 'x'.repeat(10_240) })
    assert.equal(response.headers.get('content-encoding'), 'br')
  })
})
