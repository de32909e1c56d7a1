// The only fetch: guarded hosts, time-outs for the first byte, for stalls and in all, capped bodies.

import type { LookupFunction } from 'node:net'
import { Body } from './body.ts'
import { HttpFailure, toHttpFailure } from './failure.ts'
import { checkUrl, type HostPolicy, publicLookup } from './guard.ts'
import { type Answer, openSockets, type Sockets } from './sockets.ts'
import { unpacked } from './unpacked.ts'

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
  const opened = () => (sockets ??= openSockets(policy, lookup))

  async function hop(url: URL, request: HttpRequest, first: URL, timer: Timer): Promise<Answer> {
    const sameOrigin = url.origin === first.origin
    const { request: send, open, guarded } = await opened()
    try {
      return await send(url, {
        method: request.method ?? 'GET',
        headers: {
          'user-agent': 'greenprint',
          'accept-encoding': 'identity',
          ...(sameOrigin ? request.headers : withoutKeys(request.headers)),
        },
        body: request.body ?? null,
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
      // The first request loads the client: that time is not the server's.
      await opened()
      const timer = startTimer(request, signal)
      try {
        let url = first
        for (let redirects = 0; ; redirects++) {
          const answer = await hop(url, request, first, timer)
          const location = headerOf(answer, 'location')
          if (answer.statusCode < 300 || answer.statusCode > 399 || location === null) {
            return await readReply(answer, url, request, timer)
          }
          await discard(answer)
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

/** What another origin is told of a request: the form of question and answer, no key that may be among the rest. */
function withoutKeys(headers: HttpRequest['headers'] = {}): Record<string, string> {
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
  answer: Answer,
  url: URL,
  request: HttpRequest,
  timer: Timer,
): Promise<HttpReply> {
  const { statusCode: status } = answer
  const headers = { get: (name: string) => headerOf(answer, name) }
  const isGood = status >= 200 && status < 300
  const limit = isGood ? request.maxBytes : MAX_ERROR_BYTES
  try {
    const announced = Number(headers.get('content-length') ?? 0)
    if (isGood && request.method !== 'HEAD' && announced > limit) throw tooLarge(limit)
    const body = new Body(Math.min(announced, limit))
    for await (const part of unpacked(answer.body, headers.get('content-encoding'))) {
      timer.progress()
      const left = limit - body.length
      body.add(part.subarray(0, left))
      if (part.length <= left) continue
      if (isGood) throw tooLarge(limit)
      break
    }
    return { status, headers, url: url.href, body: body.take() }
  } catch (error) {
    await discard(answer)
    throw timer.explain(error)
  }
}

function headerOf({ headers }: Answer, name: string): string | null {
  const value = headers[name.toLowerCase()]
  return (Array.isArray(value) ? value.join(', ') : value) ?? null
}

/** Nothing more of the body is read; what the connection still brings is nobody's. */
async function discard({ body }: Answer): Promise<void> {
  await body.dump({ limit: MAX_ERROR_BYTES }).catch(() => undefined)
}

function tooLarge(limit: number): HttpFailure {
  return new HttpFailure('oversized', `body larger than ${limit} bytes`)
}

interface Timer {
  readonly signal: AbortSignal
  /** A part of the body arrived. */
  progress(): void
  /** The error to throw for what a request threw. */
  explain(error: unknown): unknown
  stop(): void
}

function startTimer(request: HttpRequest, outer: AbortSignal): Timer {
  const own = new AbortController()
  const give = (reason: string) => () => own.abort(new HttpFailure('slow', reason))
  const total = setTimeout(give(`not finished within ${request.totalMs} ms`), request.totalMs)
  const first = setTimeout(give(`no answer within ${request.firstByteMs} ms`), request.firstByteMs)
  let stall: NodeJS.Timeout | undefined
  return {
    signal: AbortSignal.any([outer, own.signal]),
    progress() {
      clearTimeout(first)
      // Once per body, then moved on: there are hundreds of parts.
      if (stall === undefined) {
        stall = setTimeout(give(`stalled for ${request.stallMs} ms`), request.stallMs)
      } else stall.refresh()
    },
    explain(error) {
      if (outer.aborted) return outer.reason
      return own.signal.aborted ? own.signal.reason : toHttpFailure(error)
    },
    stop() {
      clearTimeout(total)
      clearTimeout(first)
      clearTimeout(stall)
    },
  }
}
