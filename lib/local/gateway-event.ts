// What API Gateway makes of a request: an event of payload format 2.0.

import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { RequestTarget } from './request-target.ts'

/** @param now milliseconds since 1970 */
export function toEvent(
  request: IncomingMessage,
  target: RequestTarget,
  body: Buffer,
  now: number,
): APIGatewayProxyEventV2 {
  const [path, query] = splitOnce(target.path, '?')
  const { headers: written, cookies } = readHeaders(request)
  const headers = 'host' in written ? { ...written, host: target.host } : written
  const type = headers['content-type'] ?? ''
  // Packed, it is text no more, whatever its type says.
  const isPlain = /^(identity)?$/i.test(headers['content-encoding'] ?? '')
  const isText =
    isPlain && /^(text\/|application\/(json|[^;]+\+json|xml|x-www-form-urlencoded))/i.test(type)
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    ...(cookies.length > 0 ? { cookies } : {}),
    headers,
    ...(query === '' ? {} : { queryStringParameters: joined(new URLSearchParams(query)) }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: headers['host'] ?? 'localhost',
      domainPrefix: 'local',
      http: {
        method: request.method ?? 'GET',
        path,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: new Date(now).toUTCString(),
      timeEpoch: now,
    },
    ...(body.length === 0 ? {} : { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  }
}

/** Lower-case names, repeated ones joined by commas, cookies apart. */
function readHeaders(request: IncomingMessage): {
  headers: Record<string, string>
  cookies: string[]
} {
  const headers: [string, string][] = []
  const cookies: string[] = []
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const name = request.rawHeaders[i]?.toLowerCase() ?? ''
    const value = request.rawHeaders[i + 1] ?? ''
    if (name === 'cookie') cookies.push(...value.split(/;\s*/))
    else if (name !== 'connection' && name !== 'transfer-encoding') headers.push([name, value])
  }
  return { headers: joined(headers), cookies }
}

/** By their names, which may be any: the values of one are joined by commas. */
function joined(values: Iterable<readonly [string, string]>): Record<string, string> {
  const texts = new Map<string, string>()
  for (const [name, value] of values) {
    const before = texts.get(name)
    texts.set(name, before === undefined ? value : `${before},${value}`)
  }
  return Object.fromEntries(texts)
}

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
