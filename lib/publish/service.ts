// Requests to a publishing service: with time-outs, a second attempt, and refusals that say what to do.

import type { Clock } from '../async/clock.ts'
import { describeError, GreenprintError } from '../errors.ts'
import { HttpFailure } from '../net/failure.ts'
import type { Http, HttpRequest } from '../net/http.ts'
import type { HttpBody } from '../net/outgoing-body.ts'
import type { HttpReply } from '../net/reply.ts'
import { readRetryAfter } from '../net/retry-after.ts'

export interface ServiceTimes {
  /** Until an answer begins; it may take as long again to complete. */
  readonly callMs: number
  /** More for each MiB that is sent. */
  readonly mebibyteMs: number
  /** Before a second attempt, and between two looks at what becomes of an upload. */
  readonly pauseMs: number
}

/** A service that hangs leaves time for the next one: a request of the API has 28 s in all. */
export const serviceTimes: ServiceTimes = { callMs: 8_000, mebibyteMs: 1_000, pauseMs: 1_500 }

export interface ServiceOptions {
  /** How messages begin: `The Kubo node`. */
  readonly name: string
  /** Without a trailing slash. */
  readonly url: string
  /** What identifies us; sent to the service's own origin alone. */
  readonly headers: Readonly<Record<string, string>>
  /** Names of the variables that say where it is, and who we are. */
  readonly settings: { readonly address: string; readonly key: string }
  readonly http: Http
  readonly clock: Clock
  readonly times: ServiceTimes
}

export interface ServiceCall {
  readonly method?: HttpRequest['method']
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: HttpBody
  /** Of a reply. */
  readonly maxBytes?: number
  /** Statuses besides 2xx that are answers, not refusals. */
  readonly accepts?: readonly number[]
  /** false for what must not happen twice. */
  readonly again?: boolean
}

export interface Service {
  /**
   * @param address a path, or a whole URL that the service gave out; another origin is sent nothing that identifies us
   * @throws {GreenprintError} `publishing_failed`
   */
  call(address: string, call: ServiceCall, signal: AbortSignal): Promise<HttpReply>
  /** Calls until `read` finds something, with a pause in between; null when it never does. */
  poll<T>(look: () => Promise<T | null>, times: number, signal: AbortSignal): Promise<T | null>
  /** `publishing_failed` about an answer that `call` was told to accept. @param what it did, its own words follow */
  refusal(reply: HttpReply, what: string): GreenprintError
  /** `publishing_failed` about what the service did. */
  failure(what: string, cause?: unknown): GreenprintError
}

const MIB = 1024 * 1024
/** A service that asks for more patience is left to the next publication. */
const MOST_WAIT_MS = 10_000

export function createService(options: ServiceOptions): Service {
  const { url: base, headers, http, clock, times } = options
  const host = new URL(base).host

  function failure(what: string, cause?: unknown): GreenprintError {
    const sentence = `${options.name} at ${host} ${what}`
    return new GreenprintError('publishing_failed', withoutKeys(sentence, headers), { cause })
  }

  async function attempt(
    url: URL,
    { method = 'GET', headers: more, body, maxBytes = MIB }: ServiceCall,
    signal: AbortSignal,
  ): Promise<HttpReply> {
    const ms = Math.ceil(times.callMs + (lengthOf(body) / MIB) * times.mebibyteMs)
    const own = url.origin === new URL(base).origin
    const request: HttpRequest = {
      method,
      headers: { ...(own ? headers : {}), ...more },
      ...(body === undefined ? {} : { body }),
      maxBytes,
      firstByteMs: ms,
      stallMs: times.callMs,
      totalMs: ms + times.callMs,
      trusted: own,
    }
    return http.request(url.href, request, signal)
  }

  function explain(error: unknown): GreenprintError {
    if (error instanceof GreenprintError) return error
    const reason = describeError(error)
    return failure(
      `could not be reached (${reason}): check ${options.settings.address} and whether it is in service.`,
      error,
    )
  }

  function refusal(reply: HttpReply, what: string | null = null): GreenprintError {
    const { status } = reply
    const { address, key } = options.settings
    const said = messageOf(reply)
    const words = said === '' ? '' : `: ${said}`
    if (isPage(reply)) {
      return failure(`answered with a web page (HTTP ${status}): check ${address}.`)
    }
    if (what !== null) return failure(`${what}${words}`)
    if (status === 401 || status === 403) {
      return failure(`does not accept ${key} (HTTP ${status})${words}`)
    }
    if (status === 402) return failure(`wants a plan that is paid for (HTTP 402)${words}`)
    if (status === 413 || status === 507) {
      return failure(`has no room for this upload (HTTP ${status})${words}`)
    }
    if (status === 429) return failure(`is busy (HTTP 429): publish again later${words}`)
    return failure(`refused (HTTP ${status})${words}`)
  }

  /** How long to wait before another attempt; null when there is no use in one. */
  function waitFor({ status, headers: replied }: HttpReply): number | null {
    if (status !== 429 && status < 500) return null
    const asked = readRetryAfter(replied.get('retry-after'), clock)
    const ms = asked ?? times.pauseMs
    return ms > MOST_WAIT_MS ? null : ms
  }

  return {
    failure,
    refusal,
    async call(address, call, signal) {
      const url = new URL(/^https?:/i.test(address) ? address : `${base}${address}`)
      for (let again = call.again ?? true; ; again = false) {
        signal.throwIfAborted()
        let wait: number | null = times.pauseMs
        try {
          const reply = await attempt(url, call, signal)
          const { status } = reply
          const isGood = status >= 200 && status < 300
          if (isGood && isPage(reply)) throw refusal(reply)
          if (isGood || call.accepts?.includes(status) === true) return reply
          wait = waitFor(reply)
          if (!again || wait === null) throw refusal(reply)
        } catch (error) {
          signal.throwIfAborted()
          const isBroken = error instanceof HttpFailure && error.kind === 'broken'
          if (!again || !isBroken) throw explain(error)
        }
        await clock.sleep(wait ?? 0, signal)
      }
    },
    async poll(look, most, signal) {
      for (let looks = 1; ; looks++) {
        const found = await look()
        if (found !== null || looks >= most) return found
        await clock.sleep(times.pauseMs, signal)
      }
    },
  }
}

function lengthOf(body: HttpBody | undefined): number {
  if (body === undefined) return 0
  if (typeof body === 'string' || body instanceof Uint8Array) return body.length
  return body.size
}

export function textOf({ body }: Pick<HttpReply, 'body'>): string {
  return new TextDecoder().decode(body)
}

/** What stands between us and the service, or another address than its API. */
function isPage(reply: HttpReply): boolean {
  const type = reply.headers.get('content-type') ?? ''
  return /^text\/html\b/i.test(type) || /^\s*<(!doctype|html)/i.test(textOf(reply).slice(0, 64))
}

/** The service's own words where it has any: one line of plain text. */
function messageOf(reply: HttpReply): string {
  const text = textOf(reply).trim()
  const said = messageIn(parseJson(text)) ?? (/^[[{<]/.test(text) ? '' : text)
  // oxlint-disable-next-line no-control-regex -- control characters are what is replaced
  return said.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, 200)
}

/** `Message` of Kubo, `message` of IPFS Cluster, `error` of Pinata, `error.details` of the Pinning Service API. */
function messageIn(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return null
  const fields = new Map(Object.entries(value))
  for (const name of ['Message', 'message', 'details', 'reason', 'error']) {
    const found = messageIn(fields.get(name))
    if (found !== null && found !== '') return found
  }
  return null
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** A service may repeat what it was sent. */
function withoutKeys(text: string, headers: Readonly<Record<string, string>>): string {
  const words = Object.values(headers).flatMap((value) => [value, ...value.split(/\s+/)])
  return words
    .filter((word) => word.length >= 8)
    .toSorted((one, other) => other.length - one.length)
    .reduce((clean, word) => clean.replaceAll(word, '[secret]'), text)
}
