// What a request is answered with, sent: the result of a handler, or a Response that was made here.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, on the whole JSON result */
const MAX_RESULT_BYTES = 6_291_556
/** More than headers have. */
const MOST_OF_HEADERS = 1024 * 1024

/** @throws {Error} of a result that is longer than Lambda returns */
export function sendResult(
  request: IncomingMessage,
  response: ServerResponse,
  result: APIGatewayProxyStructuredResultV2,
): void {
  if (mayBeTooLarge(result) && Buffer.byteLength(JSON.stringify(result)) > MAX_RESULT_BYTES)
    throw new Error(`the result has more than the ${MAX_RESULT_BYTES} bytes that Lambda returns`)
  const { body = '', isBase64Encoded = false } = result
  for (const [name, value] of Object.entries(result.headers ?? {}))
    response.setHeader(name, String(value))
  if (result.cookies !== undefined) response.setHeader('set-cookie', result.cookies)
  response.statusCode = result.statusCode ?? 200
  // In one piece, so that its length is told.
  if (request.method === 'HEAD') response.end()
  else response.end(body, isBase64Encoded ? 'base64' : 'utf8')
}

/** A letter of a text has at most six bytes in JSON. */
function mayBeTooLarge({ body = '' }: APIGatewayProxyStructuredResultV2): boolean {
  return 6 * body.length + MOST_OF_HEADERS > MAX_RESULT_BYTES
}

export async function sendResponse(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Response,
): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  if (answer.body === null || request.method === 'HEAD') response.end()
  else await pipeline(Readable.fromWeb(answer.body), response)
}
