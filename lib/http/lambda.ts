// The routes as a Lambda handler for API Gateway, Function URLs and load balancers.
// Not hono/aws-lambda, which is deprecated: it answers an event that no Request can be (TRACE, a GET with a body) by
// itself, unlogged and in plain text. Here such an event is logged, and answered as a problem like any other.

import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { Hono } from 'hono'
import type { InvocationTime } from '../async/time-limit.ts'
import type { Config } from '../config/config.ts'
import { GreenprintError } from '../errors.ts'
import { isText } from './compress.ts'
import { toRequest } from './event.ts'
import { type Carriage, isPing, LAMBDA, readHttpEvent } from './invocation-event.ts'
import { LightRequest } from './light/request.ts'
import { LightResponse } from './light/response.ts'
import type { AppEnv } from './observe.ts'
import { requireOrigin } from './origin-guard.ts'

export type ApiHandler = (
  event: unknown,
  context: InvocationTime,
) => Promise<APIGatewayProxyStructuredResultV2>

const MOST_OF_HEADERS = 16 * 1024

/** The own address, whose path is in front of every route, and what the CDN before it sends. */
type Front = Pick<Config, 'publicUrl' | 'originSecrets'>

/** @param warmUp what an event does that keeps the function warm; it must not fail: nobody waits for the answer */
export function createHandler(
  app: Hono<AppEnv>,
  { publicUrl, originSecrets }: Front = { publicUrl: null, originSecrets: [] },
  warmUp: () => Promise<unknown> = async () => undefined,
): ApiHandler {
  const publicPath = publicUrl === null ? '' : new URL(publicUrl).pathname.replace(/\/$/, '')
  return async (event, lambdaContext) => {
    if (isPing(event)) {
      await warmUp()
      return { statusCode: 204, headers: {}, body: '', isBase64Encoded: false }
    }
    let carriage = LAMBDA
    try {
      const asked = readHttpEvent(event, publicPath)
      carriage = asked.carriage
      requireOrigin(asked.headers, originSecrets, publicUrl)
      const { prefix } = asked
      const { mostBytes } = carriage
      const { request, unreadable } = await toRequest(asked)
      const bindings = { lambdaContext, prefix, mostBytes, unreadable }
      const response = await app.fetch(request, bindings)
      return await toResult(response, prefix, carriage)
    } catch (unreadable) {
      // What is refused here passes through the routes too, so that it is logged and answered like any other
      // error.
      const nothing = new LightRequest(new URL('https://localhost/'))
      return toResult(await app.fetch(nothing, { lambdaContext, unreadable }), '', carriage)
    }
  }
}

/**
 * @param prefix of every route: a path in `Location` goes behind it
 * @throws {GreenprintError} `too_large`
 */
async function toResult(
  response: Response,
  prefix: string,
  { mostBytes, lists }: Carriage,
): Promise<APIGatewayProxyStructuredResultV2> {
  for (const name of ['location', 'content-location']) {
    const path = response.headers.get(name)
    if (path?.startsWith('/') && prefix !== '') response.headers.set(name, `${prefix}${path}`)
  }
  const isPlain = isText(response.headers) && !response.headers.has('content-encoding')
  const body = await bodyOf(response, isPlain ? 'utf8' : 'base64')
  const isBase64Encoded = body !== '' && !isPlain
  const headers = [...response.headers]
  const result = {
    statusCode: response.status,
    ...(lists
      ? { multiValueHeaders: Object.fromEntries(headers.map(([name, value]) => [name, [value]])) }
      : { headers: Object.fromEntries(headers) }),
    body,
    isBase64Encoded,
  }
  // A letter of a text has at most six bytes in JSON.
  const mostOfBody = (isBase64Encoded ? 1 : 6) * body.length
  const mayBeTooLarge = mostOfBody > mostBytes - MOST_OF_HEADERS
  if (!mayBeTooLarge || Buffer.byteLength(JSON.stringify(result)) <= mostBytes) return result
  const size = Buffer.byteLength(body, isBase64Encoded ? 'base64' : 'utf8')
  throw new GreenprintError(
    'too_large',
    `The answer has ${size} bytes, and its way to the caller takes ${mostBytes} as JSON: ask for less of it, or for it packed ("Accept-Encoding: gzip").`,
  )
}

/** What is a text already does not become bytes on its way. */
async function bodyOf(response: Response, encoding: 'utf8' | 'base64'): Promise<string> {
  if (encoding === 'utf8' && response instanceof LightResponse) return response.wholeText()
  return Buffer.from(await response.arrayBuffer()).toString(encoding)
}
