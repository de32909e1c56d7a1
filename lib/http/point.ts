// GET /point: from the HTTP request to the page of points.

import type { Context } from 'hono'
import type { Config } from '../config/config.ts'
import { readPoint } from '../point.ts'
import { readPointFields } from '../request/point-schema.ts'
import type { AppServices } from '../services.ts'
import { mayPublish } from './auth.ts'
import { callerOf } from './caller.ts'
import type { AppEnv } from './observe.ts'
import { readFields } from './query.ts'
import { withRequestLimit } from './time-limit.ts'
import { isFingerprintNeeded, withMapWays } from './ways.ts'

export function answerPoint(
  c: Context<AppEnv>,
  services: AppServices,
  config: Config,
): Promise<Response> {
  const { base, authorization, token, refusal } = callerOf(c, config)
  c.get('findings').token = token
  const { source, place } = readPointFields(readFields(new URL(c.req.url).searchParams))
  if (refusal !== null && source.kind !== 'result') throw refusal
  const caller = { isTrusted: mayPublish(authorization, config), ownOnly: refusal !== null }
  return withRequestLimit(c.env, services, async (signal) => {
    try {
      return c.json(await readPoint(source, place, services, caller, signal))
    } catch (error) {
      if (!isFingerprintNeeded(error)) throw error
      throw withMapWays(error, c.req.url, source, base)
    }
  })
}
