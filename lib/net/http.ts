// The only fetch: guarded hosts, time-outs for the first byte, for stalls and in all, capped bodies.

import type { LookupFunction } from 'node:net'
import { Body } from './body.ts'
import { HttpFailure } from './failure.ts'
import { checkUrl, type HostPolicy, publicLookup } from './guard.ts'
import { isSameServer } from './localhost.ts'
import { bodyFault, type HttpBody, sendable } from './outgoing-body.ts'
import { startTimer, type Timer } from './request-timer.ts'
import { type Answer, openSockets, type Sockets } from './sockets.ts'
import { unpacked } from './unpacked.ts'

/** A request whose answer is read while it arrives. */
export interface HttpStreamRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: HttpBody
  readonly firstByteMs: number
  readonly stallMs: number
  /** Infinity for a file of any length. */
  readonly totalMs: number
  /** The operator configured this URL: its own origin may be plain http: or private. Callers' URLs never are. */
  readonly trusted?: boolean
}

export interface HttpRequest extends HttpStreamRequest {
  /** A longer body is refused, by its announced length and while it streams. */
  readonly maxBytes: number
}

export interface HttpHead {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  /** Where the answer came from after redirects. */
  readonly url: string
}

export interface HttpReply extends HttpHead {
  /** Whole for 2xx; at most 4 KiB of anything else. */
  readonly body: Uint8Array<ArrayBuffer>
  /** Fields that came after the body. */
  readonly trailers: HttpHead['headers']
}

export interface HttpStream extends HttpHead {
  /** In the order of their arrival; it is read once. @throws {HttpFailure} when it ends before it is whole */
  readonly parts: AsyncIterable<Uint8Array>
  /** Must be called in the end, read or not: nothing more is fetched then. */
  close(): Promise<void>
}

export interface Http {
  /**
   * @throws {GreenprintError} `host_refused` for a URL, a redirect or an address that must not be fetched
   * @throws {HttpFailure} when no whole answer came; its message says why
   */
  request(url: string, request: HttpRequest, signal: AbortSignal): Promise<HttpReply>
  /** As `request`, once the answer has begun: its body is the caller's to read, and to bound. */
  stream(url: string, request: HttpStreamRequest, signal: AbortSignal): Promise<HttpStream>
}

const MAX_REDIRECTS = 5
const MAX_ERROR_BYTES = 4096

/** @param lookup of the sockets that callers' URLs are fetched by; it must refuse what is not public */
export function createHttp(policy: HostPolicy, lookup: LookupFunction = publicLookup): Http {
  let sockets: Promise<Sockets> | undefined
  const opened = () => (sockets ??= openSockets(policy, lookup))

  async function hop(
    url: URL,
    request: HttpStreamRequest,
    first: URL,
    timer: Timer,
  ): Promise<Answer> {
    const sameOrigin = isSameServer(url, first)
    const { request: send, open, guarded } = await opened()
    const { headers, body } = sendable(request.body, timer.signal)
    try {
      return await send(url, {
        method: request.method ?? 'GET',
        headers: {
          'user-agent': 'greenprint',
          'accept-encoding': 'identity',
          ...headers,
          ...(sameOrigin ? request.headers : withoutKeys(request.headers)),
        },
        body,
        dispatcher: request.trusted === true && sameOrigin ? open : guarded,
        signal: timer.signal,
      })
    } catch (error) {
      throw bodyFault(body) ?? timer.explain(error)
    }
  }

  /** The answer behind all redirects, its body still to be read. */
  async function reach(
    text: string,
    request: HttpStreamRequest,
    timer: Timer,
  ): Promise<{ answer: Answer; url: URL }> {
    const trusted = request.trusted === true
    const first = trusted ? new URL(text) : checkUrl(text, policy)
    let url = first
    for (let redirects = 0; ; redirects++) {
      const answer = await hop(url, request, first, timer)
      const location = headerOf(answer, 'location')
      if (answer.statusCode < 300 || answer.statusCode > 399 || location === null) {
        return { answer, url }
      }
      await discard(answer)
      if (redirects === MAX_REDIRECTS) throw new HttpFailure('broken', 'too many redirects')
      const next = resolve(location, url)
      url = trusted && isSameServer(next, first) ? next : checkUrl(next.href, policy)
    }
  }

  return {
    async request(text, request, signal) {
      // The first request loads the client: that time is not the server's.
      await opened()
      const timer = startTimer(request, signal)
      try {
        const { answer, url } = await reach(text, request, timer)
        return await readReply(answer, url, request, timer)
      } finally {
        timer.stop()
      }
    },
    async stream(text, request, signal) {
      await opened()
      const timer = startTimer(request, signal)
      try {
        const { answer, url } = await reach(text, request, timer)
        return streamReply(answer, url, timer)
      } catch (error) {
        timer.stop()
        throw error
      }
    },
  }
}

/** The headers that another origin is sent after a redirect: media types alone, never one that may hold a key. */
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
  const head = headOf(answer, url)
  const { status, headers } = head
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
    const trailers = { get: (name: string) => answer.trailers[name.toLowerCase()] ?? null }
    return { ...head, body: body.take(), trailers }
  } catch (error) {
    await discard(answer)
    throw timer.explain(error)
  }
}

function streamReply(answer: Answer, url: URL, timer: Timer): HttpStream {
  const head = headOf(answer, url)
  async function* parts(): AsyncGenerator<Uint8Array> {
    timer.progress()
    try {
      for await (const part of unpacked(answer.body, head.headers.get('content-encoding'))) {
        // While the caller works on a part, the server is not waited for.
        timer.hold()
        yield part
        timer.progress()
      }
    } catch (error) {
      throw timer.explain(error)
    }
  }
  timer.hold()
  return {
    ...head,
    parts: parts(),
    async close() {
      timer.stop()
      answer.body.on('error', () => undefined).destroy()
    },
  }
}

function headOf(answer: Answer, url: URL): HttpHead {
  const { statusCode: status } = answer
  return { status, headers: { get: (name) => headerOf(answer, name) }, url: url.href }
}

function headerOf({ headers }: Answer, name: string): string | null {
  const value = headers[name.toLowerCase()]
  return (Array.isArray(value) ? value.join(', ') : value) ?? null
}

/** Stops reading the body; what the connection still brings is dropped. */
async function discard({ body }: Answer): Promise<void> {
  await body.dump({ limit: MAX_ERROR_BYTES }).catch(() => undefined)
}

function tooLarge(limit: number): HttpFailure {
  return new HttpFailure('oversized', `body larger than ${limit} bytes`)
}
