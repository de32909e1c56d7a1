// Whether another site's page sends a request: the local system holds its developer's keys and asks for no token.

import { GreenprintError } from '../errors.ts'

/**
 * By `Sec-Fetch-Site`, which browsers send and pages cannot change, and by `Origin`. Programs such as curl send
 * neither. Another port of this machine is another site.
 *
 * @param own origins of the system itself besides the request's `Host`
 */
export function isCrossSite(headers: Headers, own: readonly (string | null)[]): boolean {
  const fetchSite = headers.get('sec-fetch-site')
  if (fetchSite !== null && fetchSite !== 'same-origin' && fetchSite !== 'none') return true
  const origin = headers.get('origin')
  return origin !== null && ![`http://${headers.get('host')}`, ...own].includes(origin)
}

export function crossSite(): GreenprintError {
  return new GreenprintError(
    'cross_site',
    'The local system neither computes nor fetches nor publishes for the pages of other sites. Send the request from a program, or from a page of its own address.',
  )
}

/**
 * The media type of a body: a page may send any other type to another site without asking first.
 *
 * @throws {GreenprintError} `unsupported_media_type`
 */
export function requireJson(headers: Headers): void {
  const type = headers.get('content-type')
  const essence = type?.slice(0, 256).split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (essence === '' || essence === 'application/json' || essence.endsWith('+json')) return
  throw new GreenprintError(
    'unsupported_media_type',
    `The body is ${JSON.stringify(essence.slice(0, 80))}: send it with the header "Content-Type: application/json".`,
  )
}
