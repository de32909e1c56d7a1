// The only fetch: guarded hosts, time-outs for the first byte, for stalls and in all, capped bodies.
// Long: what one request may cost is bounded in one place, from its address to its last byte.

import type { LookupFunction } from 'node:net'
import { type Clock, systemClock } from '../async/clock.ts'
import { systemCode } from '../errors.ts'
import { remember } from '../model/remember.ts'
import { Body } from './body.ts'
import { HttpFailure } from './failure.ts'
import { checkUrl, type HostPolicy, publicLookup } from './guard.ts'
import { type AnswerHead, Incoming } from './incoming.ts'
import { isSameServer } from './localhost.ts'
import { bodyFault, dropBody, type HttpBody, sendable } from './outgoing-body.ts'
import { startTimer, type Timer } from './request-timer.ts'
import { RestedSockets } from './rested-sockets.ts'
import { ServerLines } from './server-lines.ts'
import { MOST_APART, openSockets } from './sockets.ts'
import { unpacked, unpackerOf } from './unpacked.ts'

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
  /**
   * For large answers: each comes over HTTP/1.1 on a connection of its own, with all of that connection's rate, unless
   * the server has HTTP/2 alone; a server sends `MOST_APART` at a time, and no limit counts the wait for a turn. Small
   * ones share a connection where it has HTTP/2.
   */
  readonly apart?: boolean
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
  /**
   * In the order of their arrival, each lent until the next is asked for; read once.
   *
   * @throws {HttpFailure} when it ends before it is whole
   */
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

/** A request that may be sent. */
interface Begun {
  readonly first: URL
  readonly timer: Timer
  /** Must be called in the end. */
  readonly end: () => void
}

/** What came of a request: its head, and the body that is still to be read. */
interface Answer extends AnswerHead {
  readonly incoming: Incoming
}

const MAX_REDIRECTS = 5
const MAX_ERROR_BYTES = 4096
/** What a server answers a handshake that offers none of its protocols, before anything was asked: RFC 7301, 3.2. */
const NO_SUCH_PROTOCOL = 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL'

/** @param lookup of the sockets that callers' URLs are fetched by; it must refuse what is not public */
export function createHttp(
  policy: HostPolicy,
  lookup: LookupFunction = publicLookup,
  clock: Pick<Clock, 'elapsed'> = systemClock,
): Http {
  const sockets = new RestedSockets(() => openSockets(policy, lookup), clock)
  /** Origins that have HTTP/2 alone. */
  const onlyHttp2 = new Map<string, true>()
  const lines = new ServerLines(MOST_APART)

  /** Once it has its turn at the server, its time runs. */
  async function begin(
    text: string,
    request: HttpStreamRequest,
    signal: AbortSignal,
  ): Promise<Begun> {
    // The first request loads the client: that time is not the server's.
    await sockets.get()
    const first = request.trusted === true ? new URL(text) : checkUrl(text, policy)
    const waits = request.apart === true && !onlyHttp2.has(first.origin)
    const leave = waits ? await lines.take(first.origin, signal) : () => undefined
    const timer = startTimer(request, signal)
    const end = () => {
      timer.stop()
      leave()
    }
    return { first, timer, end }
  }

  async function hop(
    url: URL,
    request: HttpStreamRequest,
    first: URL,
    timer: Timer,
  ): Promise<Answer> {
    const sameOrigin = isSameServer(url, first)
    const { open, guarded } = await sockets.get()
    const { headers, body } = sendable(request.body, timer.signal)
    const incoming = new Incoming(timer.signal)
    const isApart = request.apart === true && !onlyHttp2.has(url.origin)
    const sent = {
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: request.method ?? 'GET',
      headers: {
        'user-agent': 'greenprint',
        'accept-encoding': 'identity',
        ...headers,
        ...(sameOrigin ? request.headers : withoutKeys(request.headers)),
      },
      body,
    }
    try {
      const { apart, shared } = request.trusted === true && sameOrigin ? open : guarded
      const agent = isApart ? apart : shared
      agent.dispatch(sent, incoming)
      return { ...(await incoming.head), incoming }
    } catch (error) {
      dropBody(body)
      if (isApart && systemCode(error) === NO_SUCH_PROTOCOL) {
        remember(onlyHttp2, url.origin, true)
        return hop(url, request, first, timer)
      }
      throw bodyFault(body) ?? timer.explain(error)
    }
  }

  /** The answer behind all redirects, its body still to be read. */
  async function reach(
    request: HttpStreamRequest,
    { first, timer }: Begun,
  ): Promise<{ answer: Answer; url: URL }> {
    const trusted = request.trusted === true
    let url = first
    for (let redirects = 0; ; redirects++) {
      const answer = await hop(url, request, first, timer)
      const location = fieldOf(answer.headers, 'location')
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
      const begun = await begin(text, request, signal)
      try {
        const { answer, url } = await reach(request, begun)
        return await readReply(answer, url, request, begun.timer)
      } finally {
        begun.end()
      }
    },
    async stream(text, request, signal) {
      const begun = await begin(text, request, signal)
      try {
        const { answer, url } = await reach(request, begun)
        return streamReply(answer, url, begun)
      } catch (error) {
        begun.end()
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
    const fits = (part: Uint8Array): boolean => {
      timer.progress()
      const left = limit - body.length
      body.add(part.length <= left ? part : part.subarray(0, left))
      return part.length <= left
    }
    const isWhole = await readBody(answer, fits)
    if (!isWhole && isGood) throw tooLarge(limit)
    return { ...head, body: body.take(), trailers: fieldsOf(answer.incoming.trailers) }
  } catch (error) {
    answer.incoming.stop()
    throw timer.explain(error)
  }
}

/** Hands over the body part by part, as it was before it was packed. @returns whether all of it was taken */
async function readBody(answer: Answer, take: (part: Uint8Array) => boolean): Promise<boolean> {
  const { incoming } = answer
  let isWhole = true
  const keep = (part: Uint8Array): boolean => (isWhole = take(part))
  const unpacker = unpackerOf(fieldOf(answer.headers, 'content-encoding'))
  if (unpacker === null) await incoming.each(keep)
  else {
    for await (const part of unpacked(incoming.parts(false), unpacker)) if (!keep(part)) break
    incoming.stop()
  }
  return isWhole
}

function streamReply(answer: Answer, url: URL, { timer, end }: Begun): HttpStream {
  const head = headOf(answer, url)
  const { incoming } = answer
  async function* parts(): AsyncGenerator<Uint8Array> {
    timer.progress()
    const unpacker = unpackerOf(head.headers.get('content-encoding'))
    const plain =
      unpacker === null ? incoming.parts(true) : unpacked(incoming.parts(false), unpacker)
    try {
      for await (const part of plain) {
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
      incoming.stop()
      end()
    },
  }
}

function headOf({ statusCode: status, headers }: AnswerHead, url: URL): HttpHead {
  return { status, headers: fieldsOf(headers), url: url.href }
}

function fieldsOf(fields: AnswerHead['headers']): HttpHead['headers'] {
  return { get: (name) => fieldOf(fields, name) }
}

function fieldOf(fields: AnswerHead['headers'], name: string): string | null {
  const value = fields[name.toLowerCase()]
  return (Array.isArray(value) ? value.join(', ') : value) ?? null
}

/** A short body is read to its end, for the sake of the connection. */
async function discard(answer: Answer): Promise<void> {
  if (Number(fieldOf(answer.headers, 'content-length') ?? 0) > MAX_ERROR_BYTES)
    return answer.incoming.stop()
  let left = MAX_ERROR_BYTES
  await answer.incoming.each(({ length }) => (left -= length) >= 0).catch(() => undefined)
}

function tooLarge(limit: number): HttpFailure {
  return new HttpFailure('oversized', `body larger than ${limit} bytes`)
}
