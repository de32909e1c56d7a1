// What a worker does with a job: the pipeline, and the announcement of its result. Built from the configuration.

import type { Config } from './config/config.ts'
import { GreenprintError } from './errors.ts'
import { announce } from './jobs/announce.ts'
import type { WorkServices } from './jobs/run-job.ts'
import { createSnsTopic } from './jobs/sns-topic.ts'
import { resubmitJob } from './jobs/submit.ts'
import type { NdviResult } from './model/result.ts'
import { computeNdvi, type Services } from './pipeline.ts'
import { isPublished } from './publish/publish-result.ts'
import type { AppServices } from './services.ts'

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
    resubmit: (order, signal) => resubmitJob(order, services, signal),
    announce:
      topic && ((job, signal) => announce(job, { results, store, topic, publicUrl }, signal)),
  }
}

/**
 * The pipeline as a job runs it: a publication that failed is an error, and worth another attempt.
 *
 * @throws {GreenprintError} what computeNdvi throws, and `publishing_failed`, one detail line per publisher
 */
export function createJobCompute(services: Services): WorkServices['compute'] {
  return async (order, tell, signal) => {
    const result = await computeNdvi(order, services, { fresh: false, tell }, signal)
    if (order.pin && !isPublished(result, services)) throw unpublished(result)
    return result
  }
}

function unpublished({ publications }: NdviResult): GreenprintError {
  const details = publications.flatMap((publication) =>
    publication.status === 'held' ? [] : [`${publication.service}: ${publication.reason}`],
  )
  return new GreenprintError(
    'publishing_failed',
    'Too few services hold the result. It is kept here and can be published again.',
    { details },
  )
}
