// Notices of new scenes, in any envelope -> jobs. Messages that fail go back to their queue.

import { forInvocation } from '../lib/async/invocation.ts'
import { type InvocationTime, withTimeLimit } from '../lib/async/time-limit.ts'
import { loadConfig } from '../lib/config/load-config.ts'
import { notify } from '../lib/events/notify.ts'
import { type Submit, submitJob } from '../lib/jobs/submit.ts'
import { createLog } from '../lib/log.ts'
import { servicesOf } from '../lib/services.ts'

/** The longest that Lambda lets a function run. */
const MOST_MS = 900_000

const config = await loadConfig(process.env)
const services = servicesOf(config)
const submit: Submit = (order, signal) => submitJob(order, services, signal)
const { catalogUrl, watch, noticeDo } = config
const context = { ...services, catalogUrl, watch, noticeDo, submit, log: createLog(config) }

export function handler(event: unknown, time: InvocationTime): ReturnType<typeof notify> {
  return forInvocation(time, process.env['_X_AMZN_TRACE_ID'], () =>
    withTimeLimit(time, MOST_MS, services, (signal) => notify(event, context, signal)),
  )
}
