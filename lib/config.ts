// The environment, read once: one table of names, one frozen value, every fault told at once.

import { GreenprintError } from './errors.ts'

/** What README and .env.example say; a test compares them with this table. */
export const variables = [
  [
    'IPFS_GATEWAYS',
    'five public ones; locally this process',
    'Trustless gateways in order: `url` or `url|Header: value`. Replaces the default list.',
  ],
  [
    'STAC_API_URL',
    'Earth Search v1; locally this process',
    'STAC API that `search` asks when it names none.',
  ],
  ['ALLOWED_HOSTS', 'any public host', 'Host names that callers may name in item and search URLs.'],
  [
    'ALLOW_PRIVATE_HOSTS',
    '',
    '`true` lets callers name private and plain http: hosts. Refused on Lambda; on by default locally.',
  ],
  [
    'PUBLISHERS',
    'none; locally `local`',
    'Where `pin` publishes, in order: `w3up`, `s3`, and `local` outside Lambda.',
  ],
  ['PUBLISH_MINIMUM', '1', 'How many publishers must hold a result before the rest are not asked.'],
  ['W3UP_URL', '', 'URL of a UCAN upload service (w3up). No default: the hosted one is gone.'],
  ['W3UP_DID', '', 'DID of that service, `did:web:…` or `did:key:…`.'],
  ['W3UP_KEY', '', 'Private key of the agent, `Mg…`.'],
  ['W3UP_PROOF', '', 'Delegation from the space to the agent, base64.'],
  ['S3_BUCKET', '', 'Bucket for this deployment’s own store and for the `s3` publisher.'],
  ['S3_PREFIX', '', 'Key prefix in that bucket.'],
  ['S3_REGION', 'AWS_REGION, else us-east-1', 'Region of the bucket.'],
  ['S3_ENDPOINT', 'AWS', 'Another S3 service (Filebase, R2, MinIO, Ceph). Needs the two keys.'],
  ['S3_ACCESS_KEY_ID', 'the role’s', 'Access key for S3_ENDPOINT.'],
  ['S3_SECRET_ACCESS_KEY', 'the role’s', 'Secret key for S3_ENDPOINT.'],
  [
    'API_TOKENS',
    'none',
    '`name:token` pairs that may publish. Without any, publishing is off on Lambda and open locally.',
  ],
  [
    'PUBLIC_URL',
    'the request’s host; locally this process',
    'Address of this deployment, for links in replies.',
  ],
  ['MAX_PIXELS', '100000000', 'Largest grid, in pixels, that one request may read.'],
  ['PORT', '8080', 'Port of the local system; the next free one when taken.'],
  ['DATA_DIR', '.greenprint; /tmp on Lambda', 'Folder of the store when there is no S3_BUCKET.'],
] as const satisfies readonly (readonly [name: string, fallback: string, meaning: string])[]

type Name = (typeof variables)[number][0]

export interface GatewayConfig {
  /** Without a trailing slash; may have a path. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

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
  /** The gateway list is this process itself. */
  readonly readsFromItself: boolean
  readonly stacApiUrl: string
  readonly hosts: { readonly allowedHosts: readonly string[]; readonly allowPrivate: boolean }
  readonly publishers: readonly PublisherName[]
  readonly publishMinimum: number
  readonly w3up: W3upConfig | null
  readonly s3: S3Config | null
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

/**
 * @param env the process environment; an empty value counts as unset
 * @throws {GreenprintError} `invalid_configuration` with one detail line per fault
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const faults: string[] = []
  const get = (name: Name): string | undefined => env[name]?.trim() || undefined
  const local = env['AWS_LAMBDA_FUNCTION_NAME'] === undefined
  const port = integer('PORT', get('PORT') ?? '8080', 0, 65535, faults)
  const self = `http://127.0.0.1:${port}`
  const gateways = get('IPFS_GATEWAYS') ?? (local ? self : publicGateways)
  const allowPrivate = get('ALLOW_PRIVATE_HOSTS') ?? String(local)
  if (!local && allowPrivate === 'true') {
    faults.push('ALLOW_PRIVATE_HOSTS is for tests and the local system: unset it on Lambda.')
  }
  const publicUrl = get('PUBLIC_URL') ?? (local ? self : undefined)
  const stacApiUrl =
    get('STAC_API_URL') ?? (local ? `${self}/stac` : 'https://earth-search.aws.element84.com/v1')
  const config: Config = {
    local,
    gateways: readGateways(gateways, faults),
    readsFromItself: local && get('IPFS_GATEWAYS') === undefined,
    stacApiUrl: httpUrl('STAC_API_URL', stacApiUrl, faults),
    hosts: { allowedHosts: list(get('ALLOWED_HOSTS')), allowPrivate: allowPrivate === 'true' },
    publishers: readPublishers(get('PUBLISHERS') ?? (local ? 'local' : ''), local, faults),
    publishMinimum: integer('PUBLISH_MINIMUM', get('PUBLISH_MINIMUM') ?? '1', 1, 9, faults),
    w3up: readW3up(get, faults),
    s3: readS3(get, env['AWS_REGION'], faults),
    tokens: readTokens(get('API_TOKENS'), faults),
    publicUrl: publicUrl === undefined ? null : httpUrl('PUBLIC_URL', publicUrl, faults),
    maxPixels: integer('MAX_PIXELS', get('MAX_PIXELS') ?? '100000000', 1, 4e9, faults),
    port,
    dataDir: get('DATA_DIR') ?? (local ? '.greenprint' : '/tmp'),
  }
  for (const name of ['w3up', 's3'] as const) {
    if (config.publishers.includes(name) && config[name] === null) {
      faults.push(
        `PUBLISHERS names ${name}, but ${name === 's3' ? 'S3_BUCKET is' : 'W3UP_URL, W3UP_DID, W3UP_KEY and W3UP_PROOF are'} not set.`,
      )
    }
  }
  if (faults.length > 0) {
    throw new GreenprintError(
      'invalid_configuration',
      `The environment has ${faults.length} fault(s): ${faults.join(' ')}`,
      { details: faults },
    )
  }
  return Object.freeze(config)
}

type Get = (name: Name) => string | undefined

function list(text: string | undefined): string[] {
  return (text ?? '').split(/[\s,]+/).filter((entry) => entry !== '')
}

function integer(name: Name, text: string, low: number, high: number, faults: string[]): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= low && value <= high) return value
  faults.push(`${name} must be a whole number from ${low} to ${high}, not "${text}".`)
  return low
}

function httpUrl(name: Name, text: string, faults: string[]): string {
  if (!URL.canParse(text) || !/^https?:\/\//.test(text)) {
    faults.push(`${name} must be an http(s) URL, not "${text}".`)
  }
  return text.replace(/\/+$/, '')
}

/** Entries start at `http…`, so that a header value may hold spaces and commas. */
function readGateways(text: string, faults: string[]): GatewayConfig[] {
  return text.split(/[\s,]+(?=https?:\/\/)/).map((entry) => {
    const [url = '', ...headers] = entry.split('|')
    const pairs = headers.map((header) => {
      const colon = header.indexOf(':')
      const name = header.slice(0, Math.max(colon, 0)).trim()
      if (!/^[\w-]+$/.test(name))
        faults.push(`IPFS_GATEWAYS: a header of ${url} is not "Name: value".`)
      return [name, header.slice(colon + 1).trim()] as const
    })
    return { url: httpUrl('IPFS_GATEWAYS', url.trim(), faults), headers: Object.fromEntries(pairs) }
  })
}

function readPublishers(text: string, local: boolean, faults: string[]): PublisherName[] {
  const known: readonly PublisherName[] = local ? ['local', 's3', 'w3up'] : ['s3', 'w3up']
  return list(text).flatMap((entry) => {
    const name = known.find((candidate) => candidate === entry)
    if (name === undefined) faults.push(`PUBLISHERS: "${entry}" is none of ${known.join(', ')}.`)
    return name === undefined ? [] : [name]
  })
}

function readW3up(get: Get, faults: string[]): W3upConfig | null {
  const names = ['W3UP_URL', 'W3UP_DID', 'W3UP_KEY', 'W3UP_PROOF'] as const
  const missing = names.filter((name) => get(name) === undefined)
  if (missing.length === names.length) return null
  if (missing.length > 0) faults.push(`w3up needs ${missing.join(', ')} too.`)
  const [url = '', did = '', key = '', proof = ''] = names.map((name) => get(name))
  if (url !== '') httpUrl('W3UP_URL', url, faults)
  return { url, did, key, proof }
}

function readS3(get: Get, awsRegion: string | undefined, faults: string[]): S3Config | null {
  const bucket = get('S3_BUCKET')
  if (bucket === undefined) return null
  const endpoint = get('S3_ENDPOINT')
  const accessKeyId = get('S3_ACCESS_KEY_ID')
  const secretAccessKey = get('S3_SECRET_ACCESS_KEY')
  if (endpoint !== undefined && (accessKeyId === undefined || secretAccessKey === undefined)) {
    faults.push(
      'S3_ENDPOINT needs S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY: a role’s credentials are never sent to another service.',
    )
  }
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
    faults.push('S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY come together.')
  }
  return {
    bucket,
    prefix: (get('S3_PREFIX') ?? '').replace(/^\/+|\/+$/g, ''),
    region: get('S3_REGION') ?? awsRegion ?? 'us-east-1',
    ...(endpoint === undefined ? {} : { endpoint: httpUrl('S3_ENDPOINT', endpoint, faults) }),
    ...(accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : { credentials: { accessKeyId, secretAccessKey } }),
  }
}

function readTokens(text: string | undefined, faults: string[]): { name: string; token: string }[] {
  return list(text).map((pair) => {
    const colon = pair.indexOf(':')
    const token = pair.slice(colon + 1)
    if (colon < 1 || token.length < 16) {
      faults.push('API_TOKENS takes name:token pairs with tokens of at least 16 characters.')
    }
    return { name: pair.slice(0, Math.max(colon, 0)), token }
  })
}
