// The environment, read once: one frozen value, all faults reported at once.

import { describeError, GreenprintError } from '../errors.ts'
import { parseWatch, type WatchedArea } from '../geo/watch-area.ts'
import { type GatewayConfig, readAddresses } from './addresses.ts'
import { Environment } from './environment.ts'
import type { VariableName } from './variables.ts'

export type { GatewayConfig }

export interface W3upConfig {
  readonly url: string
  readonly did: string
  readonly key: string
  readonly proof: string
}

export interface S3Config {
  readonly bucket: string
  readonly prefix: string
  readonly region: string
  readonly endpoint?: string
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

export type PublisherName = 'local' | 's3' | 'w3up'

export interface Config {
  /** Not on Lambda: open to its user, bound to loopback. */
  readonly local: boolean
  readonly gateways: readonly GatewayConfig[]
  /** Whether this process is its own gateway. */
  readonly readsFromItself: boolean
  readonly stacApiUrl: string
  /** STAC API of items with CIDs that notices are looked up in; null = none. */
  readonly catalogUrl: string | null
  /** Areas whose notices are accepted; null = everywhere. */
  readonly watch: readonly WatchedArea[] | null
  readonly hosts: { readonly allowedHosts: readonly string[]; readonly allowPrivate: boolean }
  readonly publishers: readonly PublisherName[]
  readonly publishMinimum: number
  readonly w3up: W3upConfig | null
  readonly s3: S3Config | null
  /** Buckets of others that are read with our credentials. */
  readonly mirrorBuckets: readonly string[]
  /** Hosts of plain copies that are asked with headers of ours: each is sent to its own origin alone. */
  readonly sourceHeaders: readonly GatewayConfig[]
  /** Bytes of the largest file that is read whole for its CID. */
  readonly maxFingerprintBytes: number
  /** null = this process itself locally, no jobs on Lambda. */
  readonly queueUrl: string | null
  readonly resultTopic: string | null
  /** Of AWS services whose address does not contain one. */
  readonly region: string
  readonly tokens: readonly { readonly name: string; readonly token: string }[]
  /** Without a trailing slash; null = whatever host the request named. */
  readonly publicUrl: string | null
  readonly maxPixels: number
  readonly port: number
  readonly dataDir: string
}

/**
 * Seen serving raw blocks to strangers on 2026-09-26 (ipfs/public-gateway-checker and users' reports).
 * All are best effort: only the hash of a block is believed.
 */
const publicGateways =
  'https://ipfs.orbitor.dev https://ipfs.filebase.io https://gateway.pinata.cloud https://dget.top https://trustless-gateway.link'

const earthSearch = 'https://earth-search.aws.element84.com/v1'

type Env = Environment<VariableName | 'AWS_LAMBDA_FUNCTION_NAME' | 'AWS_REGION'>

/**
 * @param values the process environment; an empty value counts as unset
 * @throws {GreenprintError} `invalid_configuration` with one detail line per fault
 */
export function readConfig(values: Readonly<Record<string, string | undefined>>): Config {
  const env: Env = new Environment(values)
  const local = env.text('AWS_LAMBDA_FUNCTION_NAME') === undefined
  const port = env.integer('PORT', 8080, 0, 65535)
  const self = `http://127.0.0.1:${port}`
  const hasPublicUrl = local || env.text('PUBLIC_URL') !== undefined
  const hasCatalog = local || env.text('CATALOG_URL') !== undefined
  const config: Config = {
    local,
    gateways: readAddresses(env, 'IPFS_GATEWAYS', local ? self : publicGateways),
    readsFromItself: local && env.text('IPFS_GATEWAYS') === undefined,
    stacApiUrl: env.url('STAC_API_URL', local ? `${self}/stac` : earthSearch),
    catalogUrl: hasCatalog ? env.url('CATALOG_URL', `${self}/stac`) : null,
    watch: readWatch(env),
    hosts: readHosts(env, local),
    publishers: readPublishers(env, local),
    publishMinimum: env.integer('PUBLISH_MINIMUM', 1, 1, 9),
    w3up: readW3up(env),
    s3: readS3(env),
    mirrorBuckets: env.list('S3_MIRROR_BUCKETS'),
    sourceHeaders: readAddresses(env, 'SOURCE_HEADERS', ''),
    maxFingerprintBytes: env.integer('FINGERPRINT_MAX_BYTES', 2 ** 30, 1, 2 ** 40),
    queueUrl: env.text('QUEUE_URL') === undefined ? null : env.url('QUEUE_URL', ''),
    resultTopic: readTopic(env),
    region: env.text('AWS_REGION') ?? 'us-east-1',
    tokens: readTokens(env),
    publicUrl: hasPublicUrl ? env.url('PUBLIC_URL', self) : null,
    maxPixels: env.integer('MAX_PIXELS', 100_000_000, 1, 4e9),
    port,
    dataDir: env.text('DATA_DIR') ?? (local ? '.greenprint' : '/tmp'),
  }
  checkPublishers(config, env)
  const { faults } = env
  if (faults.length === 0) return Object.freeze(config)
  const message = `The environment has ${faults.length} fault(s): ${faults.join(' ')}`
  throw new GreenprintError('invalid_configuration', message, { details: faults })
}

function readWatch(env: Env): Config['watch'] {
  const text = env.text('WATCH')
  if (text === undefined) return null
  try {
    return parseWatch(text)
  } catch (error) {
    env.faults.push(`WATCH ${describeError(error)}`)
    return null
  }
}

function readHosts(env: Env, local: boolean): Config['hosts'] {
  const allowPrivate = env.flag('ALLOW_PRIVATE_HOSTS', local)
  if (allowPrivate && !local) {
    env.faults.push('ALLOW_PRIVATE_HOSTS is for tests and the local system: unset it on Lambda.')
  }
  const allowedHosts = env.list('ALLOWED_HOSTS').map((host) => host.toLowerCase())
  return { allowedHosts, allowPrivate }
}

function readPublishers(env: Env, local: boolean): PublisherName[] {
  const known: readonly PublisherName[] = local ? ['local', 's3', 'w3up'] : ['s3', 'w3up']
  return env.list('PUBLISHERS', local ? 'local' : '').flatMap((entry) => {
    const name = known.find((candidate) => candidate === entry)
    if (name === undefined) {
      env.faults.push(`PUBLISHERS: "${entry}" is not one of ${known.join(', ')}.`)
    }
    return name === undefined ? [] : [name]
  })
}

function checkPublishers({ publishers, s3, w3up }: Config, env: Env): void {
  if (publishers.includes('s3') && s3 === null) {
    env.faults.push('PUBLISHERS names s3, but S3_BUCKET is not set.')
  }
  if (publishers.includes('w3up') && w3up === null) {
    const names = 'W3UP_URL, W3UP_DID, W3UP_KEY and W3UP_PROOF'
    env.faults.push(`PUBLISHERS names w3up, but ${names} are not set.`)
  }
}

function readW3up(env: Env): W3upConfig | null {
  const names = ['W3UP_URL', 'W3UP_DID', 'W3UP_KEY', 'W3UP_PROOF'] as const
  const missing = names.filter((name) => env.text(name) === undefined)
  if (missing.length === names.length) return null
  if (missing.length > 0) env.faults.push(`w3up needs ${missing.join(', ')} too.`)
  const [url = '', did = '', key = '', proof = ''] = names.map((name) => env.text(name))
  if (url !== '') env.checkUrl('W3UP_URL', url)
  return { url, did, key, proof }
}

function readS3(env: Env): S3Config | null {
  const bucket = env.text('S3_BUCKET')
  if (bucket === undefined) return null
  const hasEndpoint = env.text('S3_ENDPOINT') !== undefined
  const accessKeyId = env.text('S3_ACCESS_KEY_ID')
  const secretAccessKey = env.text('S3_SECRET_ACCESS_KEY')
  const hasKeys = accessKeyId !== undefined && secretAccessKey !== undefined
  if (hasEndpoint && !hasKeys) {
    env.faults.push(
      'S3_ENDPOINT needs S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY: a role’s credentials are never sent to another service.',
    )
  }
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
    env.faults.push('S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY must be set together.')
  }
  return {
    bucket,
    prefix: (env.text('S3_PREFIX') ?? '').replace(/^\/+|\/+$/g, ''),
    region: env.text('S3_REGION') ?? env.text('AWS_REGION') ?? 'us-east-1',
    ...(hasEndpoint ? { endpoint: env.url('S3_ENDPOINT', '') } : {}),
    ...(hasKeys ? { credentials: { accessKeyId, secretAccessKey } } : {}),
  }
}

function readTopic(env: Env): string | null {
  const arn = env.text('RESULT_TOPIC_ARN')
  if (arn !== undefined && !/^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+$/.test(arn)) {
    env.faults.push(
      'RESULT_TOPIC_ARN is not the ARN of an SNS topic: expected arn:aws:sns:<region>:<account>:<name>.',
    )
  }
  return arn ?? null
}

function readTokens(env: Env): { name: string; token: string }[] {
  return env.list('API_TOKENS').map((pair) => {
    const colon = pair.indexOf(':')
    const token = pair.slice(colon + 1)
    const name = pair.slice(0, Math.max(colon, 0))
    // The name becomes part of a key of the store.
    if (!/^\w[\w.-]{0,63}$/.test(name) || token.length < 16) {
      env.faults.push(
        'API_TOKENS takes name:token pairs, with names of letters, digits, ".", "_" and "-" and tokens of at least 16 characters.',
      )
    }
    return { name, token }
  })
}
