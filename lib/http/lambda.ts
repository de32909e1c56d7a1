// The routes as a Lambda handler for API Gateway's HTTP API, payload format 2.0.
// Not hono/aws-lambda, which is deprecated: it answers an event that no Request can be (TRACE, a GET with a body) by
// itself, unlogged and in plain text. Here such an event is logged, and answered as a problem like any other.

import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { Hono } from 'hono'
import type { InvocationTime } from '../async/time-limit.ts'
import { isText } from './compress.ts'
import { toRequest } from './event.ts'
import type { AppEnv } from './observe.ts'

export type ApiHandler = (
  event: APIGatewayProxyEventV2,
  context: InvocationTime,
) => Promise<APIGatewayProxyStructuredResultV2>

export function createHandler(app: Hono<AppEnv>): ApiHandler {
  return async (event, lambdaContext) => {
    try {
      return await toResult(await app.fetch(toRequest(event), { lambdaContext }))
    } catch (unreadable) {
      // An unreadable event passes through the routes too, so that it is logged and answered like any other error.
      const nothing = new Request('https://localhost/')
      return toResult(await app.fetch(nothing, { lambdaContext, unreadable }))
    }
  }
}

async function toResult(response: Response): Promise<APIGatewayProxyStructuredResultV2> {
  const body = Buffer.from(await response.arrayBuffer())
  const plain = isText(response.headers) && !response.headers.has('content-encoding')
  const isBase64Encoded = body.length > 0 && !plain
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    body: body.toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
  }
}
