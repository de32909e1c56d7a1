// Events of API Gateway's HTTP API, payload format 2.0, and what a handler answered to them.

import assert from 'node:assert/strict'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { Answer } from './runtime-api.ts'

export interface HttpAsked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly isBase64Encoded?: boolean
}

/** @param target path and query */
export function gatewayEvent(target: string, asked: HttpAsked = {}): APIGatewayProxyEventV2 {
  const { pathname, search } = new URL(target, 'https://api.example.org')
  const { method = 'GET', headers = {}, body, isBase64Encoded = false } = asked
  const domainName = 'api.example.org'
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: pathname,
    rawQueryString: search.slice(1),
    headers: { host: domainName, ...headers },
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      domainName,
      domainPrefix: 'api',
      http: { method, path: pathname, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: '' },
      requestId: 'request',
      routeKey: '$default',
      stage: '$default',
      time: '22/Nov/2026:11:00:00 +0000',
      timeEpoch: 1_795_345_200_000,
    },
    ...(body === undefined ? {} : { body }),
    isBase64Encoded,
  }
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: Buffer
  readonly isBase64Encoded: boolean
  /** Of the whole JSON that Lambda was handed. */
  readonly bytes: number
}

/** The HTTP response that API Gateway would make; fails the test where the function did. */
export function httpAnswer(answer: Answer): HttpAnswer {
  assert.equal(answer.error, undefined, JSON.stringify(answer.error))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the assertions of the test say whether it is one
  const result = answer.payload as APIGatewayProxyStructuredResultV2
  const { statusCode = 0, headers = {}, body = '', isBase64Encoded = false } = result
  return {
    status: statusCode,
    headers,
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
    bytes: answer.bytes ?? 0,
  }
}
