// Messages of the job queue -> one job each; messages whose job is not done go back.

import { startDeadline } from '../lib/async/deadline.ts'
import { coldStart } from '../lib/async/invocation.ts'
import type { InvocationTime } from '../lib/async/time-limit.ts'
import { loadConfig } from '../lib/config/load-config.ts'
import { type BatchAnswer, type QueueRecord, workDeliveries } from '../lib/jobs/deliveries.ts'
import { createLog } from '../lib/log.ts'
import { servicesOf } from '../lib/services.ts'
import { createWork } from '../lib/worker.ts'

const config = await loadConfig(process.env)
const services = servicesOf(config)
const work = {
  ...createWork(services, config),
  startDeadline,
  log: createLog(config),
  functionName: config.functionName,
  isCold: coldStart(),
}

export async function handler(
  event: { readonly Records: readonly QueueRecord[] },
  context: InvocationTime,
): Promise<BatchAnswer> {
  try {
    return await workDeliveries(event.Records, work, context)
  } finally {
    // Fetched blocks are stored for the next job before the reply: Lambda freezes the process after it.
    await services.settle()
  }
}
