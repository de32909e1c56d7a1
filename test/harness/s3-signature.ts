// What AWS checks before anything else: Signature Version 4, in a header or in the address, recomputed from the
// request.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

export interface S3Account {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly region: string
}

/** An S3 error code and the HTTP status that goes with it. */
export interface Refusal {
  readonly status: number
  readonly code: string
  readonly message?: string
  readonly extra?: string
}

const CLOCK_SKEW_MS = 15 * 60 * 1000
const UNSIGNED = 'UNSIGNED-PAYLOAD'

/** What a request says of its own signature, in a header or in its address. */
interface Signed {
  readonly keyId: string
  readonly date: string
  readonly region: string
  readonly headers: readonly string[]
  readonly signature: string
  readonly time: string
  /** How long it counts after it was signed. */
  readonly validMs: number
  readonly payload: string
}

/** null when the request is signed by `account` and its body is what was signed. */
export function refuseSignature(
  request: IncomingMessage,
  body: Buffer,
  account: S3Account,
): Refusal | null {
  const inAddress = new URL(request.url ?? '/', 'http://stub').searchParams
  const signed = inAddress.has('X-Amz-Signature')
    ? readPresigned(request, inAddress)
    : readAuthorization(request)
  if (signed === null) return { status: 403, code: 'AccessDenied' }
  if (signed.keyId !== account.accessKeyId) return { status: 403, code: 'InvalidAccessKeyId' }
  if (signed.region !== account.region) {
    return {
      status: 400,
      code: 'AuthorizationHeaderMalformed',
      extra: `<Region>${account.region}</Region>`,
    }
  }
  const age = Date.now() - parseTime(signed.time)
  if (!signed.time.startsWith(signed.date) || !(age > -CLOCK_SKEW_MS && age < signed.validMs)) {
    return { status: 403, code: 'RequestTimeTooSkewed' }
  }
  if (!coversWhatMatters(request, signed.headers)) return { status: 403, code: 'AccessDenied' }
  const payload = createHash('sha256').update(body).digest('hex')
  if (signed.payload !== UNSIGNED && signed.payload !== payload) {
    return { status: 400, code: 'XAmzContentSHA256Mismatch' }
  }
  const canonical = canonicalRequest(request, signed.headers, signed.payload)
  const expected = sign(canonical, signed.time, signed.date, account)
  return timingSafeEqual(Buffer.from(expected), Buffer.from(signed.signature))
    ? null
    : { status: 403, code: 'SignatureDoesNotMatch' }
}

function readAuthorization(request: IncomingMessage): Signed | null {
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    )
  if (match === null) return null
  const [, keyId = '', date = '', region = '', headers = '', signature = ''] = match
  return {
    keyId,
    date,
    region,
    headers: headers.split(';'),
    signature,
    time: header(request, 'x-amz-date'),
    validMs: CLOCK_SKEW_MS,
    // Unsigned bodies are for addresses alone here.
    payload: header(request, 'x-amz-content-sha256').replace(UNSIGNED, ''),
  }
}

/** An address is for reading, needs nothing but itself, and is over when it says so. */
function readPresigned({ method }: IncomingMessage, query: URLSearchParams): Signed | null {
  const value = (name: string) => query.get(name) ?? ''
  const match = /^([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request$/.exec(value('X-Amz-Credential'))
  const signature = value('X-Amz-Signature')
  const seconds = Number(value('X-Amz-Expires'))
  const sound =
    value('X-Amz-Algorithm') === 'AWS4-HMAC-SHA256' &&
    /^[0-9a-f]{64}$/.test(signature) &&
    seconds > 0 &&
    seconds <= 604_800 &&
    (method === 'GET' || method === 'HEAD')
  if (match === null || !sound) return null
  const [, keyId = '', date = '', region = ''] = match
  const headers = value('X-Amz-SignedHeaders').split(';')
  const time = value('X-Amz-Date')
  return {
    keyId,
    date,
    region,
    headers,
    signature,
    time,
    validMs: seconds * 1000,
    payload: UNSIGNED,
  }
}

function coversWhatMatters(request: IncomingMessage, signed: readonly string[]): boolean {
  const wanted = Object.keys(request.headers).filter(
    (name) => name === 'host' || name.startsWith('x-amz-'),
  )
  return wanted.every((name) => signed.includes(name))
}

function canonicalRequest(
  request: IncomingMessage,
  signed: readonly string[],
  payload: string,
): string {
  const [path = '', query = ''] = (request.url ?? '').split('?')
  const parameters = query
    .split('&')
    .filter((parameter) => parameter !== '' && !parameter.startsWith('X-Amz-Signature='))
    .map((parameter) => (parameter.includes('=') ? parameter : `${parameter}=`))
    .toSorted()
  const headers = signed.map((name) => `${name}:${header(request, name).trim()}\n`)
  return [
    request.method,
    path,
    parameters.join('&'),
    headers.join(''),
    signed.join(';'),
    payload,
  ].join('\n')
}

function sign(canonical: string, time: string, date: string, account: S3Account): string {
  const scope = `${date}/${account.region}/s3/aws4_request`
  const digest = createHash('sha256').update(canonical).digest('hex')
  const key = [date, account.region, 's3', 'aws4_request'].reduce<Buffer>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    Buffer.from(`AWS4${account.secretAccessKey}`),
  )
  return createHmac('sha256', key)
    .update(['AWS4-HMAC-SHA256', time, scope, digest].join('\n'))
    .digest('hex')
}

export function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name]
  return Array.isArray(value) ? value.join(',') : (value ?? '')
}

/** `20261122T081500Z` */
function parseTime(time: string): number {
  return Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
}
