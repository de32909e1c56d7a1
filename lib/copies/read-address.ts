// A small file at an address, whole, whoever made it: nothing of it is checked here.

import { describeError, type ErrorCode, GreenprintError } from '../errors.ts'
import { kindOfStatus } from '../model/source-failure.ts'
import { unsignedUrl } from '../model/unsigned-url.ts'
import { HttpFailure } from '../net/failure.ts'
import type { Http } from '../net/http.ts'

/** @throws {GreenprintError} `content_unavailable`, `host_refused`, `source_refused`, `content_unusable` where it is larger */
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
        if (cause instanceof HttpFailure && cause.kind === 'oversized') {
          const message = `${unsignedUrl(url)} has more than ${maxBytes} bytes.`
          throw new GreenprintError('content_unusable', message, { cause })
        }
        throw unavailable(url, describeError(cause), cause)
      })
    const { status, body } = reply
    if (status < 200 || status > 299) {
      const isFinal = kindOfStatus(status) === 'refused'
      const code = isFinal ? 'source_refused' : 'content_unavailable'
      throw unavailable(url, `HTTP ${status}`, undefined, code)
    }
    return body
  }
}

function unavailable(
  url: string,
  why: string,
  cause?: unknown,
  code: ErrorCode = 'content_unavailable',
): GreenprintError {
  const details = [`${unsignedUrl(url)}: ${why}`]
  const message = `${unsignedUrl(url)} could not be had: ${why}.`
  return new GreenprintError(code, message, { details, cause })
}
