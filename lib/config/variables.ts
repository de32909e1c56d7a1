// Every variable of the environment: how it is read, its default, its meaning, and which functions on AWS are given it.
// Long: one table, from which documents, .env.example and infra/ follow.

import { readBuckets, readStoreBucket } from './buckets.ts'
import { readGateways, readRouters } from './gateways.ts'
import { hostVariables } from './host-variables.ts'
import { catalogueUrl, readSourceHeaders } from './hosts.ts'
import { publishingVariables } from './publishing-variables.ts'

import {
  integer,
  oneOf,
  optionalText,
  optionalUrl,
  readNoticeDo,
  readOriginSecrets,
  readQueue,
  readTileTemplate,
  readTokens,
  readTopic,
  readWatch,
  text,
} from './readers.ts'
import { readReceiptKey } from './receipt-key.ts'
import {
  resource,
  resourceOfWork,
  secretOfWork,
  setting,
  settingOfNotices,
  type Variable,
} from './variable.ts'

/**
 * Serving raw blocks to strangers in November 2026 (ipfs/public-gateway-checker and users' reports), the last one's
 * raw form not established. All are best effort: only the hash of a block is believed.
 */
const publicGateways = [
  'https://ipfs.orbitor.dev',
  'https://trustless-gateway.net',
  'https://ipfs.filebase.io',
  'https://dget.top',
  'https://gateway.pinata.cloud',
  'https://ipfs.aleph.cloud',
].join(' ')

/** https://specs.ipfs.tech/routing/http-routing-v1/ */
const delegatedRouter = 'https://delegated-ipfs.dev/routing/v1'

const earthSearch = 'https://earth-search.aws.element84.com/v1'

/** Followed by docs/configuration.md and .env.example (tests compare them), by lib/config/config.ts and by infra/. */
export const variables = {
  IPFS_GATEWAYS: {
    read: (env, name, { local, self }) => readGateways(env, name, local ? self : publicGateways),
    fallback: 'six public ones; locally this process',
    meaning:
      'Trustless gateways in order: `url` or `url|Header: value`. Replaces the default list.',
    given: setting,
  },
  IPFS_ROUTERS: {
    read: (env, name, { local }) => readRouters(env, name, local ? 'none' : delegatedRouter),
    fallback: '`https://delegated-ipfs.dev/routing/v1`; locally `none`',
    meaning:
      'Delegated routers that are asked who has a file when the gateways are late: URLs, or `none`.',
    given: setting,
  },
  STAC_API_URL: {
    read: catalogueUrl(({ local, self }) => (local ? `${self}/stac` : earthSearch)),
    fallback: 'Earth Search v1; locally this process',
    meaning: 'STAC API that a `search` without an `api` of its own uses.',
    given: setting,
  },
  CATALOG_URL: {
    read: catalogueUrl(({ local, self }) => (local ? `${self}/stac` : null)),
    fallback: 'none; locally this process',
    meaning:
      'STAC API whose items carry CIDs: the files of a scene without CIDs are looked up there by its id, and the scenes that notices name.',
    given: setting,
  },
  WATCH: {
    read: readWatch,
    fallback: 'everywhere',
    meaning: 'Areas whose new scenes are computed: boxes `w,s,e,n` separated by `;`, or GeoJSON.',
    given: settingOfNotices,
  },
  NOTICE_DO: {
    read: readNoticeDo,
    fallback: '`ndvi`',
    meaning:
      'What is done with scenes that topics and queues bring, of `fingerprint` and `ndvi`. `ndvi` alone is of scenes whose CIDs are known; `fingerprint` reads their files whole, which costs what docs/deploy.md tells.',
    given: settingOfNotices,
  },
  ...hostVariables,
  ...publishingVariables,
  S3_BUCKET: {
    read: readStoreBucket,
    fallback: '',
    meaning: 'Bucket for this deployment’s own store and for the `s3` publisher.',
    given: resource,
  },
  S3_PREFIX: {
    read: (env, name) => (env.text(name) ?? '').replace(/^\/+|\/+$/g, ''),
    fallback: '',
    meaning: 'Key prefix in that bucket.',
    given: null,
  },
  S3_REGION: {
    read: text(({ region }) => region),
    fallback: 'AWS_REGION, else us-east-1',
    meaning: 'Region of the bucket.',
    given: null,
  },
  S3_ENDPOINT: {
    read: optionalUrl(() => null),
    fallback: 'AWS',
    meaning: 'Another S3 service (Filebase, R2, MinIO, Ceph). Needs the two keys.',
    given: null,
  },
  S3_ACCESS_KEY_ID: {
    read: optionalText,
    fallback: 'the role’s',
    meaning: 'Access key for S3_ENDPOINT.',
    given: null,
  },
  S3_SECRET_ACCESS_KEY: {
    read: optionalText,
    fallback: 'the role’s',
    meaning: 'Secret key for S3_ENDPOINT.',
    given: null,
  },
  S3_MIRROR_BUCKETS: {
    read: readBuckets,
    fallback: 'none',
    meaning:
      'Buckets of others (`usgs-landsat`) whose objects may be read by their s3: addresses with this deployment’s own AWS credentials, requester pays.',
    given: setting,
  },
  SOURCE_HEADERS: {
    read: readSourceHeaders,
    fallback: 'none',
    meaning:
      'Headers for hosts of scenes that want a token: `https://host|Authorization: Bearer …`. Sent to that host alone, never across a redirect to another, and for callers with a token, jobs and notices alone.',
    given: secretOfWork,
  },
  FINGERPRINT_MAX_BYTES: {
    ...integer(2 ** 30, 1, 2 ** 40),
    meaning: 'Largest file that is read whole to make its CID.',
    given: setting,
  },
  RECEIPT_KEY: {
    read: readReceiptKey,
    fallback: 'none',
    meaning:
      'Ed25519 private key that receipts of results are signed with: PKCS#8, as PEM or as its DER in base64. Without it there are none.',
    given: secretOfWork,
  },
  QUEUE_URL: {
    read: readQueue,
    fallback: 'none; locally this process',
    meaning: 'SQS queue of the jobs. Without one there are no jobs.',
    given: resource,
  },
  RESULT_TOPIC_ARN: {
    read: readTopic,
    fallback: 'none',
    meaning: 'SNS topic on which each result of a job is announced, by its STAC item.',
    given: { as: 'resource', to: ['Worker'] },
  },
  API_TOKENS: {
    read: readTokens,
    fallback: 'none',
    meaning:
      '`name:token` pairs that may publish. Without any, publishing is off on Lambda and open locally.',
    given: { as: 'secret', to: ['Api'] },
  },
  COMPUTE: {
    read: oneOf(['anyone', 'token']),
    fallback: '`anyone`',
    meaning:
      'Who has computed or fetched what is not known here: `anyone`, or holders of a `token`. Others get what is known.',
    given: { as: 'setting', to: ['Api'] },
  },
  PUBLIC_URL: {
    read: optionalUrl(({ local, self }) => (local ? self : null)),
    fallback: 'the request’s host; locally this process',
    meaning: 'Address of this deployment, for links in replies.',
    given: resource,
  },
  PUBLIC_FILES_URL: {
    read: optionalUrl(() => null),
    fallback: 'none',
    meaning:
      'Address under which anybody may read the folder `published/` of the bucket, by a CDN: files of results that `s3` holds are told there.',
    given: resourceOfWork,
  },
  ORIGIN_SECRET: {
    read: readOriginSecrets,
    fallback: 'none',
    meaning:
      'What a CDN in front of this deployment sends as `X-Origin-Secret`, at least 32 characters; two while one takes the place of the other. With it, what came by any other way is answered 421.',
    given: { as: 'secret', to: ['Api'] },
  },
  BASE_MAP_URL: {
    read: readTileTemplate,
    fallback: 'none: coastlines and a graticule',
    meaning:
      'Tiles under the page’s map: an `https:` template with `{z}`, `{x}` and `{y}`. Browsers load them from there.',
    given: { as: 'setting', to: ['Api'] },
  },
  MAX_STORE_BYTES: {
    read: (env, name, { local }) =>
      env.integer(name, local ? 20 * 1024 ** 3 : 256 * 1024 ** 2, 1024 ** 2, 1e15),
    fallback: '20 GiB; on Lambda 256 MiB',
    meaning:
      'Without a bucket: bytes that results and what is read may take in DATA_DIR. Beyond it what nobody published goes, caches and the oldest first.',
    given: null,
  },
  MAX_PIXELS: {
    ...integer(250_000_000, 1, 4e9),
    meaning: 'Largest grid, in pixels, that is computed.',
    given: setting,
  },
  MAX_PIXELS_SYNC: {
    ...integer(100_000_000, 1, 4e9),
    meaning:
      'Largest grid, in pixels, that is computed within a request: beyond it, a caller who may have jobs gets one.',
    given: { as: 'setting', to: ['Api'] },
  },
  PORT: {
    ...integer(8080, 0, 65535),
    meaning: 'Port of the local system; the next free one when taken.',
    given: null,
  },
  DATA_DIR: {
    read: text(({ local }) => (local ? '.greenprint' : '/tmp')),
    fallback: '.greenprint; /tmp on Lambda',
    meaning:
      'Folder of caches and of unfinished large outputs, and of the store when there is no S3_BUCKET.',
    given: null,
  },
} as const satisfies Readonly<Record<string, Variable>>

export type VariableName = keyof typeof variables

/** What each variable was read as. */
export type Values = {
  readonly [Name in VariableName]: ReturnType<(typeof variables)[Name]['read']>
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the table
export const variableNames = Object.keys(variables) as VariableName[]
