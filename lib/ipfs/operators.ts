// Who runs a gateway: two hosts of one operator fail together, so that asking the second after the first is no hedge.

import { isAddress } from '../config/fetched-hosts.ts'

/** Hosts whose names do not show that one operator runs them (2026-11). */
const shipyard = new Set([
  'ipfs.io',
  'dweb.link',
  'trustless-gateway.link',
  'trustless-gateway.net',
])

/** A name that is equal for gateways of one operator, as far as that is known; of unknown ones the domain. */
export function operatorOf(url: string): string {
  const { hostname, host } = new URL(url)
  // Every server of a private network is its own.
  if (isAddress({ hostname }) || !hostname.includes('.')) return host
  if (hostname.endsWith('.localhost')) return host
  const domain = hostname.split('.').slice(-2).join('.')
  return shipyard.has(domain) ? 'shipyard' : domain
}

/** The same order, but the first two are of different operators where that is possible. */
export function apart<T>(ranked: readonly T[], operator: (candidate: T) => string | null): T[] {
  const [first, ...rest] = ranked
  if (first === undefined) return []
  const at = rest.findIndex(
    (other) => operator(other) === null || operator(other) !== operator(first),
  )
  if (at <= 0) return [...ranked]
  const [second, ...others] = [
    ...rest.slice(at, at + 1),
    ...rest.slice(0, at),
    ...rest.slice(at + 1),
  ]
  return second === undefined ? [first] : [first, second, ...others]
}
