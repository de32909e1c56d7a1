// API Gateway's HTTP API -> the routes of lib/http.

import { once } from '../lib/async/once.ts'
import { loadConfig } from '../lib/config/load-config.ts'
import { createApp } from '../lib/http/app.ts'
import { createHandler } from '../lib/http/lambda.ts'
import { load } from '../lib/http/load-routes.ts'

// An invalid configuration fails here, at cold start, and names every fault of the environment.
export const config = await loadConfig(process.env)
/** Made with the first event that needs them. */
export const openServices = once(async () =>
  (await import('../lib/services.ts')).servicesOf(config),
)

export const app = createApp(openServices, config)

export const handler = createHandler(app, config, () => Promise.all([openServices(), load.ndvi()]))
