// Which hosts a caller's request may lead to, by its address alone: the guard of hosts asks at every request, the
// configuration at start.

import { isIPv4 } from 'node:net'
import { isLinkAddress } from './link-address.ts'
import { isPublicAddress } from './public-address.ts'

/** What is open beside public hosts by https:. */
export interface OpenHosts {
  /** Loopback and private addresses, and plain http:. */
  readonly allowPrivate: boolean
  /** Names and addresses that may be private, and asked by plain http:, as `hostOf` has them. */
  readonly privateHosts?: readonly string[]
}

/** Without the brackets of IPv6 and without dots at its end. */
export function hostOf({ hostname }: Pick<URL, 'hostname'>): string {
  return hostname.replace(/^\[|\]$/g, '').replace(/(?<!\.)\.+$/, '')
}

/** Not by Node's isIPv6, whose pattern takes 5 ms to compile with its first use: a URL has brackets around each. */
export function isAddress(url: Pick<URL, 'hostname'>): boolean {
  return url.hostname.startsWith('[') || isIPv4(hostOf(url))
}

export function isSchemeFetched(url: Pick<URL, 'hostname' | 'protocol'>, open: OpenHosts): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isOpen(hostOf(url), open))
}

export function isHostFetched(url: Pick<URL, 'hostname'>, open: OpenHosts): boolean {
  const host = hostOf(url)
  if (isOpen(host, open)) return true
  if (isAddress(url)) return isPublicAddress(host)
  const isLocal = /(^|\.)(localhost|local|internal|home\.arpa)$/.test(host)
  return host.includes('.') && !isLocal
}

function isOpen(host: string, { allowPrivate, privateHosts = [] }: OpenHosts): boolean {
  // A socket looks up no address that stands there as such.
  return allowPrivate || (privateHosts.includes(host) && !isLinkAddress(host))
}
