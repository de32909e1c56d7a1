// The health of this deployment, tried: the sample computed and compared, by a worker too where there are jobs.

import type { Context } from 'hono'
import type { Config } from '../config/config.ts'
import { type Trial, tryJob } from '../jobs/try-job.ts'
import { withoutRights } from '../model/run.ts'
import { computeNdvi } from '../pipeline.ts'
import { sampleRequest, sampleRoot } from '../sample/sample.ts'
import type { AppServices } from '../services.ts'
import { heedsConditions } from '../store/heeds-conditions.ts'
import { callerOf } from './caller.ts'
import { crossSite } from './cross-site.ts'
import { describeHealth } from './health.ts'
import { LightResponse } from './light/response.ts'
import type { AppEnv } from './observe.ts'
import { withRequestLimit } from './time-limit.ts'

/** @throws {GreenprintError} `cross_site` */
export async function answerDeepHealth(
  c: Context<AppEnv>,
  services: AppServices,
  config: Config,
): Promise<Response> {
  if (callerOf(c, config).isForeign) throw crossSite()
  return withRequestLimit(c.env, services, async (signal) =>
    LightResponse.json(await checkSample(services, config, signal)),
  )
}

let checked: Promise<Checked> | undefined

interface Checked extends Readonly<Record<string, unknown>> {
  readonly status: string
}

/** How long the sample's job is waited for: a worker may have to be started for it. */
const MOST_JOB_MS = 18_000

/**
 * Computes the sample once per process and compares its root CID with the known one; a deployment with jobs has a
 * worker do it, too. The store is tried for what jobs and records need of it.
 */
export function checkSample(
  services: AppServices,
  config: Config,
  signal: AbortSignal,
): Promise<object> {
  checked ??= compareSample(services, config, signal).then(
    (found) => {
      // What is not well is looked at again.
      if (found.status !== 'ok') checked = undefined
      return found
    },
    (error: unknown) => {
      checked = undefined
      throw error
    },
  )
  return checked
}

async function compareSample(
  services: AppServices,
  config: Config,
  signal: AbortSignal,
): Promise<Checked> {
  const order = { request: await sampleRequest(), pin: false }
  const run = {
    fresh: true,
    tell: () => undefined,
    ...withoutRights,
  }
  const [{ root }, isFit, jobs] = await Promise.all([
    computeNdvi(order, services.visitors, run, signal),
    heedsConditions(services.objects, signal),
    // The local system works on its jobs in this very process.
    config.local || services.queue === null ? null : tryJob(order, services, MOST_JOB_MS, signal),
  ])
  const expected = await sampleRoot()
  const made = jobs?.result == null ? null : await services.results.get(jobs.result, signal)
  const isRight = root === expected && (jobs?.status !== 'ok' || made?.root === expected)
  return {
    ...describeHealth(config),
    status: isRight ? statusOf(isFit, jobs) : 'differs',
    sample: { root, expected },
    store_heeds_conditions: isFit,
    ...(jobs === null ? {} : { jobs: described(jobs) }),
  }
}

function statusOf(isFit: boolean, jobs: Trial | null): string {
  if (!isFit) return 'store_unfit'
  return jobs === null || jobs.status === 'ok' ? 'ok' : `jobs_${jobs.status}`
}

function described({ status, ms, reason }: Trial): object {
  return { status, ms, ...(reason === null ? {} : { reason }) }
}
