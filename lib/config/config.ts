// The environment, read once: one frozen value, all faults reported at once.

import { GreenprintError } from '../errors.ts'
import type { WatchedArea } from '../geo/watch-area.ts'
import type { Task } from '../model/tasks.ts'
import type { GatewayConfig } from './addresses.ts'
import { Environment } from './environment.ts'
import type { PublisherName } from './publisher-names.ts'
import { choosePublishers, groupServices, type ServiceConfigs } from './publishers.ts'
import type { Site, Token } from './readers.ts'
import { type Values, variableNames, variables } from './variables.ts'

export interface S3Config {
  readonly bucket: string
  readonly prefix: string
  readonly region: string
  readonly endpoint?: string
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

export interface Config extends ServiceConfigs {
  /** Neither on Lambda nor a server: open to its user, bound to loopback. */
  readonly local: boolean
  /** Whether the process lives on between requests, so that it can work by itself: not on Lambda. */
  readonly livesOn: boolean
  /** Of Lambda, or `server`: what its metrics are told apart by. */
  readonly functionName: string
  readonly gateways: readonly GatewayConfig[]
  /** Delegated routers, asked when the gateways are late. */
  readonly routers: readonly string[]
  /** Whether this process is its own gateway. */
  readonly readsFromItself: boolean
  readonly stacApiUrl: string
  /** STAC API of items with CIDs that notices are looked up in; null = none. */
  readonly catalogUrl: string | null
  /** The same for files of scenes; null where it is this deployment, whose records tell more of them than its items. */
  readonly contentsUrl: string | null
  /** Areas whose notices are accepted; null = everywhere. */
  readonly watch: readonly WatchedArea[] | null
  /** What is done with scenes that topics and queues bring. */
  readonly noticeDo: readonly Task[]
  readonly hosts: {
    readonly allowedHosts: readonly string[]
    readonly privateHosts: readonly string[]
    readonly allowPrivate: boolean
  }
  readonly publishers: readonly PublisherName[]
  readonly publishMinimum: number
  /** Gateways of other operators, which are asked whether what was published can be retrieved. */
  readonly publicGateways: readonly GatewayConfig[]
  /** What schedules of checks call; null = none are made. */
  readonly checks: {
    readonly target: string
    readonly role: string
    readonly group: string
  } | null
  readonly s3: S3Config | null
  /** Buckets of others that are read with our credentials. */
  readonly mirrorBuckets: readonly string[]
  /** Hosts of plain copies that are asked with headers of ours: each is sent to its own origin alone. */
  readonly sourceHeaders: readonly GatewayConfig[]
  /** Bytes of the largest file that is read whole for its CID. */
  readonly maxFingerprintBytes: number
  /** PKCS#8 of the Ed25519 key that receipts are signed with, base64; null = none are made. */
  readonly receiptKey: string | null
  /** null = this process itself locally, no jobs on Lambda. */
  readonly queueUrl: string | null
  readonly resultTopic: string | null
  /** Of AWS services whose address does not contain one. */
  readonly region: string
  readonly tokens: readonly Token[]
  /** Any of which a CDN before this deployment sends; none = there is no CDN. */
  readonly originSecrets: readonly string[]
  /** Whether what is not known is computed without a token. */
  readonly computesForAnyone: boolean
  /** Without a trailing slash; null = whatever host the request named. */
  readonly publicUrl: string | null
  /** Where the folder of published files is public, without a trailing slash; null = nowhere. */
  readonly publicFilesUrl: string | null
  /** Template of the page's ground, with {z}, {x} and {y}; null = coastlines alone. */
  readonly baseMapUrl: string | null
  /** Of a grid: the most at all, and the most within a request. */
  readonly maxPixels: number
  /** Bytes of a store on disk. */
  readonly maxStoreBytes: number
  readonly maxPixelsSync: number
  readonly port: number
  readonly dataDir: string
}

/** The variable that a server sets in its own environment. */
export const SERVER = 'GREENPRINT_SERVER'

/**
 * @param given the process environment; an empty value counts as unset
 * @param elsewhere variables of it whose values are not here: that they are set is all that is known of them
 * @throws {GreenprintError} `invalid_configuration` with one detail line per fault
 */
export function readConfig(
  given: Readonly<Record<string, string | undefined>>,
  elsewhere: readonly string[] = [],
): Config {
  const env = new Environment(given, elsewhere)
  const values = readVariables(env)
  const { local, region } = values.site
  const lambda = env.text('AWS_LAMBDA_FUNCTION_NAME')
  const services = groupServices(values, env)
  const s3 = groupS3(values, env)
  const publishers = choosePublishers(
    values.PUBLISHERS,
    services,
    { hasBucket: s3 !== null, local },
    env,
  )
  throwFaults(env)
  return Object.freeze({
    local,
    livesOn: lambda === undefined,
    functionName: lambda ?? (local ? 'local' : 'server'),
    gateways: values.IPFS_GATEWAYS,
    routers: values.IPFS_ROUTERS,
    readsFromItself: local && env.text('IPFS_GATEWAYS') === undefined,
    stacApiUrl: values.STAC_API_URL,
    catalogUrl: values.CATALOG_URL,
    contentsUrl: isOwnCatalogue(values) ? null : values.CATALOG_URL,
    watch: values.WATCH,
    noticeDo: values.NOTICE_DO,
    hosts: {
      allowedHosts: values.ALLOWED_HOSTS,
      privateHosts: values.PRIVATE_HOSTS,
      allowPrivate: values.ALLOW_PRIVATE_HOSTS,
    },
    publishers,
    publishMinimum: values.PUBLISH_MINIMUM,
    publicGateways: values.PUBLIC_GATEWAY,
    checks: groupChecks(values, env),
    ...services,
    s3,
    mirrorBuckets: values.S3_MIRROR_BUCKETS,
    sourceHeaders: values.SOURCE_HEADERS,
    maxFingerprintBytes: values.FINGERPRINT_MAX_BYTES,
    receiptKey: values.RECEIPT_KEY,
    queueUrl: values.QUEUE_URL,
    resultTopic: values.RESULT_TOPIC_ARN,
    region,
    tokens: values.API_TOKENS,
    originSecrets: values.ORIGIN_SECRET,
    computesForAnyone: values.COMPUTE === 'anyone',
    publicUrl: values.PUBLIC_URL,
    publicFilesUrl: values.PUBLIC_FILES_URL,
    baseMapUrl: values.BASE_MAP_URL,
    maxPixels: values.MAX_PIXELS,
    maxStoreBytes: values.MAX_STORE_BYTES,
    maxPixelsSync: values.MAX_PIXELS_SYNC,
    port: values.PORT,
    dataDir: values.DATA_DIR,
  })
}

/**
 * Every variable of the table. Whether this is Lambda, and in which region, Lambda itself says; functions/server.ts,
 * that it answers strangers.
 */
function readVariables(env: Environment): Values & { readonly site: Site } {
  const site = {
    local: ['AWS_LAMBDA_FUNCTION_NAME', SERVER].every((name) => env.text(name) === undefined),
    region: env.text('AWS_REGION') ?? 'us-east-1',
    self: '',
  }
  const port = variables.PORT.read(env, 'PORT', site)
  const whole: Site = { ...site, self: `http://127.0.0.1:${port}` }
  const entries = variableNames.map(
    (name) => [name, variables[name].read(env, name, whole)] as const,
  )
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each under its own name
  return { ...(Object.fromEntries(entries) as unknown as Values), site: whole }
}

function isOwnCatalogue({
  site,
  PUBLIC_URL,
  CATALOG_URL,
}: ReturnType<typeof readVariables>): boolean {
  return [site.self, PUBLIC_URL].some((url) => `${url}/stac` === CATALOG_URL)
}

function throwFaults({ faults }: Environment): void {
  if (faults.size === 0) return
  const details = [...faults]
  const message = `The environment has ${details.length} fault(s): ${details.join(' ')}`
  throw new GreenprintError('invalid_configuration', message, { details })
}

function groupChecks(values: Values, env: Environment): Config['checks'] {
  const { CHECKS_TARGET_ARN: target, CHECKS_ROLE_ARN: role } = values
  if (target !== null && role !== null) return { target, role, group: values.CHECKS_GROUP }
  if (target !== role) env.refuse('CHECKS_TARGET_ARN and CHECKS_ROLE_ARN must be set together.')
  return null
}

function groupS3(values: Values, env: Environment): S3Config | null {
  const { S3_BUCKET: bucket, S3_ENDPOINT: endpoint } = values
  if (bucket === null) return null
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = values
  const hasKeys = accessKeyId !== null && secretAccessKey !== null
  if (endpoint !== null && !hasKeys) {
    env.refuse(
      'S3_ENDPOINT needs S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY: a role’s credentials are never sent to another service.',
    )
  }
  if ((accessKeyId === null) !== (secretAccessKey === null)) {
    env.refuse('S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY must be set together.')
  }
  return {
    bucket,
    prefix: values.S3_PREFIX,
    region: values.S3_REGION,
    ...(endpoint === null ? {} : { endpoint }),
    ...(hasKeys ? { credentials: { accessKeyId, secretAccessKey } } : {}),
  }
}
