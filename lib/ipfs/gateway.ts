// One trustless HTTP gateway: raw blocks by CID, and CARs of ranges of a file.

import type { Clock } from '../async/clock.ts'
import type { GatewayConfig } from '../config/addresses.ts'
import { MAX_RECORD_BYTES } from '../ipld/ipns-record.ts'
import { kindOfStatus, SourceFailure } from '../model/source-failure.ts'
import { toSourceFailure } from '../net/failure.ts'
import type { Http } from '../net/http.ts'
import type { HttpReply } from '../net/reply.ts'
import { readRetryAfter } from '../net/retry-after.ts'
import type { RecordSource } from './names.ts'
import { operatorOf } from './operators.ts'
import type { CarSource } from './prefetch.ts'
import type { BlockSource } from './source.ts'

/** Clients should not accept larger blocks: https://specs.ipfs.tech/http-gateways/trustless-gateway/#block-size */
export const MAX_BLOCK_BYTES = 2 * 1024 * 1024

/** A slower CAR is given up: its blocks come one by one then. */
const CAR_BYTES_A_SECOND = 1024 * 1024

const RECORD_TYPE = 'application/vnd.ipfs.ipns-record'
const RAW_TYPE = 'application/vnd.ipld.raw'
const CAR_TYPE = 'application/vnd.ipld.car; version=1; order=dfs; dups=y'

export interface GatewayTimes {
  readonly firstByteMs: number
  readonly stallMs: number
  /** For one whole block: what a slow drip may cost. */
  readonly totalMs: number
}

/** Recursive gateways look for providers before the first byte; the spec suggests up to 30 s, our callers have 29. */
const gatewayTimes: GatewayTimes = { firstByteMs: 10_000, stallMs: 4_000, totalMs: 20_000 }

export interface BlockGatewayOptions {
  readonly times?: GatewayTimes
  /** The operator configured it; a stranger's has to pass the host policy. */
  readonly trusted?: boolean
}

/** https://specs.ipfs.tech/http-gateways/trustless-gateway/: raw blocks, and a CAR for ranges of a file. */
export function createGateway(
  gateway: GatewayConfig,
  http: Http,
  clock: Clock,
  { times = gatewayTimes, trusted = true }: BlockGatewayOptions = {},
): BlockSource & CarSource & RecordSource {
  const recordLimits = { ...times, maxBytes: MAX_RECORD_BYTES }
  const blockLimits = { ...times, maxBytes: MAX_BLOCK_BYTES }
  // The origin only: the path of a dedicated gateway may hold its key.
  const name = new URL(gateway.url).origin

  async function request(
    path: string,
    accept: string,
    limits: GatewayTimes & { readonly maxBytes: number },
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const headers = { ...gateway.headers, accept }
    const reply = await http
      .request(`${gateway.url}${path}`, { headers, ...limits, trusted }, signal)
      .catch((error: unknown) => {
        signal.throwIfAborted()
        throw toSourceFailure(name, error)
      })
    if (reply.status !== 200) throw refusal(name, reply, clock)
    return reply.body
  }

  return {
    name,
    operator: operatorOf(gateway.url),
    // Both the parameter and the header: some gateways heed only one, and caches key on the URL.
    get: (cid, signal) =>
      request(`/ipfs/${cid.toString()}?format=raw`, RAW_TYPE, blockLimits, signal),
    getRecord: (name, signal) =>
      request(`/ipns/${name}?format=ipns-record`, RECORD_TYPE, recordLimits, signal),
    getCar(cid, { offset, length }, { maxBytes, firstByteMs }, signal) {
      const bytes = `entity-bytes=${offset}:${offset + length - 1}`
      const path = `/ipfs/${cid.toString()}?format=car&dag-scope=entity&${bytes}`
      const totalMs = Math.min(times.totalMs, firstByteMs + (1_000 * maxBytes) / CAR_BYTES_A_SECOND)
      return request(path, CAR_TYPE, { ...times, firstByteMs, totalMs, maxBytes }, signal)
    },
  }
}

function refusal(name: string, { status, headers }: HttpReply, clock: Clock): SourceFailure {
  const retryAfterMs = readRetryAfter(headers.get('retry-after'), clock)
  return new SourceFailure(name, kindOfStatus(status), `HTTP ${status}`, { retryAfterMs })
}
