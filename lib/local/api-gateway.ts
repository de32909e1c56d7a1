// API Gateway's HTTP API on this machine: node:http in, payload format 2.0 to a Lambda handler, its result out.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { Clock } from '../async/clock.ts'
import { nextTurn } from '../async/turns.ts'
import { CallerGone, systemCode } from '../errors.ts'
import { toEvent } from './gateway-event.ts'
import { inOrder } from './in-order.ts'
import { RequestBodies } from './request-bodies.ts'
import { targetOf } from './request-target.ts'
import { sendResponse, sendResult } from './send-reply.ts'

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const MAX_REQUEST_BYTES = 10 * 1024 * 1024
/** Of all bodies that are held: 64 of the longest that a route reads. */
const MAX_HELD_BYTES = 64 * 1024 * 1024
/** Longer than any address that is read, so that its limit is told in our words. */
const MAX_HEADER_BYTES = 1024 * 1024

/** A request that is not whole by then is answered 408: as long as API Gateway lets a whole exchange take. */
const MAX_REQUEST_MS = 30_000
/** A caller who takes nothing of an answer for so long gets no more of it, as nginx has it (`send_timeout`). */
const MAX_UNREAD_MS = 60_000

/** API Gateway's own words for a fault outside the handler. */
const words = {
  400: 'Bad Request',
  413: 'Request Entity Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const

/** `Allow` is empty: no address takes the method. */
const NO_TUNNEL =
  'HTTP/1.1 405 Method Not Allowed\r\nallow:\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'

/** What a Lambda handler is given of its context here. */
export interface LocalContext {
  getRemainingTimeInMillis(): number
  /** Aborts with CallerGone. */
  readonly gone: AbortSignal
  readonly awsRequestId: string
}

export interface GatewayOptions {
  /** The handler behind `$default`. */
  readonly invoke: (
    event: APIGatewayProxyEventV2,
    context: LocalContext,
  ) => Promise<APIGatewayProxyStructuredResultV2>
  /** Looks at every request first. */
  readonly guard?: Guard
  /** Answers a request here instead of by the handler; null passes it on. */
  readonly localRoute: LocalRoute
  /** Is told what was answered here, which no log line of a handler tells. */
  readonly refused?: (refusal: Refusal) => void
  /** The function's time-out, as its context has it. */
  readonly timeoutMs: number
  /** Within which a request has to be here, its body too. */
  readonly requestMs?: number
  /** How long an answer waits for its caller to take more of it. */
  readonly unreadMs?: number
  /** Bytes of all bodies that are held at a time. */
  readonly mostHeld?: number
  readonly clock: Clock
}

/** Why a request is refused, or headers that its reply gets. */
export type Guard = (
  request: Request,
) => Promise<
  | { readonly refusal: Response; readonly error: unknown }
  | { readonly headers: Readonly<Record<string, string>> }
>

/** A request that no handler was given. */
export interface Refusal {
  readonly method: string
  /** Without its query. */
  readonly path: string
  readonly status: number
  /** Where more is known than the status says. */
  readonly error?: unknown
}

/**
 * The request's signal aborts when the caller is gone or has everything.
 *
 * @param body of the request, which is without it: most are for the handler, and a web Request copies what it is given
 */
export type LocalRoute = (
  request: Request,
  body: Uint8Array,
) => Response | null | Promise<Response | null>

export function createGatewayServer({
  invoke,
  guard = async () => ({ headers: {} }),
  localRoute,
  refused = () => undefined,
  timeoutMs,
  requestMs = MAX_REQUEST_MS,
  unreadMs = MAX_UNREAD_MS,
  mostHeld = MAX_HELD_BYTES,
  clock,
}: GatewayOptions): Server {
  const bodies = new RequestBodies({ most: MAX_REQUEST_BYTES, mostOfAll: mostHeld })
  const options = {
    maxHeaderSize: MAX_HEADER_BYTES,
    requestTimeout: requestMs,
    headersTimeout: requestMs,
    connectionsCheckingInterval: Math.ceil(requestMs / 6),
  }
  const server = createServer(
    options,
    inOrder((request, response) => {
      void serve(request, response).catch((error: unknown) => fail(request, response, 500, error))
    }),
  )
  // Where nobody listens for a CONNECT, its connection is closed without an answer.
  server.on('connect', (request, socket) => {
    socket.on('error', () => undefined)
    socket.end(NO_TUNNEL, () => socket.destroy())
    tell(request, 405)
  })
  return server

  function fail(
    request: IncomingMessage,
    response: ServerResponse,
    status: keyof typeof words,
    error?: unknown,
  ): void {
    const isAnswered = !response.headersSent && !response.destroyed
    const later = status === 503 ? { 'retry-after': '1', connection: 'close' } : {}
    if (isAnswered) response.writeHead(status, { 'content-type': 'application/json', ...later })
    response.end(JSON.stringify({ message: words[status] }))
    if (isAnswered) tell(request, status, error)
  }

  function tell({ method = '', url = '' }: IncomingMessage, status: number, error?: unknown): void {
    const [path = ''] = url.split('?', 1)
    refused({ method, path, status, ...(error === undefined ? {} : { error }) })
  }

  function send(
    request: IncomingMessage,
    response: ServerResponse,
    answer: Response,
  ): Promise<void> {
    request.socket.setTimeout(unreadMs)
    return sendResponse(request, response, answer)
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController()
    // First of all: a caller may hang up while the body is read.
    response.once('close', () => gone.abort(new CallerGone()))
    const body = await bodies.receive(request, response)
    if (typeof body === 'number') return fail(request, response, body)
    // From here, however long it waits to be taken up: who has waited that long is not worked for any more.
    const deadline = clock.elapsed() + timeoutMs
    const target = targetOf(request)
    const address = target && URL.parse(`http://${target.host || 'localhost'}${target.path}`)
    if (target === null || address === null) return fail(request, response, 400)
    const asked = toRequest(address, request, target.host, gone.signal)
    const verdict = asked && (await guard(asked))
    if (verdict !== null) {
      if ('refusal' in verdict) {
        const { refusal, error } = verdict
        tell(request, refusal.status, error)
        return send(request, response, refusal)
      }
      for (const [name, value] of Object.entries(verdict.headers)) response.setHeader(name, value)
    }
    const other = asked && (await localRoute(asked, body))
    if (other !== null) return send(request, response, other)
    // Under load requests wait to be taken up: a caller who has hung up since is noticed by the next turn.
    await nextTurn(gone.signal)
    const context = {
      getRemainingTimeInMillis: () => deadline - clock.elapsed(),
      gone: gone.signal,
    }
    const event = toEvent(request, target, body, clock.now())
    const { requestId: awsRequestId } = event.requestContext
    const result = await invoke(event, { ...context, awsRequestId })
    request.socket.setTimeout(unreadMs)
    sendResult(request, response, result)
  }
}

/** Without its body; null for what no web Request can be. */
function toRequest(
  address: URL,
  { method = 'GET', headers }: IncomingMessage,
  host: string,
  signal: AbortSignal,
): Request | null {
  try {
    const given = Object.entries({ ...headers, host }).flatMap(([name, value = '']) =>
      name === 'cookie' ? [] : [[name, String(value)] as [string, string]],
    )
    return new Request(address, { method, headers: given, signal })
  } catch {
    return null
  }
}

/** Listens on loopback at `port`, else at the next free one. @returns the port */
export async function listen(server: Server, port: number): Promise<number> {
  for (let candidate = port; ; candidate++) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(candidate, '127.0.0.1', () => {
          server.off('error', reject)
          resolve()
        })
      })
      const address = server.address()
      return typeof address === 'object' && address !== null ? address.port : candidate
    } catch (error) {
      if (systemCode(error) !== 'EADDRINUSE' || candidate >= port + 100) throw error
    }
  }
}
