// Which addresses count as public: everything that the IANA registries reserve does not, however it is spelled.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isPublicAddress } from '../../../lib/config/public-address.ts'

const reserved: readonly (readonly [kind: string, ...addresses: string[]])[] = [
  ['this host', '0.0.0.0', '0.1.2.3'],
  ['private IPv4', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
  ['carrier-grade NAT', '100.64.0.1', '100.127.255.254'],
  ['loopback', '127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1'],
  ['link-local', '169.254.0.1', 'fe80::1', 'febf::1', 'fe80::1%eth0'],
  ['cloud metadata', '169.254.169.254', 'fd00:ec2::254', '169.254.170.2'],
  ['cloud metadata elsewhere', '168.63.129.16', '100.100.100.200', '192.0.0.192'],
  ['IETF protocol assignments', '192.0.0.1', '192.0.0.170', '2001::1', '2001:1::1'],
  ['documentation', '192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
  ['6to4 relays and 6to4', '192.88.99.1', '2002:7f00:1::', '2002:a9fe:a9fe::1'],
  ['benchmarking', '198.18.0.1', '198.19.255.255'],
  ['multicast', '224.0.0.1', '239.255.255.255', 'ff02::1'],
  ['reserved and broadcast', '240.0.0.1', '255.255.255.255'],
  ['unspecified', '::'],
  ['IPv4-compatible', '::127.0.0.1', '::7f00:1', '::8.8.8.8'],
  ['IPv4-mapped', '::ffff:127.0.0.1', '::ffff:a9fe:a9fe', '0:0:0:0:0:ffff:10.0.0.1'],
  ['IPv4-translated', '::ffff:0:127.0.0.1', '::ffff:0:a9fe:a9fe'],
  ['NAT64', '64:ff9b::127.0.0.1', '64:ff9b::a00:1', '64:ff9b:1::1', '64:ff9b::8.8.8.8'],
  ['discard only', '100::1', '100:0:0:1::1'],
  ['segment routing', '5f00::1'],
  ['unique local', 'fc00::1', 'fdff:ffff::1'],
  ['site-local', 'fec0::1'],
  ['IPv6 that nobody was given', '1::1', '4000::1', '8000::1', 'e000::1', 'fe00::1'],
]

const open: readonly (readonly [kind: string, ...addresses: string[]])[] = [
  ['well-known resolvers', '1.1.1.1', '8.8.8.8', '2001:4860:4860::8888', '2606:4700:4700::1111'],
  ['just outside private IPv4', '9.255.255.255', '11.0.0.0', '172.15.255.255', '172.32.0.0'],
  ['just outside carrier-grade NAT', '100.63.255.255', '100.128.0.0'],
  ['just outside loopback', '126.255.255.255', '128.0.0.1'],
  ['just outside the host of Azure', '168.63.129.15', '168.63.129.17'],
  ['just outside link-local', '169.253.255.255', '169.255.0.0'],
  ['just outside the small networks', '192.0.1.1', '192.0.3.1', '192.167.255.255', '192.169.0.0'],
  ['just outside benchmarking', '198.17.255.255', '198.20.0.0'],
  ['just below multicast', '223.255.255.255'],
  ['the first and last global unicast', '2000::1', '2003::1', '2a00::1', '3ffe::1', '3fff:1000::'],
]

describe('an address is not public when it is', () => {
  for (const [kind, ...addresses] of reserved) {
    it(kind, () => {
      for (const address of addresses) assert.equal(isPublicAddress(address), false, address)
    })
  }
})

describe('an address is public when it is', () => {
  for (const [kind, ...addresses] of open) {
    it(kind, () => {
      for (const address of addresses) assert.equal(isPublicAddress(address), true, address)
    })
  }
})

it('text that is no address is not public', () => {
  for (const text of ['', 'example.org', '8.8.8', '8.8.8.8.', '0x8080808', '[::1]', '8.8.8.8/32']) {
    assert.equal(isPublicAddress(text), false, text)
  }
})
