// A worker of a test system's queue, in the same process, as `npm start` has one.

import { startDeadline } from '../../lib/async/deadline.ts'
import { readConfig } from '../../lib/config/config.ts'
import { workDeliveries } from '../../lib/jobs/deliveries.ts'
import { LocalQueue } from '../../lib/local/queue.ts'
import type { AppServices } from '../../lib/services.ts'
import { createWork } from '../../lib/worker.ts'

export interface JobWorker {
  /** Ends between two messages. */
  stop(): Promise<void>
  /** Messages that were worked on. */
  readonly worked: () => number
}

/** @param most messages after which it stops by itself, as a process that is killed between two of them */
export function startWorker(services: AppServices, most = Infinity): JobWorker {
  const { queue } = services
  if (!(queue instanceof LocalQueue)) throw new TypeError('only the local queue has a worker here')
  const over = new AbortController()
  const config = readConfig({})
  const work = {
    ...createWork(services, config),
    startDeadline,
    log: () => undefined,
    functionName: config.functionName,
    isCold: () => false,
  }
  let worked = 0
  const consuming = queue.consume(async ({ Records }, context) => {
    const answer = await workDeliveries(Records, work, context)
    worked += Records.length
    if (worked >= most) over.abort(new Error('enough'))
    return answer
  }, over.signal)
  return {
    async stop() {
      over.abort(new Error('over'))
      await consuming
    },
    worked: () => worked,
  }
}
