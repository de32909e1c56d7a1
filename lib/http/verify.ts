// POST /verify: a published result, computed again from what it says of itself.

import type { Context } from 'hono'
import type { Config } from '../config/config.ts'
import { TooManyPixels } from '../errors.ts'
import type { VerifyOrder } from '../model/verify-request.ts'
import { readVerifyBody } from '../request/read.ts'
import type { AppServices } from '../services.ts'
import { verifyResult } from '../verify.ts'
import { mayPublish, requireToken } from './auth.ts'
import { callerOf, parseBody } from './caller.ts'
import { acceptJob, offerJob, prefersAsync } from './jobs.ts'
import type { AppEnv } from './observe.ts'
import { verifyReply } from './reply.ts'
import { withRequestLimit } from './time-limit.ts'

export async function answerVerify(
  c: Context<AppEnv>,
  services: AppServices,
  config: Config,
): Promise<Response> {
  const { authorization, token, base, refusal } = callerOf(c, config)
  c.get('findings').token = token
  if (refusal !== null) throw refusal
  const request = readVerifyBody(parseBody(await c.req.text()))
  const order: VerifyOrder = {
    kind: 'verify',
    request,
    pin: false,
    ...(token === null ? {} : { by: token }),
  }
  const hasJobs = services.queue !== null
  const asJob = () =>
    withRequestLimit(c.env, services, (signal) => acceptJob(order, services, base, signal))
  if (prefersAsync(c.req.header('prefer'))) {
    requireToken('jobs', authorization, config)
    if (hasJobs) return asJob()
  }
  const isTrusted = mayPublish(authorization, config)
  return withRequestLimit(c.env, services, async (signal) => {
    const run = { tell: c.get('times').tell, isTrusted, mostPixels: config.maxPixelsSync }
    const kept = isTrusted ? services : services.visitors
    return c.json(verifyReply(await verifyResult(order, kept, run, signal), base))
  }).catch(async (error: unknown) => {
    if (error instanceof TooManyPixels && isTrusted && hasJobs) return asJob()
    throw await offerJob(error, order, authorization, services, config, base)
  })
}
