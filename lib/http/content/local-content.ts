// /ipfs of the local system: answered by the app itself, so that its replies stream past the limits of Lambda.

import type { LocalRoute } from '../../local/api-gateway.ts'
import type { Bindings } from '../time-limit.ts'

interface App {
  readonly fetch: (request: Request, bindings: Bindings) => Response | Promise<Response>
}

/** @param openApp called with the first such request */
export function contentRoute(openApp: () => App | Promise<App>): LocalRoute {
  return async (request) => {
    if (!new URL(request.url).pathname.startsWith('/ipfs/')) return null
    return (await openApp()).fetch(request, { streams: true, gone: request.signal })
  }
}
