// Which URLs may be fetched on a caller's word: by their text, and by what their names resolve to.

import assert from 'node:assert/strict'
import type { LookupAddress } from 'node:dns'
import { describe, it } from 'node:test'
import { checkUrl, type HostPolicy, publicLookup } from '../../../lib/net/guard.ts'

const anyPublicHost: HostPolicy = { allowedHosts: [], allowPrivate: false }
const localSystem: HostPolicy = { allowedHosts: [], allowPrivate: true }

const isRefused = (words: RegExp) => ({ code: 'host_refused', message: words })

const notPublic = [
  ['loopback', 'https://127.0.0.1/'],
  ['a port and a path', 'https://127.0.0.1:8443/a?b#c'],
  ['decimal IPv4', 'https://2130706433/'],
  ['hexadecimal IPv4', 'https://0x7f000001/'],
  ['hexadecimal parts', 'https://0x7f.0x0.0x0.0x1/'],
  ['octal IPv4', 'https://017700000001/'],
  ['octal parts', 'https://0177.0.0.01/'],
  ['short IPv4', 'https://127.1/'],
  ['IPv4 in three parts', 'https://169.254.43518/'],
  ['zero', 'https://0/'],
  ['metadata', 'https://169.254.169.254/latest/meta-data/'],
  ['metadata in hexadecimal', 'https://0xa9fea9fe/'],
  ['metadata by IPv6', 'https://[fd00:ec2::254]/'],
  ['metadata by name', 'https://metadata.google.internal/'],
  ['a trailing dot', 'https://127.0.0.1./'],
  ['two trailing dots', 'https://127.0.0.1../'],
  ['full-width digits', 'https://①②⑦.0.0.1/'],
  ['ideographic full stops', 'https://127。0。0。1/'],
  ['percent-encoding', 'https://%31%32%37.0.0.1/'],
  ['backslashes', 'https:\\\\127.0.0.1\\'],
  ['no slashes', 'https:127.0.0.1'],
  ['tabs and newlines inside', 'https://127.0\t.0.\n1/'],
  ['private IPv4', 'https://10.1.2.3/'],
  ['carrier-grade NAT', 'https://100.64.0.1/'],
  ['IPv6 loopback', 'https://[::1]/'],
  ['IPv6 loopback in full', 'https://[0:0:0:0:0:0:0:1]/'],
  ['IPv6 unspecified', 'https://[::]/'],
  ['IPv4-mapped IPv6', 'https://[::ffff:127.0.0.1]/'],
  ['IPv4-mapped IPv6 in hexadecimal', 'https://[::ffff:7f00:1]/'],
  ['IPv4-compatible IPv6', 'https://[::127.0.0.1]/'],
  ['IPv4-translated IPv6', 'https://[::ffff:0:127.0.0.1]/'],
  ['NAT64', 'https://[64:ff9b::7f00:1]/'],
  ['6to4', 'https://[2002:7f00:1::]/'],
  ['unique local IPv6', 'https://[fd12:3456::1]/'],
  ['link-local IPv6', 'https://[fe80::1]/'],
  ['localhost', 'https://localhost/'],
  ['localhost in capitals', 'https://LOCALHOST/'],
  ['localhost with a dot', 'https://localhost./'],
  ['localhost with two dots', 'https://localhost../'],
  ['localhost in circled letters', 'https://ⓛocalhost/'],
  ['a name below localhost', 'https://anything.localhost/'],
  ['an mDNS name', 'https://printer.local/'],
  ['an internal name', 'https://db.internal/'],
  ['an internal name in capitals', 'https://DB.Internal./'],
  ['an internal name with two dots', 'https://db.internal../'],
  ['a home name', 'https://nas.home.arpa/'],
  ['a dotless name', 'https://intranet/'],
  ['nothing but dots', 'https://.../'],
] as const

describe('a URL is refused as not public that spells', () => {
  for (const [name, url] of notPublic) {
    it(`${name}: ${JSON.stringify(url)}`, () => {
      assert.throws(() => checkUrl(url, anyPublicHost), isRefused(/is not a public host/))
    })
  }
})

const otherSchemes = [
  'http://example.org/',
  'ftp://example.org/',
  'file:///etc/passwd',
  'data:application/json,{}',
  'gopher://example.org/',
  'blob:https://example.org/1',
  'javascript:alert(1)',
  'ws://example.org/',
  'wss://example.org/',
  'ipfs://bafkqabtimvwgy3yk',
  's3://bucket/key',
  'about:blank',
]

describe('a URL of another scheme is refused', () => {
  for (const url of otherSchemes) {
    it(url, () => {
      assert.throws(() => checkUrl(url, anyPublicHost), isRefused(/only https: URLs are fetched/))
    })
  }

  it('even where private hosts are allowed, plain http: apart', () => {
    for (const url of otherSchemes.slice(1)) {
      assert.throws(
        () => checkUrl(url, localSystem),
        isRefused(/only https: URLs are fetched/),
        url,
      )
    }
    assert.equal(checkUrl('http://127.0.0.1:8080/x', localSystem).port, '8080')
  })
})

describe('a URL with credentials is refused, without repeating them', () => {
  for (const url of [
    'https://user@example.org/',
    'https://user:secret@example.org/',
    'https://:secret@example.org/',
  ]) {
    it(url, () => {
      for (const policy of [anyPublicHost, localSystem]) {
        assert.throws(
          () => checkUrl(url, policy),
          (error: Error) => {
            assert.match(error.message, /user name or password is refused: example\.org$/)
            assert.doesNotMatch(error.message, /secret/)
            return true
          },
        )
      }
    })
  }

  it('also where the credentials look like a host', () => {
    const check = () => checkUrl('https://example.org@127.0.0.1/', anyPublicHost)
    assert.throws(check, isRefused(/user name or password/))
  })
})

describe('text that is no URL is refused, clipped', () => {
  for (const text of [
    '',
    'example.org',
    '//example.org/',
    '/etc/passwd',
    'https://',
    'https://[::1',
    'https://256.1.1.1/',
  ]) {
    it(JSON.stringify(text), () => {
      assert.throws(() => checkUrl(text, anyPublicHost), isRefused(/is not a URL/))
    })
  }

  it('a very long one', () => {
    const check = () => checkUrl('x'.repeat(10_000), anyPublicHost)
    assert.throws(check, (error: Error) => error.message.length < 300)
  })
})

describe('a public host', () => {
  it('passes by name, by address and with a port', () => {
    for (const url of [
      'https://example.org/item.json',
      'https://EXAMPLE.org./',
      'https://example.org:8443/',
      'https://8.8.8.8/',
      'https://[2606:4700:4700::1111]/',
      'https://localhost.example.org/',
      'https://internal.example.org/',
    ]) {
      assert.equal(checkUrl(url, anyPublicHost).href, new URL(url).href)
    }
  })
})

describe('an allow-list', () => {
  const listed: HostPolicy = { allowedHosts: ['example.org', '127.0.0.1'], allowPrivate: false }

  it('lets its hosts pass, in any case and with a trailing dot', () => {
    for (const url of [
      'https://example.org/a',
      'https://Example.ORG/a',
      'https://example.org./a',
      'https://example.org:444/',
    ]) {
      assert.equal(checkUrl(url, listed).protocol, 'https:')
    }
  })

  it('refuses every other host and names those it knows', () => {
    for (const url of [
      'https://sub.example.org/',
      'https://example.org.evil.test/',
      'https://8.8.8.8/',
    ]) {
      const words = /is not among ALLOWED_HOSTS \(example\.org, 127\.0\.0\.1\)/
      assert.throws(() => checkUrl(url, listed), isRefused(words), url)
    }
  })

  it('does not make a private host public', () => {
    assert.throws(() => checkUrl('https://127.0.0.1/', listed), isRefused(/not a public host/))
  })

  it('holds where private hosts are allowed', () => {
    const both: HostPolicy = { ...listed, allowPrivate: true }
    assert.equal(checkUrl('http://127.1/', both).hostname, '127.0.0.1')
    assert.throws(() => checkUrl('http://localhost/', both), isRefused(/not among ALLOWED_HOSTS/))
  })
})

describe('the lookup of sockets', () => {
  const look = (hostname: string, all: boolean) =>
    new Promise<string | LookupAddress[]>((resolve, reject) => {
      publicLookup(hostname, { all }, (error, addresses) => {
        if (error === null) resolve(addresses)
        else reject(error)
      })
    })

  for (const all of [true, false]) {
    it(`refuses a name that resolves to this machine (all: ${all})`, async () => {
      const words = /^localhost resolves to an address that is not public/
      await assert.rejects(look('localhost', all), isRefused(words))
    })

    it(`hands on a public address in the shape asked for (all: ${all})`, async () => {
      const found = await look('8.8.8.8', all)
      assert.deepEqual(found, all ? [{ address: '8.8.8.8', family: 4 }] : '8.8.8.8')
    })

    it(`hands on the resolver's own failure (all: ${all})`, async () => {
      await assert.rejects(look('nobody.invalid', all), { syscall: 'getaddrinfo' })
    })
  }
})
