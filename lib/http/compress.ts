// Compresses long texts as the caller accepts: a reply of Lambda has 6 MB at most, and API Gateway does not compress.

import { negotiate } from './accept.ts'
import { LightResponse } from './light/response.ts'

/** Shorter ones fit a few packets. */
const MIN_BYTES = 10 * 1024

export function isText(headers: Headers): boolean {
  return /^text\/|[/+](json|xml)\s*(;|$)/i.test(headers.get('content-type') ?? '')
}

/** The response, or its body compressed. Parts (206) and other types than text stay as they are. */
export async function compress(request: Request, response: Response): Promise<Response> {
  const { headers, status } = response
  if (!isText(headers) || headers.has('content-encoding')) return response
  headers.append('vary', 'accept-encoding')
  const accepted = request.headers.get('accept-encoding')
  // Equally liked, brotli: it is the smaller one. Who accepts "*" gets gzip, which Python's requests can read.
  const coding = negotiate(
    accepted,
    /\bbr\b/i.test(accepted ?? '') ? ['br', 'gzip'] : ['gzip'],
    'offers',
  )
  if (coding === null || request.method === 'HEAD' || status === 206) return response
  const size = response instanceof LightResponse ? response.size : null
  if (size !== null && size < MIN_BYTES) return response
  const body = new Uint8Array(await response.arrayBuffer())
  if (body.length < MIN_BYTES)
    return new LightResponse(body.length === 0 ? null : body, { status, headers })
  const { packers } = await import('./packers.ts')
  const packed = await packers[coding](body)
  headers.set('content-encoding', coding)
  headers.set('content-length', String(packed.length))
  // A strong tag promises these very bytes, so a compressed body has a weak one: RFC 9110, 8.8.3.3.
  const etag = headers.get('etag')
  if (etag !== null && !etag.startsWith('W/')) headers.set('etag', `W/${etag}`)
  return new LightResponse(Uint8Array.from(packed), { status, headers })
}
