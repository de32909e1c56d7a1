// /ipfs/<cid>[/path]: from the HTTP request to the content.

import type { Context } from 'hono'
import { anySignal } from '../../async/deadline.ts'
import type { WaitedFor } from '../../async/time-limit.ts'
import { requestOf } from '../head.ts'
import type { AppEnv } from '../observe.ts'
import { withRequestLimit } from '../time-limit.ts'
import { serveContent } from './serve.ts'
import { deliveryOf, type OwnContent } from './serving.ts'

export function answerContent(
  c: Context<AppEnv>,
  services: OwnContent & WaitedFor,
): Promise<Response> {
  const { gone } = c.env
  return withRequestLimit(c.env, services, (limit) => {
    // A body that is sent as it is read outlasts the limit, and its caller may hang up then.
    const signal = gone === undefined ? limit : anySignal([limit, gone])
    return serveContent(requestOf(c), services, deliveryOf(c.env), signal)
  })
}
