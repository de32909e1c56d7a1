// What the local system lets in: requests under its own names, and of other sites' pages only what changes nothing.

import { clip, GreenprintError } from '../errors.ts'
import type { Guard } from '../local/api-gateway.ts'
import { crossSite, isCrossSite, requireJson } from './cross-site.ts'
import { problemResponse } from './problem.ts'

/** The first names of addresses that change nothing; `/ndvi` and those of the map answer what they know. */
const open: ReadonlySet<string> = new Set([
  '',
  'WMTSCapabilities.xml',
  'docs',
  'fingerprints',
  'health',
  'ipfs',
  'jobs',
  'ndvi',
  'openapi.json',
  'point',
  'stac',
  'tilejson.json',
  'tiles',
  'web',
])

/** A page asks before it posts JSON: it may do so for a search of /stac, and is let no further elsewhere. */
const readable = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'content-type',
} as const

/** @param publicUrl the address that the system is known by, once its configuration is read */
export function localGuard(publicUrl: () => Promise<string | null>): Guard {
  async function check(request: Request): Promise<Readonly<Record<string, string>>> {
    const host = request.headers.get('host') ?? ''
    const { pathname } = new URL(request.url)
    const isLoopback = isOwnName(host)
    const address = isLoopback && !request.headers.has('origin') ? null : await publicUrl()
    const own = address === null ? null : new URL(address)
    if (!isLoopback && host.toLowerCase() !== own?.host) throw misdirected(host)
    const isForeign = isCrossSite(request.headers, [own?.origin ?? null])
    if (isForeign && !(open.has(pathname.split('/', 2)[1] ?? '') && isRead(request, pathname)))
      throw crossSite()
    if (request.method === 'POST' && !pathname.startsWith('/ipfs/')) requireJson(request.headers)
    return isForeign ? readable : {}
  }

  return async (request) => {
    try {
      return { headers: await check(request) }
    } catch (error) {
      return { refusal: problemResponse(error), error }
    }
  }
}

/** A search of the sample's catalogue is a POST that changes nothing. */
function isRead({ method }: Request, pathname: string): boolean {
  if (pathname === '/stac' || pathname.startsWith('/stac/') || pathname.startsWith('/ipfs/'))
    return true
  return method === 'GET' || method === 'HEAD'
}

/** Loopback by name or by number, at any port: another name may lead here from any page (DNS rebinding). */
function isOwnName(host: string): boolean {
  const name = host.toLowerCase().replace(/:\d{1,5}$/, '')
  return ['localhost', '127.0.0.1', '[::1]'].includes(name) || name.endsWith('.localhost')
}

function misdirected(host: string): GreenprintError {
  return new GreenprintError(
    'misdirected',
    `The local system is not ${JSON.stringify(clip(host, 80))}: ask 127.0.0.1 or localhost, or set PUBLIC_URL.`,
  )
}
