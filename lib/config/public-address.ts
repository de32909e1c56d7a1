// Which IP addresses are on the public internet. Everything else is refused to callers' URLs.

import net from 'node:net'
import { once } from '../async/once.ts'
import { addressFamily } from './address-family.ts'

/** https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry */
const special = {
  ipv4: [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    // Of every machine of Azure, to its host: public by its range, and reached from there alone.
    ['168.63.129.16', 32],
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
  ],
  ipv6: [
    // All but 2000::/3, the only global unicast space: IPv4 in every disguise (mapped, compatible, translated,
    // NAT64), unique local, link-local, multicast, and unassigned blocks.
    ['::', 3],
    ['4000::', 2],
    ['8000::', 1],
    ['2001::', 23],
    ['2001:db8::', 32],
    ['2002::', 16],
    ['3fff::', 20],
  ],
} as const

/** One list per family: in one for both, `::/3` would match every IPv4 address by its mapped form. */
const refused = { ipv4: once(() => listOf('ipv4')), ipv6: once(() => listOf('ipv6')) }

/** Made when it is first asked: Node takes milliseconds to load lists, and a cold start has nobody to refuse. */
function listOf(family: keyof typeof special): net.BlockList {
  const list = new net.BlockList()
  for (const [network, prefix] of special[family]) list.addSubnet(network, prefix, family)
  return list
}

/** Whether `address` (IPv4 or IPv6 text) is globally reachable; false for text that is not an address. */
export function isPublicAddress(address: string): boolean {
  const family = addressFamily(address)
  return family !== null && !refused[family]().check(address, family)
}
