// The health of this deployment: its configuration, or the sample computed and compared.

import type { Config } from '../config/config.ts'
import type { Trial } from '../jobs/try-job.ts'
import { sampleRequest, sampleRoot } from '../sample/sample.ts'
import type { AppServices } from '../services.ts'
import { softwareLine } from '../software.ts'

/** Version and configuration, without secrets and without work. */
export function describeHealth(config: Config): object {
  return {
    status: 'ok',
    software: softwareLine,
    node: process.version,
    gateways: config.gateways.map(({ url }) => new URL(url).origin),
    stac_api: config.stacApiUrl,
    store: config.s3 === null ? 'disk' : 's3',
    publishers: config.publishers,
    publishing: config.local ? 'open' : config.tokens.length > 0 ? 'by token' : 'off',
  }
}

let checked: Promise<Checked> | undefined

interface Checked extends Readonly<Record<string, unknown>> {
  readonly status: string
}

/** How long the sample's job is waited for: a worker may have to be started for it. */
const MOST_JOB_MS = 18_000

/**
 * Computes the sample once per process and compares its root CID with the known one; a deployment with jobs has a
 * worker do it, too.
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
  const { computeNdvi } = await import('../pipeline.ts')
  const { tryJob } = await import('../jobs/try-job.ts')
  const order = { request: await sampleRequest(), pin: false }
  const run = {
    fresh: true,
    tell: () => undefined,
    isTrusted: false,
    mostMs: 0,
    mostPixels: Infinity,
  }
  const [{ root }, jobs] = await Promise.all([
    computeNdvi(order, services.visitors, run, signal),
    // The local system works on its jobs in this very process.
    config.local || services.queue === null ? null : tryJob(order, services, MOST_JOB_MS, signal),
  ])
  const expected = await sampleRoot()
  const made = jobs?.result == null ? null : await services.results.get(jobs.result, signal)
  const isRight = root === expected && (jobs?.status !== 'ok' || made?.root === expected)
  return {
    ...describeHealth(config),
    status: isRight ? statusOf(jobs) : 'differs',
    sample: { root, expected },
    ...(jobs === null ? {} : { jobs: described(jobs) }),
  }
}

function statusOf(jobs: Trial | null): string {
  return jobs === null || jobs.status === 'ok' ? 'ok' : `jobs_${jobs.status}`
}

function described({ status, ms, reason }: Trial): object {
  return { status, ms, ...(reason === null ? {} : { reason }) }
}
