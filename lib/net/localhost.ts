// `localhost` and every name below it are this machine, https://www.rfc-editor.org/rfc/rfc6761#section-6.3

import { lookup as dnsLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'

export function isLocalhost(hostname: string): boolean {
  return /^(.+\.)?localhost\.?$/i.test(hostname)
}

/**
 * Whether two addresses are of one server: one origin, or names of this machine at one port. A gateway on localhost
 * sends `localhost:8080/ipfs/<cid>` on to `<cid>.ipfs.localhost:8080`.
 */
export function isSameServer(one: URL, other: URL): boolean {
  if (one.origin === other.origin) return true
  const samePort = one.protocol === other.protocol && one.port === other.port
  return samePort && isLocalhost(one.hostname) && isLocalhost(other.hostname)
}

const loopback = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
] as const

/** As `dns.lookup`, which many systems let ask the network for names below `localhost`. */
export const localhostLookup: LookupFunction = (hostname, options, callback) => {
  if (!isLocalhost(hostname)) return dnsLookup(hostname, options, callback)
  return options.all === true
    ? callback(null, [...loopback])
    : callback(null, loopback[0].address, loopback[0].family)
}
