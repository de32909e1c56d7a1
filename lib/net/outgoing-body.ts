// What a request carries: in one piece, or made while it is sent.

import { Readable } from 'node:stream'
import { GreenprintError } from '../errors.ts'

/** Whole, or made while it is sent: anew for each attempt and each hop. */
export type HttpBody = Uint8Array<ArrayBuffer> | string | StreamedBody

export interface StreamedBody {
  /** Bytes, said beforehand. */
  readonly size: number
  /** What it throws of ours ends the request as it is. */
  pieces(signal: AbortSignal): AsyncIterable<Uint8Array>
}

/** As the client takes it; a stream is a new one for each hop. */
export function sendable(body: HttpBody | undefined, signal: AbortSignal) {
  if (body === undefined) return { headers: {}, body: null }
  if (typeof body === 'string' || body instanceof Uint8Array) return { headers: {}, body }
  const stream = Readable.from(body.pieces(signal), { objectMode: false })
  return { headers: { 'content-length': String(body.size) }, body: stream }
}

/** Why a body could not be made, in our own words; null where that was not the fault. */
export function bodyFault(body: string | Uint8Array | Readable | null): GreenprintError | null {
  const error = body instanceof Readable ? body.errored : null
  return error instanceof GreenprintError ? error : null
}

/** Ends the making of a body that is not sent to its end. */
export function dropBody(body: string | Uint8Array | Readable | null): void {
  if (body instanceof Readable) body.on('error', () => undefined).destroy()
}
