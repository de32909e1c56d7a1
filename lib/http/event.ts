// An event of API Gateway as a web Request, or the error of a caller whose event cannot be one.

import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { GreenprintError } from '../errors.ts'
import { UnroutableMethod } from './no-route.ts'

/** @throws {GreenprintError} `invalid_request`, without the value of any header, which may be a secret */
export function toRequest(event: APIGatewayProxyEventV2): Request {
  const { method } = event.requestContext.http
  const headers = readHeaders(event.headers)
  // The body of a GET has no meaning: RFC 9110, 9.3.1.
  const body = method === 'GET' || method === 'HEAD' ? null : readBody(event)
  if (body !== null) headers.set('content-length', String(body.length))
  const url = readUrl(event)
  try {
    return new Request(url, { method, headers, body })
  } catch (cause) {
    if (/^(trace|track|connect)$/i.test(method)) throw new UnroutableMethod(method, url.pathname)
    throw refuse(`The method ${JSON.stringify(method.slice(0, 20))} is not supported.`, cause)
  }
}

function readUrl({ rawPath, rawQueryString, requestContext }: APIGatewayProxyEventV2): URL {
  const query = rawQueryString === '' ? '' : `?${rawQueryString}`
  const host = requestContext.domainName || 'localhost'
  const url = rawPath.startsWith('/') ? URL.parse(`https://${host}${rawPath}${query}`) : null
  if (url === null) throw refuse('The address of the request is not valid.')
  return url
}

function readHeaders(given: APIGatewayProxyEventV2['headers']): Headers {
  const headers = new Headers()
  for (const [name, value = ''] of Object.entries(given)) {
    try {
      // Header values are bytes; what is more than ASCII is kept as percent-encoded text.
      headers.set(name, value.replace(/[^\0-\x7f]+/g, encodeURIComponent))
    } catch (cause) {
      throw refuse(`The header ${JSON.stringify(name.slice(0, 60))} is not valid.`, cause)
    }
  }
  return headers
}

function readBody({
  body,
  isBase64Encoded,
}: APIGatewayProxyEventV2): Uint8Array<ArrayBuffer> | null {
  if (body === undefined || body === '') return null
  return Uint8Array.from(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'))
}

function refuse(message: string, cause?: unknown): GreenprintError {
  // The platform's message may hold the value: the kind of error is enough for the log.
  const kind = cause instanceof Error ? cause.name : undefined
  return new GreenprintError('invalid_request', message, { cause: kind })
}
