// Holds every reply of a test against /openapi.json: route, status, media type, headers, and each field of the JSON.

import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { ApiHandler } from '../../lib/http/lambda.ts'
import { openApiDocument } from '../../lib/http/openapi/document.ts'
import type { Operation } from '../../lib/http/openapi/operation.ts'
import { operations } from '../../lib/http/openapi/operations.ts'
import { routePath } from '../../lib/http/route-path.ts'
import { isJsonObject } from '../../lib/model/json.ts'

export interface Exchange {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly status: number
  readonly header: (name: string) => string | null
  /** Unpacked. */
  readonly body: Uint8Array
}

/** ajv as this project's documents are checked by it. */
export function createAjv(): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  return ajv
}

const ajv = createAjv()
ajv.addSchema(closed(openApiDocument()), 'api', undefined, false)

/** Fields that are answered without being told are faults here; a caller takes them for those of a later version. */
function closed(value: unknown): object {
  const text = JSON.stringify(value, (_, inner: unknown) =>
    isJsonObject(inner) && inner['type'] === 'object' && isJsonObject(inner['properties'])
      ? { additionalProperties: false, ...inner }
      : inner,
  )
  return JSON.parse(text)
}

const routes = operations.map((operation) => ({ operation, pattern: patternOf(operation.path) }))

/** The last parameter may stand for several segments. */
function patternOf(path: string): RegExp {
  const literal = path.replaceAll('.', '\\.')
  const source = literal.replace(/\{\w+\}$/, '(.+)').replaceAll(/\{\w+\}/g, '([^/]+)')
  return new RegExp(`^${source}$`)
}

/** HEAD is GET without a body, wherever nothing else is told of it. */
function routeOf(method: string, path: string): Operation | undefined {
  const here = routes.filter(({ pattern }) => pattern.test(path)).map(({ operation }) => operation)
  const found = here.find((operation) => operation.method === method)
  return found ?? (method === 'head' ? routeOf('get', path) : undefined)
}

/** What of a reply is not as /openapi.json says, one line each. */
export function faultsOfReply(exchange: Exchange): string[] {
  const { method, path, status, header } = exchange
  const route = routeOf(method.toLowerCase(), routePath(path))
  const named = `${method} ${path} ${status}`
  const type = (header('content-type') ?? '').split(';')[0]?.trim() ?? ''
  // A route that is not there, and an event that is no request, are told by a problem too.
  const isProblem = status >= 400 && type === 'application/problem+json'
  // What a path may be asked for is no operation.
  if (route === undefined && method === 'OPTIONS' && status === 204)
    return header('allow') === null ? [`${named}: without Allow`] : []
  if (route === undefined) {
    const faults = isProblem ? validate('/components/schemas/Problem', exchange) : ['no such route']
    return faults.map((fault) => `${named}: ${fault}`)
  }
  const place = `/paths/${escaped(route.path)}/${route.method}/responses/${status}`
  const reply = route.replies[status]
  if (reply === undefined && !isProblem) return [`${named}: a status that is not told`]
  const missing = Object.keys(reply?.headers ?? {}).filter((name) => header(name) === null)
  const content = isProblem ? { [type]: undefined } : (reply?.content ?? {})
  return [
    ...missing.map((name) => `${named}: lacks the header ${name}`),
    ...faultsOfBody(place, content, type, exchange).map((fault) => `${named}: ${fault}`),
  ]
}

function faultsOfBody(place: string, content: object, type: string, exchange: Exchange): string[] {
  if (exchange.body.length === 0) return []
  const told = Object.entries(content).find(([media]) => media === type || media === '*/*')
  if (told === undefined) return [`a body of type ${type} that is not told`]
  const [media, schema] = told
  return schema === null ? [] : validate(`${place}/content/${escaped(media)}/schema`, exchange)
}

function validate(pointer: string, { body }: Exchange): string[] {
  if (body.length === 0) return []
  const check = ajv.getSchema(`api#${pointer}`)
  if (check === undefined) return [`nothing is told at ${pointer}`]
  if (check(JSON.parse(Buffer.from(body).toString('utf8'))) === true) return []
  return (check.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${instancePath || 'the body'} ${message} ${JSON.stringify(params)}`,
  )
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

/** Replies of this process that were not as they should be. */
const found = new Set<string>()
// Not an assertion in a hook: what others clean up after it would stay, and the process with it.
process.on('exit', () => {
  if (found.size === 0) return
  process.stderr.write(`not as /openapi.json says:\n${[...found].join('\n')}\n`)
  process.exitCode = 1
})

/** The handler, whose every reply is checked; where one is not as it should be the test file fails. */
export function checkedHandler(handler: ApiHandler): ApiHandler {
  return async (event, context) => {
    const result = await handler(event, context)
    // To a caller who is gone nothing is said.
    if (context.gone?.aborted === true) return result
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the tests send
    const exchange = exchangeOf(event as APIGatewayProxyEventV2, result)
    for (const fault of faultsOfReply(exchange)) found.add(fault)
    return result
  }
}

function exchangeOf(
  { requestContext, rawPath }: APIGatewayProxyEventV2,
  {
    statusCode = 0,
    headers = {},
    body = '',
    isBase64Encoded = false,
  }: APIGatewayProxyStructuredResultV2,
): Exchange {
  const byName = new Map(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const header = (name: string) => {
    const value = byName.get(name.toLowerCase())
    return value === undefined ? null : String(value)
  }
  const packed = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')
  const { method } = requestContext.http
  // As a URL has it: without `..` in between.
  const path = URL.parse(`https://localhost${rawPath}`)?.pathname ?? rawPath
  const plain = unpack(packed, header('content-encoding'))
  return { method, path, status: statusCode, header, body: plain }
}

function unpack(body: Buffer, encoding: string | null): Buffer {
  if (encoding === 'br') return brotliDecompressSync(body)
  return encoding === 'gzip' ? gunzipSync(body) : body
}

/** The same of a Response, which stays unread; a body that is not JSON stays as it comes. */
export async function faultsOfResponse(
  method: string,
  path: string,
  response: Response,
): Promise<string[]> {
  const header = (name: string) => response.headers.get(name)
  const isJson = /\bjson\b/.test(header('content-type') ?? '')
  const packed = isJson ? Buffer.from(await response.clone().arrayBuffer()) : Buffer.alloc(1)
  const body =
    response.body === null
      ? Buffer.alloc(0)
      : unpack(packed, isJson ? header('content-encoding') : null)
  return faultsOfReply({ method, path, status: response.status, header, body })
}
