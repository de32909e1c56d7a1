// EventBridge Scheduler -> a job for each scene of a search that has no result yet, or a check of a publication.

import { forInvocation } from '../lib/async/invocation.ts'
import { type InvocationTime, withTimeLimit } from '../lib/async/time-limit.ts'
import { loadConfig } from '../lib/config/load-config.ts'
import { createBacklogs } from '../lib/events/backlog.ts'
import { readCheck } from '../lib/events/check.ts'
import { sweep } from '../lib/events/sweep.ts'
import { parseCid } from '../lib/ipld/cid.ts'
import { type Submit, submitJob } from '../lib/jobs/submit.ts'
import { createLog } from '../lib/log.ts'
import { checkRetrieval } from '../lib/publish/retrieval.ts'
import { servicesOf } from '../lib/services.ts'

/** The longest that Lambda lets a function run. */
const MOST_MS = 900_000

const config = await loadConfig(process.env)
const services = servicesOf(config)
const submit: Submit = (order, signal) => submitJob(order, services, signal)
const backlogs = createBacklogs(services.records)
const context = { ...services, backlogs, submit, log: createLog(config) }

export function handler(event: unknown, time: InvocationTime) {
  const work = async (signal: AbortSignal) => {
    const root = readCheck(event)
    if (root === null) return sweep(event, context, signal)
    return checkRetrieval(parseCid(root), services.retrieval, signal)
  }
  return forInvocation(time, process.env['_X_AMZN_TRACE_ID'], () =>
    withTimeLimit(time, MOST_MS, services, work),
  )
}
