// What an S3 service or the way to it refused, in one sentence that says what to do. Never a key, never a signature.

import { deniedRight } from '../../aws/denied-right.ts'
import type { S3Config } from '../../config/config.ts'
import { GreenprintError, systemCode } from '../../errors.ts'
import { asText } from '../../model/json.ts'
import type { PutOptions } from '../objects.ts'
import { type RefusedRequest, refusedRequest } from './s3-client.ts'

/** What the SDK throws, as far as it is read here. */
interface Thrown {
  readonly name: string
  /** The service's own words, which are told to nobody. */
  readonly message: string
  readonly status: number
  readonly attempts: number
  /** Where the bucket says it is. */
  readonly region: string | undefined
}

function read(error: unknown): Thrown {
  const thrown = record(error)
  const metadata = record(thrown['$metadata'])
  const headers = record(record(thrown['$response'])['headers'])
  const region = thrown['Region'] ?? headers['x-amz-bucket-region']
  return {
    name: asText(thrown['name']),
    message: asText(thrown['message']),
    status: Number(metadata['httpStatusCode'] ?? 0),
    attempts: Number(metadata['attempts'] ?? 1),
    region: typeof region === 'string' ? region : undefined,
  }
}

/** HTTP status of a refusal; 0 when there was no answer. */
export function statusOf(error: unknown): number {
  return read(error).status
}

/** `Retry-After` of a refusal, as it was written; null without one. */
export function retryAfterOf(error: unknown): string | null {
  const value = record(record(record(error)['$response'])['headers'])['retry-after']
  return typeof value === 'string' ? value : null
}

/** How often the SDK sent the request. */
export function attemptsOf(error: unknown): number {
  return read(error).attempts
}

export function isMissingBucket(error: unknown): boolean {
  return read(error).name === 'NoSuchBucket'
}

export function isUnknownUpload(error: unknown): boolean {
  return read(error).name === 'NoSuchUpload'
}

/** Whether a put was refused because its condition does not hold. AWS answers 404 to `If-Match` where nothing is. */
export function failedCondition(error: unknown, { ifMatch, ifNoneMatch }: PutOptions): boolean {
  const { status } = read(error)
  if (status === 412) return ifMatch !== undefined || ifNoneMatch !== undefined
  return status === 404 && ifMatch !== undefined && !isMissingBucket(error)
}

/** `store_failed` for anything a request to the bucket threw. */
export function explainS3Failure(error: unknown, config: S3Config): GreenprintError {
  return new GreenprintError('store_failed', sentence(error, config), { cause: error })
}

function sentence(error: unknown, { bucket, region, endpoint }: S3Config): string {
  const thrown = read(error)
  const service = endpoint === undefined ? 'AWS S3' : `The S3 service at ${new URL(endpoint).host}`
  if (thrown.name === 'CredentialsProviderError') {
    return 'No AWS credentials were found: give the function a role, or set S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY.'
  }
  if (thrown.status === 0) return unreachable(error, service, endpoint)
  if (wrongRegion(thrown)) {
    const right = thrown.region === undefined ? 'the region it is in' : thrown.region
    return `The bucket "${bucket}" is not in ${region}: set S3_REGION to ${right}.`
  }
  switch (thrown.name) {
    case 'NoSuchBucket':
      return `${service} has no bucket "${bucket}": create it, or correct S3_BUCKET.`
    case 'SignatureDoesNotMatch':
      return `${service} rejects the signature: S3_SECRET_ACCESS_KEY does not belong to S3_ACCESS_KEY_ID.`
    case 'InvalidAccessKeyId':
      return `${service} does not know the access key: correct S3_ACCESS_KEY_ID.`
    case 'ExpiredToken':
    case 'InvalidToken':
      return `${service} rejects the session token as expired or invalid: renew the credentials.`
    case 'RequestTimeTooSkewed':
      return `${service} rejects the request’s time: set this machine’s clock.`
    case 'ConditionalRequestConflict':
      return `Another writer kept the same key of bucket "${bucket}" busy: try again.`
    case 'SlowDown':
    case 'ServiceUnavailable':
      return `${service} is overloaded or out of service (${thrown.status}): try again later.`
    default:
      return thrown.status === 403 ? denied(error, service, bucket) : byStatus(thrown, service)
  }
}

/** What is called by another name than the right that it needs. */
const rightOf: Readonly<Record<string, string>> = {
  HeadObject: 's3:GetObject',
  ListObjectsV2: 's3:ListBucket',
  CreateMultipartUpload: 's3:PutObject',
  UploadPart: 's3:PutObject',
  CompleteMultipartUpload: 's3:PutObject',
}

/** Where the service names the right, it may be another one: that of a key of KMS, for example. */
function denied(error: unknown, service: string, bucket: string): string {
  const asked = refusedRequest(error)
  const named = deniedRight(error)
  const right = named?.action ?? rightFor(asked)
  const isOfBucket = /^s3:/i.test(right)
  const on = isOfBucket ? placeFor(asked, right, bucket) : (named?.resource ?? 'its key')
  const hint = /^s3:GetObject/i.test(right)
    ? ' Without s3:ListBucket on the bucket, what is not there is denied too.'
    : ''
  return `${service} denies access to bucket "${bucket}": allow ${right} on ${on}.${hint}`
}

function rightFor(asked: RefusedRequest | null): string {
  const command = asked?.commandName.replace(/Command$/, '') ?? ''
  if (command === '') return 's3:GetObject, s3:PutObject, s3:AbortMultipartUpload and s3:ListBucket'
  const right = rightOf[command] ?? `s3:${command}`
  return right === 's3:GetObject' && asked?.VersionId !== undefined ? 's3:GetObjectVersion' : right
}

/** Folders only: a key may hold a name. */
function placeFor(asked: RefusedRequest | null, right: string, bucket: string): string {
  const { Key: key, Bucket: name = bucket } = asked ?? {}
  if (key === undefined || right === 's3:ListBucket') return name
  const [folder, rest] = key.split('/')
  return rest === undefined ? `${name}/*` : `${name}/${folder}/*`
}

/** `Unsupported header 'x-amz-checksum-sha256' received for this API call.`, for instance of Backblaze B2. */
const UNKNOWN_HEADER = /\b(x-amz-(sdk-)?checksum-[a-z\d]+|if-(none-)?match)\b/i

function byStatus({ name, status, message }: Thrown, service: string): string {
  if (status === 501 || (status === 400 && UNKNOWN_HEADER.test(message))) {
    return `${service} does not do what a store needs (${status}): writes under If-None-Match and If-Match, and SHA-256 checksums of what is written.`
  }
  if (status >= 500) return `${service} failed (${status}): try again later.`
  // The name of an error in a strange service's words could be anything: only plain words are passed on.
  const known = /^[A-Za-z]{1,60}$/.test(name) ? ` ${name}` : ''
  return `${service} refused the request (${status}${known}).`
}

function wrongRegion({ name, status }: Thrown): boolean {
  return (
    status === 301 ||
    ['PermanentRedirect', 'TemporaryRedirect', 'AuthorizationHeaderMalformed'].includes(name)
  )
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  ENOTFOUND: 'host name not found (DNS)',
  EAI_AGAIN: 'host name not found (DNS)',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
}

function unreachable(error: unknown, service: string, endpoint: string | undefined): string {
  const slow = read(error).name === 'TimeoutError'
  const reason = slow ? 'no answer in time' : (reasons[systemCode(error)] ?? 'no answer')
  const check = endpoint === undefined ? 'the network' : 'S3_ENDPOINT and the network'
  return `${service} could not be reached (${reason}): check ${check}.`
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- reading unknown properties of any object is sound
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
