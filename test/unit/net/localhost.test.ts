// Names of this machine: resolved without asking anybody, and one server at one port.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createHttp } from '../../../lib/net/http.ts'
import { isLocalhost, isSameServer, localhostLookup } from '../../../lib/net/localhost.ts'
import { serve } from './loopback.ts'

const signal = new AbortController().signal
const limits = { maxBytes: 100, firstByteMs: 5_000, stallMs: 5_000, totalMs: 5_000 }
/** As on Lambda: only what the operator configured may be plain and private. */
const http = createHttp({ allowedHosts: [], allowPrivate: false })

it('localhost is every name that ends with it, and no other', () => {
  const cases = { localhost: true, 'a.localhost': true, 'A.IPFS.LOCALHOST.': true }
  for (const [name, expected] of Object.entries(cases)) assert.equal(isLocalhost(name), expected)
  for (const name of ['localhost.example', 'mylocalhost', '127.0.0.1', ''])
    assert.equal(isLocalhost(name), false, name)
})

it('names below localhost resolve to this machine without DNS, all others as they do', async () => {
  const all = await new Promise((resolve) =>
    localhostLookup('bafy.ipfs.localhost', { all: true }, (_, found) => resolve(found)),
  )
  assert.deepEqual(all, [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ])
  const one = await new Promise((resolve) =>
    localhostLookup('localhost', {}, (_, address, family) => resolve([address, family])),
  )
  assert.deepEqual(one, ['127.0.0.1', 4])
  const other = await new Promise((resolve) =>
    localhostLookup('127.0.0.2', {}, (_, address) => resolve(address)),
  )
  assert.equal(other, '127.0.0.2')
})

describe('one server', () => {
  const same = (one: string, other: string) => isSameServer(new URL(one), new URL(other))
  it('has one port and names of this machine', () => {
    assert.ok(same('http://localhost:8080/a', 'http://b.localhost:8080/c'))
    assert.ok(!same('http://localhost:8080', 'http://localhost:8081'))
    assert.ok(!same('http://localhost:8080', 'https://localhost:8080'))
    assert.ok(!same('https://a.example', 'https://b.a.example'))
  })
})

describe('a gateway on localhost', () => {
  it('may send on to a name below localhost at its port, with its headers', async () => {
    const seen: (string | undefined)[] = []
    const url = await serve((request, response) => {
      seen.push(request.headers.host, request.headers.authorization)
      if (request.url === '/') return response.end('block')
      const port = (request.headers.host ?? '').replace(/^.*:/, '')
      return response.writeHead(301, { location: `http://bafy.ipfs.localhost:${port}/` }).end()
    })
    const [, , port = ''] = url.split(':')
    const request = { ...limits, trusted: true, headers: { authorization: 'key' } }
    const reply = await http.request(`http://localhost:${port}/ipfs/bafy`, request, signal)
    assert.equal(Buffer.from(reply.body).toString(), 'block')
    assert.deepEqual(seen, [`localhost:${port}`, 'key', `bafy.ipfs.localhost:${port}`, 'key'])
  })

  it('may not send on to another port, nor may a caller name it', async () => {
    const url = await serve((_, response) =>
      response.writeHead(301, { location: 'http://x.localhost:1/' }).end(),
    )
    const address = url.replace('127.0.0.1', 'localhost')
    const refused = { code: 'host_refused' }
    await assert.rejects(http.request(address, { ...limits, trusted: true }, signal), refused)
    await assert.rejects(http.request(address, limits, signal), refused)
  })
})
