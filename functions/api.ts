// API Gateway's HTTP API -> the routes of lib/http.

import { once } from '../lib/async/once.ts'
import { loadConfig } from '../lib/config/load-config.ts'
import { createApp } from '../lib/http/app.ts'
import { createHandler } from '../lib/http/lambda.ts'
import { load } from '../lib/http/load-routes.ts'
import { createWarmUp } from '../lib/http/warm-up.ts'
import { createLog } from '../lib/log.ts'

// An invalid configuration fails here, at cold start, and names every fault of the environment.
export const config = await loadConfig(process.env)
/** Made with the first event that needs them. */
export const openServices = once(async () =>
  (await import('../lib/services.ts')).servicesOf(config),
)

export const app = createApp(openServices, config)

const warmUp = createWarmUp(createLog(config), [openServices, load.ndvi])
export const handler = createHandler(app, config, warmUp)
