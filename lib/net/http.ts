// The only fetch: guarded hosts, redirects, time-outs for the first byte, for stalls and in all.

import type { LookupFunction } from 'node:net'
import { type Clock, systemClock } from '../async/clock.ts'
import { systemCode } from '../errors.ts'
import { remember } from '../model/remember.ts'
import { HttpFailure } from './failure.ts'
import { checkUrl, type HostPolicy, publicLookup } from './guard.ts'
import { Incoming } from './incoming.ts'
import { isSameServer } from './localhost.ts'
import { bodyFault, dropBody, type HttpBody, sendable } from './outgoing-body.ts'
import {
  type Answer,
  discard,
  type HttpReply,
  type HttpStream,
  headerOf,
  readReply,
  streamReply,
} from './reply.ts'
import { startTimer, type Timer } from './request-timer.ts'
import { RestedSockets } from './rested-sockets.ts'
import { ServerLines, type ServerTurn } from './server-lines.ts'
import { APART, openSockets } from './sockets.ts'

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
   * the server has HTTP/2 alone; a server sends as many at a time as `APART` says, and no limit counts the wait for a
   * turn. Small ones share a connection where it has HTTP/2.
   */
  readonly apart?: boolean
}

export interface HttpRequest extends HttpStreamRequest {
  /** A longer body is refused, by its announced length and while it streams. */
  readonly maxBytes: number
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
  /** Where it waited for one. */
  readonly turn: ServerTurn | null
  /** Must be called in the end. */
  readonly end: () => void
}

const MAX_REDIRECTS = 5
/** What a server answers a handshake that offers none of its protocols, before anything was asked: RFC 7301, 3.2. */
const NO_SUCH_PROTOCOL = 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL'
/** How a request ends whose connection its server had just let go of. */
const letGo: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])

/** @param lookup of the sockets that callers' URLs are fetched by; it must refuse what is not public */
export function createHttp(
  policy: HostPolicy,
  lookup: LookupFunction = publicLookup,
  clock: Pick<Clock, 'elapsed'> = systemClock,
): Http {
  const sockets = new RestedSockets(() => openSockets(policy, lookup), clock)
  /** Origins that have HTTP/2 alone. */
  const onlyHttp2 = new Map<string, true>()
  /** Origins to which connections may be open that were used before. */
  const answered = new Map<string, true>()
  const lines = new ServerLines(APART, clock)

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
    const turn = waits ? await lines.enter(first.origin, signal) : null
    const timer = startTimer(request, signal)
    const end = () => {
      timer.stop()
      turn?.leave()
    }
    return { first, timer, turn, end }
  }

  /**
   * What only reads is sent once more where its connection broke before an answer: a server may let go of one just when
   * it is used again (https://www.rfc-editor.org/rfc/rfc9112#section-9.5).
   */
  async function hop(
    url: URL,
    request: HttpStreamRequest,
    first: URL,
    timer: Timer,
    isAgain = false,
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
      const head = await incoming.head
      remember(answered, url.origin, true)
      return { ...head, incoming }
    } catch (error) {
      dropBody(body)
      const code = systemCode(error)
      if (isApart && code === NO_SUCH_PROTOCOL) {
        remember(onlyHttp2, url.origin, true)
        return hop(url, request, first, timer)
      }
      const onlyReads = sent.method === 'GET' || sent.method === 'HEAD'
      if (onlyReads && !isAgain && letGo.has(code) && answered.has(url.origin))
        return hop(url, request, first, timer, true)
      throw bodyFault(body) ?? timer.explain(error)
    }
  }

  /** The answer behind all redirects, its body still to be read. */
  async function reach(
    request: HttpStreamRequest,
    { first, timer, turn }: Begun,
  ): Promise<{ answer: Answer; url: URL }> {
    const trusted = request.trusted === true
    let url = first
    for (let redirects = 0; ; redirects++) {
      const answer = await hop(url, request, first, timer)
      const location = headerOf(answer.headers, 'location')
      if (answer.statusCode < 300 || answer.statusCode > 399 || location === null) {
        turn?.answered(answer.statusCode)
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
        return streamReply(answer, url, begun.timer, begun.end)
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
