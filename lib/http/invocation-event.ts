// The event of an HTTP request, in whichever of Lambda's forms: API Gateway's HTTP API (2.0) and Function URLs, its
// REST API (1.0), and load balancers. Read here into one form; what is none of them is told so.

import { GreenprintError } from '../errors.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'

export interface AskedEvent {
  readonly method: string
  /** Without the prefix. */
  readonly path: string
  /** Stage or base path in front of the routes, without a trailing slash; '' where there is none. */
  readonly prefix: string
  /** Without the question mark. */
  readonly query: string
  readonly host: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string | null
  readonly isBase64Encoded: boolean
}

/** Something that keeps a function warm, or tries whether it can be called: there is nobody to answer. */
export function isPing(event: unknown): boolean {
  if (event === null || event === undefined || typeof event === 'string') return true
  if (!isJsonObject(event)) return false
  const isScheduled = event['source'] === 'aws.events' || event['source'] === 'aws.scheduler'
  const isNamed = ['warmer', 'warmup', 'warm', 'ping'].some((name) => name in event)
  return Object.keys(event).length === 0 || isScheduled || isNamed
}

/**
 * @param publicPath path of this deployment's own address: a custom domain's mapping is told by nothing else
 * @throws {GreenprintError} `invalid_request` for an event that is not of an HTTP request
 */
export function readHttpEvent(event: unknown, publicPath: string): AskedEvent {
  const context = isJsonObject(event) ? event['requestContext'] : undefined
  if (!isJsonObject(event) || !isJsonObject(context)) throw notHttp()
  const found = isJsonObject(context['http'])
    ? readVersion2(event, context, context['http'])
    : readVersion1(event, context)
  const prefix = [publicPath, found.stage].find((each) => each !== '' && isUnder(found.path, each))
  const path = prefix === undefined ? found.path : found.path.slice(prefix.length) || '/'
  const { stage: _stage, isStageCut: _isStageCut, ...asked } = found
  return { ...asked, path, prefix: publicPath || (prefix ?? stageOutside(found)) }
}

type Found = Omit<AskedEvent, 'prefix'> & {
  /** `/production` of a stage that has a name, or what REST puts in front of the path. */
  readonly stage: string
  readonly isStageCut?: boolean
}

/** REST cuts the stage off its path, and whoever follows a link needs it all the same. */
function stageOutside({ stage, isStageCut = false }: Found): string {
  return isStageCut ? stage : ''
}

function readVersion2(event: JsonObject, context: JsonObject, http: JsonObject): Found {
  const stage = textOf(context['stage'])
  return {
    method: textOf(http['method']),
    path: textOf(event['rawPath']),
    stage: stage === '$default' || stage === '' ? '' : `/${stage}`,
    query: textOf(event['rawQueryString']),
    host: textOf(context['domainName']),
    headers: headersOf(event),
    ...bodyOf(event),
  }
}

/** REST has values of the query decoded; a load balancer has them as they came. */
function readVersion1(event: JsonObject, context: JsonObject): Found {
  const method = textOf(event['httpMethod'])
  const path = textOf(event['path'])
  if (method === '' || path === '') throw notHttp()
  const isBalancer = isJsonObject(context['elb'])
  const headers = headersOf(event)
  const host = headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? ''
  const whole = textOf(context['path'])
  return {
    method,
    path,
    stage: whole.endsWith(path) ? whole.slice(0, whole.length - path.length) : '',
    isStageCut: true,
    query: queryOf(event, isBalancer ? (text) => text : encodeURIComponent),
    host: textOf(context['domainName']) || host,
    headers,
    ...bodyOf(event),
  }
}

function headersOf(event: JsonObject): [string, string][] {
  const many = isJsonObject(event['multiValueHeaders']) ? event['multiValueHeaders'] : {}
  const one = isJsonObject(event['headers']) ? event['headers'] : {}
  return Object.entries({ ...one, ...many }).flatMap(([name, value]): [string, string][] => {
    if (Array.isArray(value)) return [[name, value.map(textOf).join(', ')]]
    return typeof value === 'string' ? [[name, value]] : []
  })
}

function queryOf(event: JsonObject, encode: (text: string) => string): string {
  const many = event['multiValueQueryStringParameters']
  const one = event['queryStringParameters']
  const given = isJsonObject(many) ? many : isJsonObject(one) ? one : {}
  return Object.entries(given)
    .flatMap(([name, value]) => {
      const values: readonly unknown[] = Array.isArray(value) ? value : [value]
      return values.map((each) => `${encode(name)}=${encode(textOf(each))}`)
    })
    .join('&')
}

function bodyOf(event: JsonObject): Pick<AskedEvent, 'body' | 'isBase64Encoded'> {
  const { body, isBase64Encoded } = event
  const isThere = typeof body === 'string' && body !== ''
  return { body: isThere ? body : null, isBase64Encoded: isBase64Encoded === true }
}

function isUnder(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}/`)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function notHttp(): GreenprintError {
  return new GreenprintError(
    'invalid_request',
    'The event is not of an HTTP request: expected one of API Gateway, a Function URL or a load balancer.',
  )
}
