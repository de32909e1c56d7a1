// The event of an HTTP request, in whichever of Lambda's forms: API Gateway's HTTP API (2.0) and Function URLs, its
// REST API (1.0), and load balancers. Read here into one form; what is none of them is told so.

import { GreenprintError } from '../errors.ts'
import { asText, isJsonObject, type JsonObject } from '../model/json.ts'

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
  readonly carriage: Carriage
}

/** How the answer gets back. */
export interface Carriage {
  /** Of the answer as JSON, in bytes. */
  readonly mostBytes: number
  /** Whether each header is a list of values, and one that is not would be lost. */
  readonly lists: boolean
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const LAMBDA: Carriage = { mostBytes: 6_291_556, lists: false }
/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html */
const MOST_OF_BALANCER = 1_000_000

/** Of schedules, and of the plugin of the Serverless Framework that makes one. */
const warmers: ReadonlySet<unknown> = new Set([
  'aws.events',
  'aws.scheduler',
  'serverless-plugin-warmup',
])

/** Something that keeps a function warm, or tries whether it can be called: there is nobody to answer. */
export function isPing(event: unknown): boolean {
  if (event === null || event === undefined || typeof event === 'string') return true
  if (!isJsonObject(event)) return false
  const isScheduled = warmers.has(event['source'])
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
  return {
    method: asText(http['method']),
    path: encodedPath(asText(event['rawPath'])),
    stage: stageOf(context),
    query: asText(event['rawQueryString']),
    host: asText(context['domainName']),
    headers: headersOf(event),
    carriage: LAMBDA,
    ...bodyOf(event),
  }
}

function stageOf(context: JsonObject): string {
  const stage = asText(context['stage'])
  return stage === '$default' || stage === '' ? '' : `/${stage}`
}

/**
 * REST has values of the query decoded; a load balancer has them as they came. An HTTP API that writes in this form
 * leaves its stage in the path.
 */
function readVersion1(event: JsonObject, context: JsonObject): Found {
  const method = asText(event['httpMethod'])
  const path = encodedPath(asText(event['path']))
  if (method === '' || path === '') throw notHttp()
  const isBalancer = isJsonObject(context['elb'])
  const headers = headersOf(event)
  const host = headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? ''
  const whole = encodedPath(asText(context['path']))
  const isStageCut = whole !== path && whole.endsWith(path)
  return {
    method,
    path,
    stage: isStageCut ? whole.slice(0, whole.length - path.length) : stageOf(context),
    isStageCut,
    query: queryOf(event, isBalancer ? (text) => text : encodeURIComponent),
    host: asText(context['domainName']) || host,
    headers,
    carriage: isBalancer
      ? { mostBytes: MOST_OF_BALANCER, lists: isJsonObject(event['multiValueHeaders']) }
      : LAMBDA,
    ...bodyOf(event),
  }
}

/**
 * An HTTP API hands over its path decoded, REST, Function URLs and load balancers as it came: what no encoded path has
 * is encoded again, so that it parts nothing. What was an encoded slash or percent sign can no longer be told.
 */
function encodedPath(path: string): string {
  return path.replace(/[^!$&-;=@-Z_a-z~%]|%(?![\dA-Fa-f]{2})/gu, (one) =>
    encodeURIComponent(one.toWellFormed()),
  )
}

function headersOf(event: JsonObject): [string, string][] {
  const many = isJsonObject(event['multiValueHeaders']) ? event['multiValueHeaders'] : {}
  const one = isJsonObject(event['headers']) ? event['headers'] : {}
  return Object.entries({ ...one, ...many }).flatMap(([name, value]): [string, string][] => {
    if (Array.isArray(value)) return [[name, value.map(asText).join(', ')]]
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
      return values.map((each) => `${encode(name)}=${encode(asText(each))}`)
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

function notHttp(): GreenprintError {
  return new GreenprintError(
    'invalid_request',
    'The event is not of an HTTP request: expected one of API Gateway, a Function URL or a load balancer.',
  )
}
