// Messages of the job queue -> one NDVI job each; the ones that are not done go back.

import { readConfig } from '../lib/config.ts'
import { workDeliveries, type BatchAnswer, type QueueRecord } from '../lib/deliveries.ts'
import type { InvocationTime } from '../lib/in-time.ts'
import { createLog } from '../lib/log.ts'
import { startDeadline } from '../lib/net/deadline.ts'
import { createServices } from '../lib/services.ts'
import { createWork } from '../lib/work-services.ts'

const config = readConfig(process.env)
const services = createServices(config)
const work = { ...createWork(services, config), startDeadline, log: createLog(config) }

export async function handler(
  event: { readonly Records: readonly QueueRecord[] },
  context: InvocationTime,
): Promise<BatchAnswer> {
  try {
    return await workDeliveries(event.Records, work, context)
  } finally {
    // What was fetched stays for the next job; a Lambda sleeps once it has answered.
    await services.blocks.settle()
  }
}
