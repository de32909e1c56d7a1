// Hosts that requests lead to: which may be private, and which addresses of the operator's would be refused.

import { addressFamily } from './address-family.ts'
import { type GatewayConfig, readAddresses } from './addresses.ts'
import type { Environment } from './environment.ts'
import { hostOf, isHostFetched, isSchemeFetched } from './fetched-hosts.ts'
import { isLinkAddress } from './link-address.ts'
import type { Reader, Site } from './readers.ts'

const NAME = 'PRIVATE_HOSTS'

/** Names and addresses as URLs have them: in lower case, IPv6 without brackets. */
export const readPrivateNames: Reader<readonly string[]> = (env, name) =>
  readHosts(env, name).filter((host) => {
    if (!isOfLink(host)) return true
    env.refuse(`${name}: "${host}" is where clouds keep the credentials of a machine.`, name)
    return false
  })

/** Any other entry would match no host, and be told to each caller as a fault of theirs. */
function readHosts(env: Environment, name: string): string[] {
  return env.list(name).flatMap((entry) => {
    const host = hostIn(entry)
    if (host !== null) return [host]
    env.refuse(
      `${name}: "${entry}" is no host: names and addresses alone, without a scheme, a port, a path or "*".`,
      name,
    )
    return []
  })
}

function hostIn(entry: string): string | null {
  const bare = entry.replace(/^\[(.*)\]$/, '$1')
  const isName = /^[\p{L}\p{N}_]([\p{L}\p{N}._-]*[\p{L}\p{N}_])?\.?$/u.test(bare)
  const isIpv6 = addressFamily(bare) === 'ipv6'
  if (!isIpv6 && !isName) return null
  const url = URL.parse(`https://${isIpv6 ? `[${bare}]` : bare}/`)
  return url && hostOf(url)
}

/** Where clouds tell a machine its credentials: no request of a caller may lead there, whatever is listed. */
function isOfLink(host: string): boolean {
  return isLinkAddress(host) || /^169\.254\.|^metadata\.google\.internal$/.test(host)
}

/** Whether the guard of hosts lets a caller's request lead to this address. */
function isFetched(url: Pick<URL, 'hostname' | 'protocol'>, env: Environment): boolean {
  const privateHosts = env.list(NAME).flatMap((entry) => hostIn(entry) ?? [])
  const open = { allowPrivate: false, privateHosts }
  return isSchemeFetched(url, open) && isHostFetched(url, open)
}

const advice = `of a public host, or of one that ${NAME} names: this deployment fetches from no other`

/**
 * An address of a host that callers' requests lead to: on Lambda one that the guard of hosts lets through, which would
 * else refuse it at every request.
 */
export function catalogueUrl<Fallback extends string | null>(
  fallback: (site: Site) => Fallback,
): Reader<string | Fallback> {
  return (env, name, site) => {
    const given = env.text(name) ?? fallback(site)
    if (given === null) return given
    const url = URL.parse(given)
    if (!site.local && url !== null && !isFetched(url, env)) {
      env.refuse(`${name} must be an https: URL ${advice}.`, name, NAME)
    }
    return env.checkUrl(name, given)
  }
}

/** Headers for hosts of plain copies, which are fetched as callers name them. */
export const readSourceHeaders: Reader<readonly GatewayConfig[]> = (env, name, { local }) => {
  const entries = readAddresses(env, name)
  for (const [index, entry] of entries.entries()) {
    const url = URL.parse(entry.url)
    if (!local && url !== null && !isFetched(url, env)) {
      env.refuse(`${name}: entry ${index + 1} must be an https: URL ${advice}.`, name, NAME)
    }
  }
  return entries
}

/**
 * `ALLOWED_HOSTS`, which narrows what callers name; the hosts of catalogues that the operator named count as well:
 * the searches of callers lead there.
 */
export function readAllowedHosts(env: Environment, name: string): readonly string[] {
  const named = readHosts(env, name)
  if (named.length === 0) return []
  const own = ['STAC_API_URL', 'CATALOG_URL'].flatMap((catalogue) => {
    const url = URL.parse(env.text(catalogue) ?? '')
    return url === null ? [] : [hostOf(url)]
  })
  return [...new Set([...named, ...own])]
}
