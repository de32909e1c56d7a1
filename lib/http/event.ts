// An event as a web Request, or the error of a caller whose event cannot be one.

import { GreenprintError, systemCode } from '../errors.ts'
import { bodyTooLarge, MAX_BODY } from './body-limit.ts'
import type { AskedEvent } from './invocation-event.ts'
import { LightHeaders } from './light/headers.ts'
import { LightRequest } from './light/request.ts'
import { UnroutableMethod } from './no-route.ts'

type Body = string | Uint8Array<ArrayBuffer>

export interface EventRequest {
  readonly request: LightRequest
  /** Why the request is without its body, where it came packed: `invalid_request`, `too_large`, `unsupported_media_type`. */
  readonly unreadable?: GreenprintError
}

/** @throws {GreenprintError} `invalid_request`, without the value of any header, which may be a secret */
export async function toRequest(asked: AskedEvent): Promise<EventRequest> {
  const headers = readHeaders(asked.headers)
  const url = readUrl(asked)
  const requestOf = (body: Body | null) => createRequest(url, asked.method, headers, body)
  // The body of a GET has no meaning: RFC 9110, 9.3.1.
  if (asked.body === null || /^(get|head)$/i.test(asked.method)) return { request: requestOf(null) }
  let body: Body
  try {
    body = await readBody(asked.body, asked.isBase64Encoded, headers)
  } catch (error) {
    if (error instanceof GreenprintError) return { request: requestOf(null), unreadable: error }
    throw error
  }
  headers.delete('content-encoding')
  headers.set('content-length', String(Buffer.byteLength(body)))
  return { request: requestOf(body) }
}

/** @throws {GreenprintError} `invalid_request` */
function createRequest(
  url: URL,
  method: string,
  headers: LightHeaders,
  body: Body | null,
): LightRequest {
  try {
    return new LightRequest(url, { method, headers, body })
  } catch (cause) {
    if (/^(trace|track|connect)$/i.test(method)) throw new UnroutableMethod(method, url.pathname)
    throw refuse(`The method ${JSON.stringify(method.slice(0, 20))} is not supported.`, cause)
  }
}

function readUrl({ path, query, host }: AskedEvent): URL {
  const search = query === '' ? '' : `?${query}`
  const url = path.startsWith('/')
    ? URL.parse(`https://${host || 'localhost'}${path}${search}`)
    : null
  if (url === null) throw refuse('The address of the request is not valid.')
  return url
}

function readHeaders(given: AskedEvent['headers']): LightHeaders {
  const headers = new LightHeaders()
  for (const [name, value] of given) {
    try {
      // Header values are bytes; what is more than ASCII is kept as percent-encoded text.
      headers.set(name, value.replace(/[^\0-\x7f]+/g, encodeURIComponent))
    } catch (cause) {
      throw refuse(`The header ${JSON.stringify(name.slice(0, 60))} is not valid.`, cause)
    }
  }
  return headers
}

async function readBody(
  body: string,
  isBase64Encoded: boolean,
  headers: LightHeaders,
): Promise<Body> {
  const coding = headers.get('content-encoding')?.trim().toLowerCase() ?? ''
  const isPacked = coding !== '' && coding !== 'identity'
  // A text without a type would be given one.
  if (!isPacked && !isBase64Encoded && headers.has('content-type')) return body
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')
  return new Uint8Array(isPacked ? await unpack(bytes, coding) : bytes)
}

async function unpack(bytes: Buffer, coding: string): Promise<Buffer> {
  const { unpackers } = await import('./packers.ts')
  const by = Object.hasOwn(unpackers, coding) ? unpackers[coding] : undefined
  if (by === undefined) {
    throw new GreenprintError(
      'unsupported_media_type',
      `Content-Encoding ${JSON.stringify(coding.slice(0, 40))} is not read here: send the body as it is, or packed by gzip, deflate or br.`,
    )
  }
  try {
    // What unpacks to more is refused without being held.
    return by(bytes, { maxOutputLength: MAX_BODY + 1 })
  } catch (cause) {
    if (systemCode(cause) !== 'ERR_BUFFER_TOO_LARGE')
      throw refuse(`The body is not packed by ${coding}, as its Content-Encoding says.`, cause)
    throw bodyTooLarge('The body unpacks to more than')
  }
}

function refuse(message: string, cause?: unknown): GreenprintError {
  // The platform's message may hold the value: the kind of error is enough for the log.
  const kind = cause instanceof Error ? cause.name : undefined
  return new GreenprintError('invalid_request', message, { cause: kind })
}
