// Every spelling of every address that must not be fetched, in every place where a caller can put one: refused,
// untouched.
// Long: many situations of one subject, on one set of servers and helpers.

import assert from 'node:assert/strict'
import { subscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { after, describe, it } from 'node:test'
import { parseCid } from '../../../lib/ipld/cid.ts'
import { isJsonObject, type JsonObject } from '../../../lib/model/json.ts'
import { MemoryBlocks } from '../../harness/blocks.ts'
import { startGateway } from '../../harness/gateway.ts'
import { assetsOf, sceneItem, withAssets } from '../../harness/items.ts'
import { PUBLIC_ADDRESS, startPublicHost } from '../../harness/public-host.ts'
import { startSystem } from '../../harness/system.ts'

/** What is spelled, the host as a URL has it, and what DNS says of it where it is a name that DNS knows. */
const rows: readonly (readonly [what: string, host: string, ...answers: string[]])[] = [
  ['loopback', '127.0.0.1'],
  ['loopback, its last', '127.255.255.254'],
  ['decimal', '2130706433'],
  ['hexadecimal', '0x7f000001'],
  ['hexadecimal parts', '0x7F.0x0.0x0.0x1'],
  ['octal', '017700000001'],
  ['octal parts', '0177.0.0.01'],
  ['octal, many zeros', '00000177.0.0.1'],
  ['two parts', '127.1'],
  ['three parts', '127.0.1'],
  ['mixed bases', '0x7f.1'],
  ['percent-encoded', '%31%32%37.0.0.1'],
  ['percent-encoded dots', '127%2E0%2E0%2E1'],
  ['full-width digits', '\uff11\uff12\uff17.0.0.1'],
  ['circled digits', '\u2460\u2461\u2466.0.0.1'],
  ['full-width and ideographic dots', '127\uff0e0\u30020\uff611'],
  ['soft hyphens', '127.0\u00ad.0.1'],
  ['tab inside', '127.0.\t0.1'],
  ['trailing dot', '127.0.0.1.'],
  ['two trailing dots', '127.0.0.1..'],
  ['a user before it', 'public.example@127.0.0.1'],
  ['a user and a password', 'public.example:443@127.0.0.1'],
  ['a user with an encoded at', 'public.example%40127.0.0.1@127.0.0.1'],
  ['zero', '0'],
  ['this network', '0.0.0.0'],
  ['this network, another', '0.1.2.3'],
  ['private, 10/8', '10.0.0.1'],
  ['private, 172.16/12', '172.31.255.254'],
  ['private, 192.168/16', '192.168.0.1'],
  ['private, in hexadecimal', '0xc0a80001'],
  ['carrier-grade NAT', '100.64.0.1'],
  ['link-local', '169.254.1.1'],
  ['metadata', '169.254.169.254'],
  ['metadata, decimal', '2852039166'],
  ['metadata, octal', '0251.0376.0251.0376'],
  ['metadata, three parts', '169.254.43518'],
  ['container credentials', '169.254.170.2'],
  ['metadata, IPv6', '[fd00:ec2::254]'],
  ['metadata, mapped', '[::ffff:169.254.169.254]'],
  ['metadata, by name', 'metadata.google.internal'],
  ['benchmarking', '198.18.0.1'],
  ['documentation', '203.0.113.7'],
  ['6to4 relay', '192.88.99.1'],
  ['multicast', '224.0.0.251'],
  ['reserved', '240.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['IPv6 loopback', '[::1]'],
  ['IPv6 loopback in full', '[0:0:0:0:0:0:0:1]'],
  ['IPv6 unspecified', '[::]'],
  ['mapped', '[::ffff:127.0.0.1]'],
  ['mapped, hexadecimal', '[::ffff:7f00:1]'],
  ['mapped, in full', '[0:0:0:0:0:ffff:7f00:0001]'],
  ['compatible', '[::127.0.0.1]'],
  ['translated', '[::ffff:0:127.0.0.1]'],
  ['NAT64', '[64:ff9b::127.0.0.1]'],
  ['NAT64, local', '[64:ff9b:1::7f00:1]'],
  ['6to4', '[2002:7f00:1::1]'],
  ['Teredo', '[2001:0:4136:e378:8000:63bf:80ff:fffe]'],
  ['unique local', '[fd12:3456:789a::1]'],
  ['IPv6 link-local', '[fe80::1]'],
  ['zone id', '[fe80::1%25lo]'],
  ['zone id, bare', '[fe80::1%lo]'],
  ['IPv6 multicast', '[ff02::1]'],
  ['localhost', 'localhost'],
  ['localhost, capitals and dot', 'LocalHost.'],
  ['below localhost', 'api.localhost'],
  ['mDNS', 'printer.local'],
  ['internal', 'db.prod.internal'],
  ['internal, encoded', 'db.%69nternal'],
  ['home network', 'nas.home.arpa'],
  ['a name without a dot', 'intranet'],
  ['a name for loopback', 'a.public.example', '127.0.0.1'],
  ['a name for IPv6 loopback', 'b.public.example', '::1'],
  ['a name for metadata', 'c.public.example', '169.254.169.254'],
  ['a name for mapped metadata', 'd.public.example', '::ffff:169.254.169.254'],
  ['a name for public and private', 'e.public.example', PUBLIC_ADDRESS, '10.0.0.1'],
  ['a name for private and public', 'f.public.example', '127.0.0.1', PUBLIC_ADDRESS],
]

const touches: string[] = []
const trap = createServer((socket) => {
  touches.push(`${socket.remotePort}`)
  socket.destroy()
})
trap.listen(0, '127.0.0.1')
await once(trap, 'listening')
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only a pipe's address is a string
const { port: trapPort } = trap.address() as AddressInfo

const publicHost = await startPublicHost((request, response) => {
  const location = new URL(request.url ?? '', 'https://x').searchParams.get('to')
  // A closed connection makes the next request ask for the name again.
  const headers = { connection: 'close' }
  if (location === null) response.writeHead(200, headers).end('{"type":"Collection"}')
  // Headers are ASCII; a host may be percent-encoded.
  else response.writeHead(302, { ...headers, location: encodeWide(location) }).end()
})
for (const [, host, ...answers] of rows)
  if (answers.length > 0) publicHost.names.set(host, [answers])

const blocks = new MemoryBlocks()
const item = await sceneItem('l8-c2l2-brumadinho-before', blocks)
const onlyRoots = new MemoryBlocks()
for (const asset of Object.values(assetsOf(item))) {
  const cid = parseCid(/ipfs:\/\/(\w+)/.exec(JSON.stringify(asset))?.[1] ?? '')
  onlyRoots.put(cid, blocks.get(cid) ?? new Uint8Array())
}
const gateway = await startGateway(onlyRoots)
const system = await startSystem(
  { IPFS_GATEWAYS: gateway.url, ALLOW_PRIVATE_HOSTS: 'false' },
  publicHost.lookup,
)
after(async () => {
  await system.close()
  await gateway.close()
  await publicHost.close()
  trap.close()
})

/** Connections that this process began, but for those to the test's own servers. */
const attempts: string[] = []
const ours = new Set([new URL(gateway.url).host, new URL(system.base).host])
subscribe('undici:client:beforeConnect', (message) => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- undici's own message on its own channel
  const { connectParams } = message as { connectParams: { host: string; hostname: string } }
  const isOurs = ours.has(connectParams.host) || connectParams.hostname.endsWith('public.example')
  if (!isOurs) attempts.push(connectParams.host)
})

interface Outcome {
  readonly place: string
  readonly code: string
  readonly told: string
}

const codes: Readonly<Record<string, string>> = {
  item: 'host_refused',
  search: 'host_refused',
  mirror: 'content_unavailable',
  copy: 'source_refused',
  redirect: 'host_refused',
  rebinding: 'host_refused',
}
/**
 * Some spellings are no URLs at all: the schema of a search sees that first, and a redirect by one is a broken
 * redirect.
 */
const codesOfNoUrl: Readonly<Record<string, string>> = {
  search: 'invalid_request',
  redirect: 'item_unreachable',
  copy: 'asset_unusable',
}

const outcomes = new Map<string, Outcome[]>()

function encodeWide(text: string): string {
  return text.replace(/[^\t\x20-\x7e]+/g, encodeURIComponent)
}

function addressOf(host: string): string {
  return `https://${host}:${trapPort}/item.json`
}

async function ask(place: string, body: object): Promise<Outcome> {
  const response = await system.post(body)
  const { code, detail, details = [] } = JSON.parse(await response.text())
  return { place, code, told: [detail, ...details].join(' | ') }
}

/** The leaves of its bands are nowhere but, so the item says, at `href`. */
function itemWithMirror(href: string): JsonObject {
  const assets = Object.entries(assetsOf(item)).map(([key, asset]) => [
    key,
    { ...(isJsonObject(asset) ? asset : {}), href },
  ])
  return withAssets(item, Object.fromEntries(assets))
}

/** Nobody but `href` has its files. */
function itemWithCopy(href: string): JsonObject {
  const assets = Object.keys(assetsOf(item)).map((key) => [key, { href: `${href}?${key}` }])
  return withAssets(item, Object.fromEntries(assets))
}

/** A name that is public when first asked for, and stands for the forbidden address from then on. */
async function rebind(row: number, host: string, answers: readonly string[]): Promise<Outcome> {
  const name = `rebind-${row}.public.example`
  const literal = new URL(`https://${host}/`).hostname.replace(/^\[|\]$|\.+$/g, '')
  const isAddress = /^[\d.]+$|:/.test(literal)
  const then = answers.length > 0 ? answers : [isAddress ? literal : '127.0.0.1']
  publicHost.names.set(name, [[PUBLIC_ADDRESS], then])
  const item = `https://${name}:${publicHost.port}/item.json`
  const first = await ask('rebinding', { item })
  assert.equal(first.code, 'item_invalid', 'the public answer is read')
  const asked = publicHost.asked.length
  const second = await ask('rebinding', { item })
  assert.equal(publicHost.asked.length, asked, 'the private one is not')
  return second
}

describe('an address that must not be fetched', () => {
  for (const [row, [what, host, ...answers]] of rows.entries()) {
    it(`${what}: ${JSON.stringify(host)}`, async () => {
      const url = addressOf(host)
      const asked = publicHost.asked.length
      const found = [
        await ask('item', { item: url }),
        await ask('search', { search: { api: url } }),
        await ask('mirror', { item: itemWithMirror(url) }),
        await ask('copy', { item: itemWithCopy(url), trust: 'transport' }),
      ]
      assert.equal(publicHost.asked.length, asked)
      found.push(
        await ask('redirect', { item: `${publicHost.url}/?to=${encodeURIComponent(url)}` }),
      )
      assert.equal(publicHost.asked.length, asked + 1, 'the redirect itself was read')
      if (URL.canParse(url)) found.push(await rebind(row, host, answers))
      outcomes.set(what, found)
      for (const { place, code, told } of found) {
        const expected = URL.canParse(url) ? codes[place] : (codesOfNoUrl[place] ?? codes[place])
        assert.equal(code, expected, `${place}: ${told}`)
        if (expected === codes[place])
          assert.match(told, /not (a )?public|user name or password|is not a URL|HTTP 404/)
      }
      assert.deepEqual(touches, [])
      assert.deepEqual(attempts, [])
    })
  }
})

describe('a public host', () => {
  it('is asked over https only, also by its own redirect', async () => {
    const plain = `http://public.example:${publicHost.port}/`
    const redirected = `${publicHost.url}/?to=${encodeURIComponent(plain)}`
    for (const url of [plain, redirected]) {
      const { code, told } = await ask('item', { item: url })
      assert.equal(code, 'host_refused')
      assert.match(told, /only https: URLs are fetched/)
    }
    const { code } = await ask('search', { search: { api: plain } })
    assert.equal(code, 'host_refused')
  })

  it('off ALLOWED_HOSTS is refused at every hop, and one on it is read', async () => {
    const strict = await startSystem(
      {
        IPFS_GATEWAYS: gateway.url,
        ALLOW_PRIVATE_HOSTS: 'false',
        ALLOWED_HOSTS: 'listed.public.example',
      },
      publicHost.lookup,
    )
    const listed = publicHost.url.replace('public.', 'listed.public.')
    const hop = (to: string) => `${listed}/?to=${encodeURIComponent(to)}`
    try {
      for (const url of [publicHost.url, hop(publicHost.url), hop(hop(publicHost.url))]) {
        const { code, detail } = await strict.refused({ item: url })
        assert.equal(code, 'host_refused', url)
        assert.match(detail, /public\.example is not among ALLOWED_HOSTS/)
      }
      assert.equal((await strict.refused({ item: hop(hop(listed)) })).code, 'item_invalid')
    } finally {
      await strict.close()
    }
  })

  it('is told no header of the gateway that redirects to it', async () => {
    const door = createHttpServer((request, response) => {
      response.writeHead(307, { location: `${publicHost.url}${request.url ?? ''}` }).end()
    })
    door.listen(0, '127.0.0.1')
    await once(door, 'listening')
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only a pipe's address is a string
    const { port } = door.address() as AddressInfo
    const keyed = await startSystem(
      {
        IPFS_GATEWAYS: `http://127.0.0.1:${port}|Authorization: Bearer gateway-key|X-Key: other-key`,
        ALLOW_PRIVATE_HOSTS: 'false',
      },
      publicHost.lookup,
    )
    const asked = publicHost.asked.length
    try {
      assert.equal((await keyed.refused({ item })).code, 'content_unavailable')
      const headers = publicHost.asked.slice(asked).map((request) => request.rawHeaders.join(' '))
      assert.ok(headers.length > 0)
      for (const line of headers) assert.doesNotMatch(line, /key/i)
    } finally {
      await keyed.close()
      door.close()
    }
  })
})

it('the table of addresses', (t) => {
  assert.ok(rows.length >= 40)
  for (const [what, host] of rows) {
    const cells = (outcomes.get(what) ?? []).map(({ place, code }) => `${place} ${code}`)
    t.diagnostic([what.padEnd(31), JSON.stringify(host).padEnd(44), ...cells].join('  '))
  }
})
