// POST /verify: a published result, computed again from what it says of itself.

import type { Context } from 'hono'
import type { Config } from '../config/config.ts'
import type { VerifyOrder } from '../model/verify-request.ts'
import { readVerifyBody } from '../request/read.ts'
import type { AppServices } from '../services.ts'
import { verifyResult } from '../verify.ts'
import { mayPublish } from './auth.ts'
import { callerOf } from './caller.ts'
import { LightResponse } from './light/response.ts'
import { nowOrLater } from './now-or-later.ts'
import type { AppEnv } from './observe.ts'
import { parseBody } from './parse-body.ts'
import { verifyReply } from './reply.ts'

export async function answerVerify(
  c: Context<AppEnv>,
  services: AppServices,
  config: Config,
): Promise<Response> {
  const caller = callerOf(c, config)
  const { authorization, token, base, refusal } = caller
  if (refusal !== null) throw refusal
  const request = readVerifyBody(parseBody(await c.req.text()))
  const order: VerifyOrder = {
    kind: 'verify',
    request,
    pin: false,
    ...(token === null ? {} : { by: token }),
  }
  const isTrusted = mayPublish(authorization, config)
  const waits = { canWait: true, hasWays: false }
  return nowOrLater(c, order, waits, caller, { services, config }, async (signal) => {
    const run = { tell: c.get('times').tell, isTrusted, mostPixels: config.maxPixelsSync }
    const kept = isTrusted ? services : services.visitors
    return LightResponse.json(verifyReply(await verifyResult(order, kept, run, signal), base))
  })
}
