// From the configuration to what a worker needs beyond the services of every door.

import { announce } from './announce.ts'
import type { Config } from './config.ts'
import { createSnsTopic } from './jobs/sns.ts'
import type { AppServices } from './services.ts'
import { resubmitJob } from './submit.ts'
import type { WorkServices } from './work.ts'
import { createJobCompute } from './work-compute.ts'

/** What a worker does with the jobs of these services. */
export function createWork(
  services: AppServices,
  { resultTopic, publicUrl }: Config,
): WorkServices & Pick<AppServices, 'queue'> {
  const { jobs, clock, queue, results, store } = services
  const topic = resultTopic === null ? null : createSnsTopic(resultTopic)
  return {
    jobs,
    clock,
    queue,
    compute: createJobCompute(services),
    resubmit: (request, signal) => resubmitJob(request, services, signal),
    announce:
      topic && ((job, signal) => announce(job, { results, store, topic, publicUrl }, signal)),
  }
}
