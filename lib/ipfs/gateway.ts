// One trustless HTTP gateway: raw blocks by CID, nothing else.

import type { GatewayConfig } from '../config.ts'
import { describeError } from '../errors.ts'
import type { Clock } from '../net/clock.ts'
import { HttpFailure } from '../net/failure.ts'
import type { Http } from '../net/http.ts'
import { type BlockSource, type FailureKind, SourceFailure } from './source.ts'

/** Clients should not accept larger blocks: https://specs.ipfs.tech/http-gateways/trustless-gateway/#block-size */
export const MAX_BLOCK_BYTES = 2 * 1024 * 1024

export interface GatewayTimes {
  readonly firstByteMs: number
  readonly stallMs: number
  /** For one whole block: what a slow drip may cost. */
  readonly totalMs: number
}

/** Recursive gateways look for providers before the first byte; the spec suggests up to 30 s, our callers have 29. */
export const gatewayTimes: GatewayTimes = { firstByteMs: 10_000, stallMs: 4_000, totalMs: 20_000 }

/** `raw` blocks of https://specs.ipfs.tech/http-gateways/trustless-gateway/ */
export function createGateway(
  gateway: GatewayConfig,
  http: Http,
  clock: Clock,
  times: GatewayTimes = gatewayTimes,
): BlockSource {
  // The origin only: the path of a dedicated gateway may hold its key.
  const name = new URL(gateway.url).origin
  return {
    name,
    async get(cid, signal) {
      const reply = await http
        .request(
          // Both the parameter and the header: some gateways heed only one, and caches key on the URL.
          `${gateway.url}/ipfs/${cid.toString()}?format=raw`,
          {
            headers: { ...gateway.headers, accept: 'application/vnd.ipld.raw' },
            maxBytes: MAX_BLOCK_BYTES,
            ...times,
            trusted: true,
          },
          signal,
        )
        .catch((error: unknown) => {
          signal.throwIfAborted()
          throw asFailure(name, error)
        })
      if (reply.status === 200) return reply.body
      const retryAfterMs = readRetryAfter(reply.headers.get('retry-after'), clock)
      throw new SourceFailure(name, kindOf(reply.status), `HTTP ${reply.status}`, { retryAfterMs })
    },
  }
}

function kindOf(status: number): FailureKind {
  if (status === 404) return 'absent'
  if (status === 429 || status === 503) return 'busy'
  return status < 500 ? 'refused' : 'broken'
}

function asFailure(name: string, error: unknown): SourceFailure {
  const kind = error instanceof HttpFailure ? error.kind : 'broken'
  const reason = describeError(error)
  // Nothing honest is larger than a block may be.
  return new SourceFailure(name, kind === 'oversized' ? 'lie' : kind, reason, { cause: error })
}

/** Retry-After in seconds or as an HTTP date (RFC 9110, 10.2.3), in milliseconds; null when absent or unreadable. */
function readRetryAfter(text: string | null, clock: Clock): number | null {
  if (text === null) return null
  const seconds = Number(text)
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(text) - clock.now()
  return Number.isNaN(ms) ? null : Math.max(0, ms)
}
