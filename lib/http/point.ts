// GET /point: from the HTTP request to the page of points.

import type { Context } from 'hono'
import type { Config } from '../config/config.ts'
import { readPoint } from '../point.ts'
import { readPointFields } from '../request/point-schema.ts'
import type { AppServices } from '../services.ts'
import { LightResponse } from './light/response.ts'
import type { AppEnv } from './observe.ts'
import { readFields } from './query.ts'
import { answerFromSource } from './tiles.ts'

export function answerPoint(
  c: Context<AppEnv>,
  services: AppServices,
  config: Config,
): Promise<Response> {
  const { source, place } = readPointFields(readFields(new URL(c.req.url).searchParams))
  return answerFromSource(c, source, services, config, null, async (caller, signal) =>
    LightResponse.json(await readPoint(source, place, services, caller, signal)),
  )
}
