// The part of a file that `entity-bytes` of the trustless gateway asks for.

import { GreenprintError } from '../errors.ts'

/** Both ends belong to it; a negative one counts from the end of the file; `null` is the last byte. */
export interface EntityBytes {
  readonly from: number
  readonly to: number | null
}

/** Offsets in a file, `end` exclusive. */
export interface ByteSpan {
  readonly start: number
  readonly end: number
}

/**
 * `from:to` of https://specs.ipfs.tech/http-gateways/trustless-gateway/#entity-bytes-request-query-parameter; null for
 * any other text, and for a range that ends before it begins whatever the file.
 */
export function readEntityBytes(text: string): EntityBytes | null {
  const match = /^(-?\d{1,15}):(-?\d{1,15}|\*)$/.exec(text)
  if (match === null) return null
  const from = Number(match[1])
  const to = match[2] === '*' ? null : Number(match[2])
  const sameEnd = to !== null && from < 0 === to < 0
  return sameEnd && to < from ? null : { from, to }
}

/**
 * The bytes of a file of this size: what of the range lies in it, empty where it ends before it begins.
 *
 * @throws {GreenprintError} `invalid_request` for a range that begins after the end of the file
 */
export function spanOf({ from, to }: EntityBytes, size: number): ByteSpan {
  const start = from < 0 ? Math.max(0, size + from) : from
  if (start >= size && size > 0) {
    const message = `entity-bytes begins at byte ${start}; the file has ${size}.`
    throw new GreenprintError('invalid_request', message)
  }
  const end = to === null ? size : Math.min(size, (to < 0 ? size + to : to) + 1)
  return { start, end: Math.max(start, end) }
}
