// EventBridge Scheduler -> one job for each scene of its search that has no result yet.

import { type InvocationTime, withTimeLimit } from '../lib/async/time-limit.ts'
import { readConfig } from '../lib/config/config.ts'
import { sweep } from '../lib/events/sweep.ts'
import { type Submit, submitJob } from '../lib/jobs/submit.ts'
import { createLog } from '../lib/log.ts'
import { createServices } from '../lib/services.ts'

/** The longest that Lambda lets a function run. */
const MOST_MS = 900_000

const config = readConfig(process.env)
const services = createServices(config)
const submit: Submit = (order, signal) => submitJob(order, services, signal)
const context = { ...services, submit, log: createLog(config) }

export function handler(event: unknown, time: InvocationTime): ReturnType<typeof sweep> {
  return withTimeLimit(time, MOST_MS, services, (signal) => sweep(event, context, signal))
}
