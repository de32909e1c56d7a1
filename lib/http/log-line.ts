// One wide line for each request: everything that a log is searched for, in one JSON object.

import { faultOf, loggable } from '../log.ts'
import type { BandProof, NdviResult } from '../model/result.ts'

/** What a route found out that its reply does not show. */
export interface Findings {
  /** Name of the caller's token. */
  token: string | null
  result: NdviResult | null
}

export interface Answered {
  readonly method: string
  /** The pattern; `*` when no route matched. */
  readonly route: string
  readonly path: string
  readonly status: number
  readonly error: unknown
  readonly cold: boolean
  readonly requestId: string | null
  readonly ms: number
  readonly steps: Readonly<Record<string, number>>
}

export function requestLine(
  answered: Answered,
  { token, result }: Findings,
): Record<string, unknown> {
  const { error, path, ...rest } = answered
  return {
    ...rest,
    path: loggable(path),
    token,
    ...(result === null ? {} : describe(result)),
    ...(error === undefined ? { code: null } : faultOf(error)),
  }
}

function describe({ id, cached, item, root, proof, publications }: NdviResult): object {
  const bands = Object.entries(proof.bands).map(([name, band]) => [name, costOf(band)])
  return {
    result: id,
    cached,
    item: item.id,
    root,
    bands: Object.fromEntries(bands),
    publications: publications.map((publication) => ({
      service: publication.service,
      status: publication.status,
      ...('reason' in publication ? { reason: loggable(publication.reason) } : {}),
    })),
  }
}

function costOf({ trust, cid, bytes_read, blocks, requests, sources }: BandProof): object {
  return { trust, cid, bytes_read, blocks, requests, sources }
}
