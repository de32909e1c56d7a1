// The health of this deployment: its configuration, or the sample computed and compared.

import type { Config } from '../config/config.ts'
import type { Services } from '../pipeline.ts'
import { sampleRequest, sampleRoot } from '../sample/sample.ts'
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

let checked: Promise<object> | undefined

/** Computes the sample once per process and compares its root CID with the known one. */
export function checkSample(
  services: Services,
  config: Config,
  signal: AbortSignal,
): Promise<object> {
  checked ??= compareSample(services, config, signal).catch((error: unknown) => {
    checked = undefined
    throw error
  })
  return checked
}

async function compareSample(
  services: Services,
  config: Config,
  signal: AbortSignal,
): Promise<object> {
  const { computeNdvi } = await import('../pipeline.ts')
  const order = { request: await sampleRequest(), pin: false }
  const run = {
    fresh: true,
    tell: () => undefined,
    isTrusted: false,
    mostMs: 0,
    mostPixels: Infinity,
  }
  const { root } = await computeNdvi(order, services, run, signal)
  const expected = await sampleRoot()
  const status = root === expected ? 'ok' : 'differs'
  return { ...describeHealth(config), status, sample: { root, expected } }
}
