// Delegated routing over http: what a router may answer, and what is made of it.

import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { describe, it } from 'node:test'
import { systemClock } from '../../../lib/async/clock.ts'
import { createGateway } from '../../../lib/ipfs/gateway.ts'
import { Providers } from '../../../lib/ipfs/providers.ts'
import { BlockRace } from '../../../lib/ipfs/race.ts'
import { createRouter, gatewayAt } from '../../../lib/ipfs/router.ts'
import { RAW } from '../../../lib/ipld/cid.ts'
import { createHttp } from '../../../lib/net/http.ts'
import { noise } from '../../harness/blocks.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'
import { nobody, serve } from '../net/loopback.ts'

const block = noise(100)
const cid = cidOfBlock(RAW, block)
const http = createHttp({ allowedHosts: [], allowPrivate: true })
const forever = new AbortController().signal
const peer = (...Addrs: readonly string[]) =>
  JSON.stringify({ Schema: 'peer', ID: '12D3Koo', Addrs })

async function ask(answer: RequestListener): Promise<readonly string[]> {
  return (await answerOf(await serve(answer))).gateways
}

const answerOf = (origin: string) =>
  createRouter(`${origin}/routing/v1`, http, false).providers(cid, 4)

describe('a multiaddr', () => {
  for (const [address, url] of [
    ['/dns4/a.example/tcp/443/https', 'https://a.example'],
    ['/dns/a.example/tcp/8443/tls/http', 'https://a.example:8443'],
    ['/dns6/a.example/https', 'https://a.example'],
    ['/dns/a.example/tcp/443/tls/sni/a.example/http', 'https://a.example'],
    ['/ip4/8.8.8.8/tcp/4001/tls/sni/a.example/http', 'https://a.example:4001'],
    ['/ip4/8.8.8.8/tcp/4001/tls/sni/*.a.example/http', null],
    ['/dns4/a.example/tcp/4001/tls/ws', null],
    ['/dns/a.example/tcp/443/https/http-path/key%2Fone', 'https://a.example/key/one'],
    ['/dns/a.example/tcp/443/https/p2p/12D3KooW', 'https://a.example'],
    ['/dns/a.example/tcp/80/http', null],
    ['/dns/a.example/tcp/443/wss', null],
    ['/dns/a.example/udp/443/quic-v1/webtransport', null],
    ['/dns/a.example/tcp/4001', null],
    ['/dns/a b/tcp/443/https', null],
    ['', null],
    [`/dns/${'a'.repeat(100_000)}/https`, null],
  ] as const) {
    it(`${address.slice(0, 60)} is ${url}`, () => assert.equal(gatewayAt(address, false), url))
  }

  it('of plain http counts where that is allowed', () => {
    assert.equal(gatewayAt('/ip4/127.0.0.1/tcp/8080/http', true), 'http://127.0.0.1:8080')
  })
})

describe('a router', () => {
  it('is asked once for HTTP gateways, and each of its lines counts', async () => {
    const asked: (string | undefined)[] = []
    const found = await ask((request, response) => {
      asked.push(request.url, request.headers.accept)
      response.write(`${peer('/dns/a.example/https', '/dns/a.example/tcp/4001')}\nnot json\n`)
      response.end(`{}\n${peer('/dns/b.example/tcp/443/https')}`)
    })
    assert.deepEqual(found, ['https://a.example', 'https://b.example'])
    assert.equal(
      asked[0],
      `/routing/v1/providers/${cid.toString()}?filter-protocols=unknown,transport-ipfs-gateway-http&filter-addrs=https,tls`,
    )
    assert.match(asked[1] ?? '', /ndjson/)
  })

  it('may answer one JSON document', async () => {
    const document = `{"Providers":[${peer('/dns/a.example/https')},${peer('/dns/b.example/https')}]}`
    const found = await ask((_, response) => response.end(document))
    assert.deepEqual(found, ['https://a.example', 'https://b.example'])
  })

  it('is cut off after four hosts', async () => {
    const lines = Array.from({ length: 9 }, (_, at) => peer(`/dns/${at}.example/https`))
    assert.equal((await ask((_, response) => response.end(lines.join('\n')))).length, 4)
  })

  it('that is late has found what it said by then', async () => {
    const found = await ask((_, response) => response.write(`${peer('/dns/a.example/https')}\n`))
    assert.deepEqual(found, ['https://a.example'])
  })

  const nothing: readonly (readonly [string, RequestListener, RegExp | null])[] = [
    ['says 404', (_, response) => response.writeHead(404).end(), null],
    ['says 200 and nothing', (_, response) => response.end(), null],
    ['says 200 with null', (_, response) => response.end('{"Providers":null}'), null],
    ['says 500', (_, response) => response.writeHead(500).end(), /^HTTP 500$/],
    ['says nothing', () => undefined, /within 2000 ms$/],
    ['sends a page', (_, response) => response.end('<!doctype html>'), null],
    ['sends without end', (_, response) => response.end('x'.repeat(3_000_000)), null],
  ]
  for (const [name, answer, words] of nothing) {
    it(`that ${name} knows nobody`, async () => {
      const { gateways, failure } = await answerOf(await serve(answer))
      assert.deepEqual(gateways, [])
      if (words === null) assert.equal(failure, null)
      else assert.match(failure ?? '', words)
    })
  }

  it('that is not there knows nobody, and that is told', async () => {
    const { gateways, failure } = await answerOf(await nobody())
    assert.deepEqual([gateways, failure], [[], 'connection refused'])
  })
})

describe('a block that the configured gateways do not serve', () => {
  async function world(configured: RequestListener) {
    const asked: string[] = []
    const holder = await serve((_, response) => response.end(block))
    const [, , port = ''] = holder.split(':')
    const router = await serve((request, response) => {
      asked.push(request.url ?? '')
      response.end(peer(`/ip4/127.0.0.1/tcp/${port}/http`))
    })
    const own = createGateway({ url: await serve(configured), headers: {} }, http, systemClock)
    const open = (url: string) =>
      createGateway({ url, headers: {} }, http, systemClock, { trusted: false })
    const providers = new Providers([createRouter(router, http, true)], open, systemClock)
    return { race: new BlockRace([own], systemClock, providers), asked, holder, own: own.name }
  }

  for (const [name, answer] of [
    ['because they lack it', (_, response) => response.writeHead(404).end()],
    ['in time', () => undefined],
  ] satisfies readonly (readonly [string, RequestListener])[]) {
    it(`(${name}) comes from a gateway that a router names, looked up once`, async () => {
      const { race, asked, holder } = await world(answer)
      const root = cidOfBlock(RAW, noise(7))
      for (let time = 0; time < 3; time++) {
        const { source } = await race.get(cid, forever, { root, mirrors: [] })
        assert.equal(source, holder)
      }
      assert.equal(asked.length, 1)
    })
  }

  it('asks no router where they do', async () => {
    const { race, asked, own } = await world((_, response) => response.end(block))
    assert.equal((await race.get(cid, forever)).source, own)
    assert.equal(asked.length, 0)
  })

  it('is told with the lines of all where nobody has it', async () => {
    const { race } = await world((_, response) => response.writeHead(404).end())
    const other = cidOfBlock(RAW, noise(9))
    await assert.rejects(race.get(other, forever), ({ details }: { details: string[] }) => {
      assert.equal(details.length, 2)
      return true
    })
  })

  for (const [what, answer, words] of [
    ['fails', (_, response) => response.writeHead(500).end(), /: router, HTTP 500$/],
    ['knows nobody', (_, response) => response.end(), /: router, names nobody who has it$/],
  ] satisfies readonly (readonly [string, RequestListener, RegExp])[]) {
    it(`has a line of a router that ${what}, beside those of the gateways`, async () => {
      const url = await serve(answer)
      const router = createRouter(url, http, true)
      const lost = await serve((_, response) => response.writeHead(404).end())
      const own = createGateway({ url: lost, headers: {} }, http, systemClock)
      const providers = new Providers([router], () => own, systemClock)
      const race = new BlockRace([own], systemClock, providers)
      for (let time = 0; time < 2; time++) {
        await assert.rejects(race.get(cid, forever), ({ details }: { details: string[] }) => {
          assert.equal(details.length, 2)
          assert.match(details[1] ?? '', words)
          assert.ok(details[1]?.startsWith(url))
          return true
        })
      }
    })
  }

  it('is looked for again half a minute after a router failed, else after ten minutes', async () => {
    let now = 0
    const asked: number[] = []
    const router = (failure: string | null) => ({
      name: 'https://router.example',
      async providers() {
        asked.push(now)
        return { gateways: [], failure }
      },
    })
    const open = (): never => assert.fail('nobody was named')
    for (const [failure, seconds] of [
      ['HTTP 500', 30],
      [null, 600],
    ] as const) {
      asked.length = 0
      now = 0
      const providers = new Providers([router(failure)], open, {
        ...systemClock,
        elapsed: () => now,
      })
      for (now of [0, seconds * 1000 - 1, seconds * 1000]) await providers.find(cid)
      assert.deepEqual(asked, [0, seconds * 1000])
    }
  })

  it('is not fetched from a private host that a router names, where hosts must be public', async () => {
    const closed = createHttp({ allowedHosts: [], allowPrivate: false })
    const router = await serve((_, response) => response.end(peer('/dns/127.0.0.1/https')))
    const open = (url: string) =>
      createGateway({ url, headers: {} }, closed, systemClock, { trusted: false })
    const providers = new Providers([createRouter(router, closed, false)], open, systemClock)
    const race = new BlockRace([], systemClock, providers)
    await assert.rejects(race.get(cid, forever), ({ details }: { details: string[] }) => {
      assert.match(details[0] ?? '', /127\.0\.0\.1 is not a public host/)
      return true
    })
  })
})
