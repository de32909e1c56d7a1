// Requests to an upload service: each with time-outs, tried twice, and silent on the console when it fails.

import type { Clock } from '../../async/clock.ts'
import { HttpFailure } from '../../net/failure.ts'
import type { Http, HttpRequest } from '../../net/http.ts'
import type { HttpReply } from '../../net/reply.ts'

export interface W3upTimes {
  /** Until the answer to an invocation begins; it may take as long again to complete. */
  readonly callMs: number
  /** The same for an upload, for every 8 MiB of it. */
  readonly uploadMs: number
  /** Between two polls for a receipt, and before a second attempt. */
  readonly pauseMs: number
}

export const w3upTimes: W3upTimes = { callMs: 30_000, uploadMs: 60_000, pauseMs: 500 }

/**
 * Why a request failed.
 *
 * A TypeError on purpose: the client retries and prints every other error to the console (p-retry with
 * `onFailedAttempt: console.warn`), and takes a TypeError that is not the browser's "failed to fetch" as final.
 */
export class W3upSilence extends TypeError {
  override readonly name = 'W3upSilence'
}

/** What the client asks of a `fetch`. */
export interface W3upInit {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

export interface W3upTransport {
  /** An invocation, or the bytes of a blob. Answers 2xx. @throws {W3upSilence} */
  send(url: string, init: W3upInit): Promise<HttpReply>
  /** A receipt that may take a moment to appear. @throws {W3upSilence} */
  poll(url: string): Promise<HttpReply>
}

const MOST_REPLY_BYTES = 8 * 1024 * 1024
const UPLOAD_STEP = 8 * 1024 * 1024
const MOST_LOOKS = 10

/** @param signal aborts all requests */
export function createW3upTransport(
  service: URL,
  http: Http,
  clock: Clock,
  times: W3upTimes,
  signal: AbortSignal,
): W3upTransport {
  async function attempt(url: string, { method, headers, body }: W3upInit): Promise<HttpReply> {
    const upload = method === 'PUT' ? Math.ceil((body?.length ?? 0) / UPLOAD_STEP) || 1 : 0
    const ms = upload > 0 ? upload * times.uploadMs : times.callMs
    const request: HttpRequest = {
      method: method === 'PUT' || method === 'POST' ? method : 'GET',
      ...(headers === undefined ? {} : { headers }),
      ...(body === undefined ? {} : { body: new Uint8Array(body) }),
      maxBytes: MOST_REPLY_BYTES,
      firstByteMs: ms,
      stallMs: times.callMs,
      totalMs: 2 * ms,
      // The operator configured the service; the upload address is the service's word, so it is not trusted.
      trusted: new URL(url).origin === service.origin,
    }
    return http.request(url, request, signal)
  }

  async function send(url: string, init: W3upInit, accept = isSuccess): Promise<HttpReply> {
    for (let last = false; ; last = true) {
      try {
        const reply = await attempt(url, init)
        if (accept(reply.status)) return reply
        if (last || reply.status < 500) throw new W3upSilence(`HTTP ${reply.status}`)
      } catch (error) {
        if (last || isFinal(error)) throw silence(error)
      }
      await pause(times.pauseMs)
    }
  }

  async function pause(ms: number): Promise<void> {
    try {
      await clock.sleep(ms, signal)
    } catch (error) {
      throw silence(error)
    }
  }

  return {
    send: (url, init) => send(url, init),
    async poll(url) {
      for (let look = 1; look <= MOST_LOOKS; look++) {
        const reply = await send(url, {}, (status) => isSuccess(status) || status === 404)
        if (reply.status !== 404) return reply
        await pause(times.pauseMs)
      }
      throw new W3upSilence('no receipt')
    },
  }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
}

/** A slow or oversized answer would be so again. */
function isFinal(error: unknown): boolean {
  return !(error instanceof HttpFailure) || error.kind !== 'broken'
}

function silence(error: unknown): W3upSilence {
  if (error instanceof W3upSilence) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new W3upSilence(reason, { cause: error })
}
