// Which IP addresses are on the public internet. Everything else is refused to callers' URLs.

import { BlockList, isIP, isIPv4 } from 'node:net'

/** https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry */
const special: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
]

const refused = new BlockList()
for (const [network, prefix] of special) {
  refused.addSubnet(network, prefix, isIPv4(network) ? 'ipv4' : 'ipv6')
}

/** Whether `address` (IPv4 or IPv6 text) is globally reachable; false for text that is no address. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 0) return false
  // BlockList looks through IPv4-mapped addresses (::ffff:a.b.c.d) to the IPv4 rules.
  return !refused.check(address, family === 4 ? 'ipv4' : 'ipv6')
}
