// /ipfs/<cid>[/path]: from the HTTP request to the content.

import type { Context } from 'hono'
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
  return withRequestLimit(c.env, services, (signal) =>
    serveContent(requestOf(c), services, deliveryOf(c.env), signal),
  )
}
