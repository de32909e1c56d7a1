// Who may ask from where: OPTIONS, answered by the function itself, and the headers by which browsers judge.

import type { Hono, MiddlewareHandler } from 'hono'
import type { Config } from '../config/config.ts'
import { LightResponse } from './light/response.ts'
import { methodsAt } from './no-route.ts'
import type { AppEnv } from './observe.ts'

/** As API Gateway answers them (infra/places.ts), for whoever has none in front. */
const cors = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers':
    'accept, authorization, cache-control, content-type, prefer, range, traceparent',
  'access-control-expose-headers':
    'content-range, etag, link, location, retry-after, server-timing, x-request-id',
  'access-control-max-age': '86400',
} as const

/**
 * For pages of any origin, on every reply. /ipfs has its own; the local system lets pages of other sites read less: see
 * local-guard.
 */
export function crossOrigin(config: Config): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    await next()
    if (config.local || c.req.path.startsWith('/ipfs/')) return
    for (const [name, value] of Object.entries(cors)) c.res.headers.set(name, value)
    const allow = c.res.headers.get('allow')
    if (allow !== null) c.res.headers.set('access-control-allow-methods', allow)
  }
}

export function preflight(app: Hono<AppEnv>): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const isAsked = c.req.method === 'OPTIONS' && !c.req.path.startsWith('/ipfs/')
    const methods = isAsked ? methodsAt(c.req.path, app.routes) : []
    if (methods.length === 0) return next()
    return new LightResponse(null, { status: 204, headers: { allow: methods.join(', ') } })
  }
}
