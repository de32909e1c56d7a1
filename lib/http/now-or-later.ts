// A request is answered at once where it can be, else by a job: wished for, foreseen, or offered when the time is up.

import type { Context } from 'hono'
import type { Config } from '../config/config.ts'
import { ForeseenDelay, TooManyPixels } from '../errors.ts'
import type { Order } from '../model/order.ts'
import type { AppServices } from '../services.ts'
import { acceptJob, offerJob, prefersAsync } from './as-job.ts'
import { mayPublish, requireToken } from './auth.ts'
import type { Caller } from './caller.ts'
import type { AppEnv } from './observe.ts'
import { withRequestLimit } from './time-limit.ts'
import { isFingerprintNeeded, withSizeWays, withTrustWays } from './ways.ts'

export interface Wait {
  /** Whether a job may do it: none keeps numbers alone. */
  readonly canWait: boolean
  /** Whether a refusal tells the same request with another `max_size` or `trust`. */
  readonly hasWays: boolean
}

/**
 * @param answer within the time of a request
 * @throws {GreenprintError} `unauthorized` for who wishes for a job and may have none, and what `answer` throws: with
 *   the ways on where there are some, and with its job when the time was up
 */
export async function nowOrLater(
  c: Context<AppEnv>,
  order: Order,
  { canWait, hasWays }: Wait,
  { authorization, base }: Caller,
  { services, config }: { readonly services: AppServices; readonly config: Config },
  answer: (signal: AbortSignal) => Promise<Response>,
): Promise<Response> {
  const hasJobs = services.queue !== null && canWait
  const asJob = () =>
    withRequestLimit(c.env, services, (signal) => acceptJob(order, services, base, signal))
  if (prefersAsync(c.req.header('prefer'))) {
    requireToken('jobs', authorization, config)
    // A preference only: without a queue the request is answered at once.
    if (hasJobs) return asJob()
  }
  return withRequestLimit(c.env, services, answer).catch(async (error: unknown) => {
    const isTooMany = error instanceof TooManyPixels
    const isForJob =
      error instanceof ForeseenDelay || (isTooMany && mayPublish(authorization, config))
    if (isForJob && hasJobs) return asJob()
    if (hasWays && isTooMany)
      throw withSizeWays(error, await askedOf(c), base, hasJobs && config.tokens.length > 0)
    if (hasWays && isFingerprintNeeded(error)) throw withTrustWays(error, await askedOf(c), base)
    throw canWait ? await offerJob(error, order, authorization, services, config, base) : error
  })
}

async function askedOf({ req }: Context<AppEnv>) {
  return { method: req.method, url: req.url, body: await req.text() }
}
