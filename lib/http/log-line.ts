// One wide line for each request: everything that a log is searched for, in one JSON object.

import { describeError } from '../errors.ts'
import type { BandProof, NdviResult } from '../model/result.ts'
import { problemOf } from './problem.ts'

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

const MOST_CAUSES = 5
const MOST_DETAILS = 20
const LONGEST = 500

export function requestLine(
  answered: Answered,
  { token, result }: Findings,
): Record<string, unknown> {
  const { error, path, ...rest } = answered
  return {
    ...rest,
    path: clip(path),
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
      ...('reason' in publication ? { reason: clip(publication.reason) } : {}),
    })),
  }
}

function costOf({ cid, bytes_read, blocks, requests, sources }: BandProof): object {
  return { cid, bytes_read, blocks, requests, sources }
}

/** The code, what the caller was told, and the causes behind it; of a bug the stack too. */
export function faultOf(error: unknown): object {
  const { status, code, detail, details } = problemOf(error)
  return {
    code,
    detail: clip(detail),
    ...(details === undefined ? {} : { details: details.slice(0, MOST_DETAILS).map(clip) }),
    causes: causesOf(error),
    ...(status === 500 && error instanceof Error ? { stack: error.stack } : {}),
  }
}

/** From the fault itself inward; what a caller was told already is not told again. */
function causesOf(error: unknown): string[] {
  const causes: string[] = []
  let cause = error instanceof Error ? error.cause : undefined
  while (cause !== undefined && causes.length < MOST_CAUSES) {
    causes.push(clip(describeError(cause)))
    cause = cause instanceof Error ? cause.cause : undefined
  }
  return causes
}

function clip(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
}
