// HEAD: what GET is answered, without its body. By itself hono makes it a Response of Node's own, for whose load a cold
// start waits (light/response.ts says how long).

import { LightRequest } from './light/request.ts'
import { LightResponse } from './light/response.ts'
import type { Bindings } from './time-limit.ts'

type Fetch<Execution> = (
  request: Request,
  bindings?: object,
  execution?: Execution,
) => Response | Promise<Response>

/** The same, routing a HEAD as a GET. */
export function answeringHead<Execution>(answer: Fetch<Execution>): Fetch<Execution> {
  return async (head, bindings, execution) => {
    if (head.method !== 'HEAD') return answer(head, bindings, execution)
    const get = new LightRequest(new URL(head.url), { headers: head.headers })
    const { status, headers } = await answer(get, { ...bindings, head }, execution)
    return new LightResponse(null, { status, headers })
  }
}

/** As it came: HEAD where the route has a GET. */
export function requestOf({ env, req }: Asked): Request {
  return env.head ?? req.raw
}

interface Asked {
  readonly env: Bindings
  readonly req: { readonly raw: Request }
}
