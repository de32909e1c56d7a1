// The routes as a Lambda handler for API Gateway's HTTP API, payload format 2.0.

import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda'
import type { Hono } from 'hono'
import { handle } from 'hono/aws-lambda'
import type { AppEnv } from './observe.ts'

export type ApiHandler = (
  event: APIGatewayProxyEventV2,
  context: Pick<Context, 'getRemainingTimeInMillis'> & Partial<Pick<Context, 'awsRequestId'>>,
) => Promise<APIGatewayProxyStructuredResultV2>

export function createHandler(app: Hono<AppEnv>): ApiHandler {
  const answer = handle(app)
  return async (event, context) => {
    // hono has types of its own for the same event and context, with other optional fields.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const given = [event, context] as unknown as Parameters<typeof answer>
    const { headers, ...result } = await answer(...given)
    const plain = Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)])
    return { ...result, headers: Object.fromEntries(plain) }
  }
}
