// Which URLs may be fetched: checked as text, again after DNS, and again on every redirect.

import { lookup as dnsLookup, type LookupAddress, type LookupAllOptions } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { hostOf, isHostFetched, isSchemeFetched, type OpenHosts } from '../config/fetched-hosts.ts'
import { isLinkAddress } from '../config/link-address.ts'
import { isPublicAddress } from '../config/public-address.ts'
import { GreenprintError } from '../errors.ts'
import { MOST_ADDRESS } from '../model/longest-address.ts'
import { localhostLookup } from './localhost.ts'

/** Open hosts widen what may be fetched, where `allowedHosts` narrows it. */
export interface HostPolicy extends OpenHosts {
  /** Host names that callers' URLs may name; empty = any public host. */
  readonly allowedHosts: readonly string[]
}

/**
 * Reads a caller's URL and refuses what must not be fetched on a caller's word.
 *
 * @throws {GreenprintError} `host_refused`
 */
export function checkUrl(text: string, policy: HostPolicy): URL {
  if (text.length > MOST_ADDRESS) {
    throw refuse(`A URL of ${text.length} characters is refused: at most ${MOST_ADDRESS}.`)
  }
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null) throw refuse(`"${text.slice(0, 200)}" is not a URL.`)
  if (!isSchemeFetched(url, policy))
    throw refuse(`${url.protocol}//… is refused: only https: URLs are fetched.`)
  if (url.username !== '' || url.password !== '') {
    throw refuse(`A URL with a user name or password is refused: ${url.host}`)
  }
  checkHost(url, policy)
  return url
}

function checkHost(url: URL, policy: HostPolicy): void {
  const host = hostOf(url)
  if (policy.allowedHosts.length > 0 && !policy.allowedHosts.includes(host)) {
    throw refuse(`${host} is not among ALLOWED_HOSTS (${policy.allowedHosts.join(', ')}).`)
  }
  if (!isHostFetched(url, policy)) throw refuse(`${host} is not a public host.`)
}

function refuse(message: string): GreenprintError {
  return new GreenprintError('host_refused', message)
}

/** All addresses of a name, as `node:dns` resolves them. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/**
 * `lookup` for sockets that fails when any address of the name is not public. The socket connects to the very
 * addresses that were checked: a name that answers otherwise the next time is checked again then.
 */
export function createPublicLookup(resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0)
      const first = addresses[0]
      if (first === undefined || addresses.some(({ address }) => !isPublicAddress(address))) {
        return callback(refuse(`${hostname} resolves to an address that is not public.`), '', 0)
      }
      return options.all === true
        ? callback(null, addresses)
        : callback(null, first.address, first.family)
    })
  }
}

export const publicLookup = createPublicLookup(dnsLookup)

/**
 * `lookup` that refuses by `others` whatever it refuses, but for the names that are listed: those may be at any
 * address but one of the link.
 */
export function createListedLookup(
  privateHosts: readonly string[],
  others: LookupFunction,
  resolve: LookupFunction = localhostLookup,
): LookupFunction {
  return (hostname, options, callback) => {
    const name = hostOf({ hostname: hostname.toLowerCase() })
    if (!privateHosts.includes(name)) return others(hostname, options, callback)
    return resolve(hostname, options, (error, address, family) => {
      const found = typeof address === 'string' ? [{ address }] : address
      if (error === null && found.some((one) => isLinkAddress(one.address))) {
        return callback(refuse(`${hostname} resolves to an address of the link.`), '', 0)
      }
      return callback(error, address, family)
    })
  }
}
