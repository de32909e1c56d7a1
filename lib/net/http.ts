// The only fetch: guarded hosts, time-outs for the first byte, for stalls and in all, capped bodies.

import type { LookupFunction } from 'node:net'
import { HttpFailure, toHttpFailure } from './failure.ts'
import { checkUrl, type HostPolicy, publicLookup } from './guard.ts'
import { openSockets, type Response, type Sockets } from './sockets.ts'

export interface HttpRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array<ArrayBuffer> | string
  /** A longer body is refused, by its announced length and while it streams. */
  readonly maxBytes: number
  readonly firstByteMs: number
  readonly stallMs: number
  readonly totalMs: number
  /** The operator configured this URL: its own origin may be plain http: or private. Callers' URLs never are. */
  readonly trusted?: boolean
}

export interface HttpReply {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  /** Where the answer came from after redirects. */
  readonly url: string
  /** Whole for 2xx; at most 4 KiB of anything else. */
  readonly body: Uint8Array<ArrayBuffer>
}

export interface Http {
  /**
   * @throws {GreenprintError} `host_refused` for a URL, a redirect or an address that must not be fetched
   * @throws {HttpFailure} when no whole answer came; its message says why
   */
  request(url: string, request: HttpRequest, signal: AbortSignal): Promise<HttpReply>
}

const MAX_REDIRECTS = 5
const MAX_ERROR_BYTES = 4096

/** @param lookup of the sockets that callers' URLs are fetched by; it must refuse what is not public */
export function createHttp(policy: HostPolicy, lookup: LookupFunction = publicLookup): Http {
  let sockets: Promise<Sockets> | undefined

  async function hop(url: URL, request: HttpRequest, first: URL, timer: Timer): Promise<Response> {
    const sameOrigin = url.origin === first.origin
    sockets ??= openSockets(policy, lookup)
    const { fetch, open, guarded } = await sockets
    try {
      return await fetch(url, {
        method: request.method ?? 'GET',
        headers: headersFor(request, sameOrigin),
        body: request.body ?? null,
        redirect: 'manual',
        dispatcher: request.trusted === true && sameOrigin ? open : guarded,
        signal: timer.signal,
      })
    } catch (error) {
      throw timer.explain(error)
    }
  }

  return {
    async request(text, request, signal) {
      const trusted = request.trusted === true
      const first = trusted ? new URL(text) : checkUrl(text, policy)
      const timer = startTimer(request, signal)
      try {
        let url = first
        for (let redirects = 0; ; redirects++) {
          const response = await hop(url, request, first, timer)
          const location = response.headers.get('location')
          if (response.status < 300 || response.status > 399 || location === null) {
            return await readReply(response, url, request, timer)
          }
          await response.body?.cancel()
          if (redirects === MAX_REDIRECTS) throw new HttpFailure('broken', 'too many redirects')
          const next = resolve(location, url)
          url = trusted && next.origin === first.origin ? next : checkUrl(next.href, policy)
        }
      } finally {
        timer.stop()
      }
    },
  }
}

/** Fetch itself asks for ranges unencoded, and would say so twice. */
function headersFor({ headers = {} }: HttpRequest, sameOrigin: boolean): Record<string, string> {
  const told = sameOrigin ? headers : withoutKeys(headers)
  return 'range' in told ? { ...told } : { 'accept-encoding': 'identity', ...told }
}

/** What another origin is told of a request: the form of question and answer, no key that may be among the rest. */
function withoutKeys(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) =>
    /^(accept|content-type|range)$/i.test(name),
  )
  return Object.fromEntries(kept)
}

function resolve(location: string, base: URL): URL {
  const url = URL.parse(location, base.href)
  if (url === null) throw new HttpFailure('broken', 'redirect to no valid address')
  return url
}

async function readReply(
  response: Response,
  url: URL,
  request: HttpRequest,
  timer: Timer,
): Promise<HttpReply> {
  const reply = { status: response.status, headers: response.headers, url: url.href }
  const limit = response.ok ? request.maxBytes : MAX_ERROR_BYTES
  try {
    const announced = Number(response.headers.get('content-length') ?? 0)
    if (response.ok && request.method !== 'HEAD' && announced > limit) throw tooLarge(limit)
    const parts: Uint8Array[] = []
    let length = 0
    for await (const part of response.body ?? []) {
      timer.progress()
      parts.push(part.subarray(0, limit - length))
      length += part.length
      if (length <= limit) continue
      if (response.ok) throw tooLarge(limit)
      break
    }
    return { ...reply, body: new Uint8Array(Buffer.concat(parts)) }
  } catch (error) {
    await response.body?.cancel().catch(() => undefined)
    throw timer.explain(error)
  }
}

function tooLarge(limit: number): HttpFailure {
  return new HttpFailure('oversized', `body larger than ${limit} bytes`)
}

interface Timer {
  readonly signal: AbortSignal
  /** A part of the body arrived. */
  progress(): void
  /** The error to throw for what a fetch threw. */
  explain(error: unknown): unknown
  stop(): void
}

function startTimer(request: HttpRequest, outer: AbortSignal): Timer {
  const own = new AbortController()
  const give = (reason: string) => () => own.abort(new HttpFailure('slow', reason))
  const total = setTimeout(give(`not finished within ${request.totalMs} ms`), request.totalMs)
  let phase = setTimeout(give(`no answer within ${request.firstByteMs} ms`), request.firstByteMs)
  return {
    signal: AbortSignal.any([outer, own.signal]),
    progress() {
      clearTimeout(phase)
      phase = setTimeout(give(`stalled for ${request.stallMs} ms`), request.stallMs)
    },
    explain(error) {
      if (outer.aborted) return outer.reason
      return own.signal.aborted ? own.signal.reason : toHttpFailure(error)
    },
    stop() {
      clearTimeout(total)
      clearTimeout(phase)
    },
  }
}
