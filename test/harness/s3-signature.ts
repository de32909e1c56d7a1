// What AWS checks before anything else: Signature Version 4 in the Authorization header, recomputed from the request.

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
  readonly extra?: string
}

const CLOCK_SKEW_MS = 15 * 60 * 1000

/** null when the request is signed by `account` and its body is what was signed. */
export function refuseSignature(
  request: IncomingMessage,
  body: Buffer,
  account: S3Account,
): Refusal | null {
  const authorization =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    )
  if (authorization === null) return { status: 403, code: 'AccessDenied' }
  const [, keyId, date = '', region = '', signedHeaders = '', signature = ''] = authorization
  if (keyId !== account.accessKeyId) return { status: 403, code: 'InvalidAccessKeyId' }
  if (region !== account.region) {
    return {
      status: 400,
      code: 'AuthorizationHeaderMalformed',
      extra: `<Region>${account.region}</Region>`,
    }
  }
  const time = header(request, 'x-amz-date')
  if (!time.startsWith(date) || Math.abs(Date.now() - parseTime(time)) > CLOCK_SKEW_MS) {
    return { status: 403, code: 'RequestTimeTooSkewed' }
  }
  const signed = signedHeaders.split(';')
  if (!coversWhatMatters(request, signed)) return { status: 403, code: 'AccessDenied' }
  const payload = createHash('sha256').update(body).digest('hex')
  if (header(request, 'x-amz-content-sha256') !== payload) {
    return { status: 400, code: 'XAmzContentSHA256Mismatch' }
  }
  const canonical = canonicalRequest(request, signed, payload)
  const expected = sign(canonical, time, date, account)
  return timingSafeEqual(Buffer.from(expected), Buffer.from(signature))
    ? null
    : { status: 403, code: 'SignatureDoesNotMatch' }
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
    .filter((parameter) => parameter !== '')
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
