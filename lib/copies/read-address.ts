// A small file at an address, whole, whoever made it: nothing of it is checked here.

import { describeError, GreenprintError } from '../errors.ts'
import { unsignedUrl } from '../model/unsigned-url.ts'
import type { Http } from '../net/http.ts'

/** @throws {GreenprintError} `content_unavailable`, `host_refused` */
export type ReadAddress = (
  url: string,
  maxBytes: number,
  signal: AbortSignal,
) => Promise<Uint8Array<ArrayBuffer>>

const limits = { firstByteMs: 8_000, stallMs: 4_000, totalMs: 15_000 } as const

export function createReadAddress(http: Http): ReadAddress {
  return async (url, maxBytes, signal) => {
    const reply = await http
      .request(url, { ...limits, maxBytes }, signal)
      .catch((cause: unknown) => {
        signal.throwIfAborted()
        if (cause instanceof GreenprintError) throw cause
        throw unavailable(url, describeError(cause), cause)
      })
    const { status, body } = reply
    if (status < 200 || status > 299) throw unavailable(url, `HTTP ${status}`)
    return body
  }
}

function unavailable(url: string, why: string, cause?: unknown): GreenprintError {
  const details = [`${unsignedUrl(url)}: ${why}`]
  const message = `${unsignedUrl(url)} could not be had: ${why}.`
  return new GreenprintError('content_unavailable', message, { details, cause })
}
