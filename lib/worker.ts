// What a worker does with a job, by the kind of its order, and how its result is announced.

import { measureChange } from './change.ts'
import { composeScenes } from './composite.ts'
import type { Config } from './config/config.ts'
import { GreenprintError } from './errors.ts'
import { fingerprintItem } from './fingerprint.ts'
import { announce } from './jobs/announce.ts'
import { consumeQueue, type RecordHandler } from './jobs/consume-queue.ts'
import { recallResult } from './jobs/resolve-order.ts'
import { type PutBack, resumeJobs } from './jobs/resume.ts'
import type { WorkServices } from './jobs/run-job.ts'
import { createSnsTopic } from './jobs/sns-topic.ts'
import { createSqsQueue } from './jobs/sqs-queue.ts'
import { resubmitJob } from './jobs/submit.ts'
import { type Consumer, localQueue } from './local/queue.ts'
import type { Log } from './log.ts'
import { type ByKind, dispatch } from './model/order.ts'
import type { Tell } from './model/progress.ts'
import type { PublishableResult } from './model/result.ts'
import { unlimited } from './model/run.ts'
import { computeNdvi } from './pipeline.ts'
import { isPublished } from './publish/publish-result.ts'
import type { AppServices } from './services.ts'
import { measureZones } from './zones.ts'

/** What a worker does with the jobs of these services. */
export function createWork(
  services: AppServices,
  { resultTopic, publicUrl }: Config,
): WorkServices & Pick<AppServices, 'queue'> {
  const { jobs, clock, queue, store } = services
  const topic = resultTopic === null ? null : createSnsTopic(resultTopic)
  return {
    jobs,
    clock,
    queue,
    compute: createJobCompute(services),
    resubmit: (order, signal) => resubmitJob(order, services, signal),
    announce:
      topic &&
      ((job, signal) => {
        const find = async () =>
          job.result === null ? null : recallResult(job.order, job.result, services, signal)
        return announce(job, { find, store, topic, publicUrl }, signal)
      }),
  }
}

type Compute = ByKind<
  Promise<PublishableResult>,
  [services: AppServices, tell: Tell, signal: AbortSignal]
>

/** Jobs are made by holders of a token, notices and schedules alone, and a worker has all the time that there is. */
const unhurried = { fresh: false, ...unlimited } as const

/** One page for each kind of order. */
const pages: Compute = {
  ndvi: (order, services, tell, signal) =>
    computeNdvi(order, services, { ...unhurried, tell }, signal),
  fingerprint: (order, services, tell, signal) =>
    fingerprintItem(order, services, { ...unhurried, tell }, signal),
  verify: async (order, services, tell, signal) => {
    // It reads published items by the schemas of requests, which other jobs do without.
    const { verifyResult } = await import('./verify.ts')
    return verifyResult(order, services, { ...unlimited, tell }, signal)
  },
  zones: (order, services, tell, signal) =>
    measureZones(order, services, { ...unhurried, tell }, signal),
  change: (order, services, tell, signal) =>
    measureChange(order, services, { ...unhurried, tell }, signal),
  composite: (order, services, tell, signal) =>
    composeScenes(order, services, { ...unhurried, tell }, signal),
}

/**
 * The pages as a job runs them: a publication that failed is an error, and worth another attempt.
 *
 * @throws {GreenprintError} what the page of the order throws, and `publishing_failed`, one detail line per publisher
 */
export function createJobCompute(services: AppServices): WorkServices['compute'] {
  return async (order, tell, signal) => {
    const result = await dispatch(pages, order, services, tell, signal)
    if (order.pin && !isPublished(result, services)) throw unpublished(result)
    return result
  }
}

function unpublished({ publications }: PublishableResult): GreenprintError {
  const details = publications.flatMap((publication) =>
    publication.status === 'held' ? [] : [`${publication.service}: ${publication.reason}`],
  )
  return new GreenprintError(
    'publishing_failed',
    'Too few services hold the result. It is kept here and can be published again.',
    { details },
  )
}

/**
 * Works on the jobs of this process until the signal aborts; also on those that an earlier one left. Not of the local
 * system over a bucket: that may be another's, whose queue forgets nothing.
 */
export async function workLocally(
  { dataDir, s3, local }: Config,
  services: AppServices,
  handler: Consumer,
  signal: AbortSignal,
): Promise<void> {
  const queue = localQueue(dataDir, services.clock)
  if (s3 === null || !local) {
    const putBack: PutBack = (...message) => queue.putBack(...message)
    // A store that cannot be read is told to whoever uses it next.
    await resumeJobs(services, putBack, signal).catch(() => 0)
  }
  await queue.consume(handler, signal)
}

/** Works on the jobs of the queue that the configuration names, else on those of this process, until the signal aborts. */
export async function workAsServer(
  config: Config,
  services: AppServices,
  { handler, log }: { readonly handler: RecordHandler; readonly log: Log },
  signal: AbortSignal,
): Promise<void> {
  const { queueUrl, region } = config
  const { clock } = services
  if (queueUrl === null) return workLocally(config, services, handler, signal)
  return consumeQueue(createSqsQueue(queueUrl, region), handler, { clock, log }, signal)
}
