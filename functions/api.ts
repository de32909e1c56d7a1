// API Gateway's HTTP API -> the routes of lib/http.

import { loadConfig } from '../lib/config/load-config.ts'
import { createApp } from '../lib/http/app.ts'
import { createHandler } from '../lib/http/lambda.ts'
import { servicesOf } from '../lib/services.ts'

// An invalid configuration fails here, at cold start, and names every fault of the environment.
export const config = await loadConfig(process.env)
export const services = servicesOf(config)

export const app = createApp(services, config)

export const handler = createHandler(app, config)
