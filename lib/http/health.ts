// The health of this deployment, untried: what it is, and what it is configured to do.

import type { Config } from '../config/config.ts'
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
