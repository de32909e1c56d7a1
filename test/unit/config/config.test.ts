// The environment: every variable is read, every fault is told at once, and no secret is repeated.
// Long: a table of cases, and what each of them must come to.

import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { describe, it } from 'node:test'
import { type Config, readConfig } from '../../../lib/config/config.ts'
import { type VariableName, variableNames } from '../../../lib/config/variables.ts'
import { GreenprintError } from '../../../lib/errors.ts'
import { operatorOf } from '../../../lib/ipfs/operators.ts'

type Env = Readonly<Record<string, string>>

const lambda = { AWS_LAMBDA_FUNCTION_NAME: 'greenprint-api', AWS_REGION: 'eu-central-1' }
const w3up = {
  W3UP_URL: 'https://up.example.org',
  W3UP_DID: 'did:web:up.example.org',
  W3UP_KEY: 'MgCYkey',
  W3UP_PROOF: 'proof',
}
const checks = { CHECKS_TARGET_ARN: 'arn:f', CHECKS_ROLE_ARN: 'arn:r' }
const filebase = { FILEBASE_KEY: 'key', FILEBASE_SECRET: 'secret', FILEBASE_BUCKET: 'bucket' }
const receiptKey = receiptKeys()
const wrongReceiptKey =
  /^RECEIPT_KEY must be an Ed25519 private key in PKCS#8, as PEM or as its DER/
const keys = { S3_ACCESS_KEY_ID: 'AKIA', S3_SECRET_ACCESS_KEY: 'secret' }

function receiptKeys() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const der = { format: 'der', type: 'pkcs8' } as const
  const pem = { format: 'pem', type: 'pkcs8' } as const
  return {
    pem: privateKey.export(pem).toString(),
    der: privateKey.export(der).toString('base64'),
    half: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    ofEcdsa: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(pem).toString(),
  }
}

function faultsOf(env: Env): readonly string[] {
  try {
    readConfig(env)
  } catch (error) {
    assert.ok(error instanceof GreenprintError)
    assert.equal(error.code, 'invalid_configuration')
    assert.ok(error.message.startsWith(`The environment has ${error.details.length} fault(s): `))
    for (const fault of error.details) assert.ok(error.message.includes(fault))
    return error.details
  }
  return []
}

describe('without any variable', () => {
  it('the local system is open, reads from itself and keeps its store in a folder', () => {
    assert.deepEqual(readConfig({}), {
      local: true,
      livesOn: true,
      functionName: 'local',
      gateways: [{ url: 'http://127.0.0.1:8080', headers: {} }],
      routers: [],
      readsFromItself: true,
      stacApiUrl: 'http://127.0.0.1:8080/stac',
      catalogUrl: 'http://127.0.0.1:8080/stac',
      contentsUrl: null,
      watch: null,
      noticeDo: ['ndvi'],
      hosts: { allowedHosts: [], privateHosts: [], allowPrivate: true },
      publishers: ['local'],
      publishMinimum: 1,
      publicGateways: [],
      checks: null,
      kubo: null,
      cluster: null,
      w3up: null,
      filebase: null,
      pinata: null,
      psa: null,
      s3: null,
      mirrorBuckets: [],
      sourceHeaders: [],
      maxFingerprintBytes: 2 ** 30,
      receiptKey: null,
      queueUrl: null,
      resultTopic: null,
      region: 'us-east-1',
      tokens: [],
      originSecrets: [],
      publicFilesUrl: null,
      publicUrl: 'http://127.0.0.1:8080',
      maxPixels: 250_000_000,
      maxStoreBytes: 21_474_836_480,
      baseMapUrl: null,
      maxPixelsSync: 100_000_000,
      computesForAnyone: true,
      port: 8080,
      dataDir: '.greenprint',
    })
  })

  it('Lambda reads from public gateways, publishes nowhere and lets nobody name a private host', () => {
    const { gateways, ...rest } = readConfig(lambda)
    assert.equal(gateways.length, 6)
    for (const { url, headers } of gateways) {
      assert.match(url, /^https:\/\/[a-z.-]+$/)
      assert.deepEqual(headers, {})
    }
    assert.deepEqual(rest, {
      local: false,
      livesOn: false,
      functionName: 'greenprint-api',
      routers: ['https://delegated-ipfs.dev/routing/v1'],
      readsFromItself: false,
      stacApiUrl: 'https://earth-search.aws.element84.com/v1',
      catalogUrl: null,
      contentsUrl: null,
      watch: null,
      noticeDo: ['ndvi'],
      hosts: { allowedHosts: [], privateHosts: [], allowPrivate: false },
      publishers: [],
      publishMinimum: 1,
      publicGateways: [],
      checks: null,
      kubo: null,
      cluster: null,
      w3up: null,
      filebase: null,
      pinata: null,
      psa: null,
      s3: null,
      mirrorBuckets: [],
      sourceHeaders: [],
      maxFingerprintBytes: 2 ** 30,
      receiptKey: null,
      queueUrl: null,
      resultTopic: null,
      region: 'eu-central-1',
      tokens: [],
      originSecrets: [],
      publicFilesUrl: null,
      publicUrl: null,
      maxPixels: 250_000_000,
      maxStoreBytes: 268_435_456,
      baseMapUrl: null,
      maxPixelsSync: 100_000_000,
      computesForAnyone: true,
      port: 8080,
      dataDir: '/tmp',
    })
  })

  it('or with empty and blank ones the configuration is the same', () => {
    for (const blank of ['', '  ']) {
      const env = Object.fromEntries(variableNames.map((name) => [name, blank]))
      assert.deepEqual(readConfig(env), readConfig({}))
      assert.deepEqual(readConfig({ ...lambda, ...env }), readConfig(lambda))
    }
  })

  it('the configuration cannot be changed', () => {
    assert.ok(Object.isFrozen(readConfig({})))
  })
})

/** For every variable: what it is set to, with what else, and what of the configuration shows it. */
const read: Readonly<
  Record<
    VariableName,
    readonly [value: string, with_: Env, part: (config: Config) => unknown, expected: unknown]
  >
> = {
  IPFS_GATEWAYS: [
    'https://a.example https://b.example/',
    {},
    ({ gateways }) => gateways.map(({ url }) => url),
    ['https://a.example', 'https://b.example'],
  ],
  IPFS_ROUTERS: [
    'https://a.example/routing/v1/ https://b.example/routing/v1',
    {},
    (config) => config.routers,
    ['https://a.example/routing/v1', 'https://b.example/routing/v1'],
  ],
  STAC_API_URL: [
    'https://stac.example/v1/',
    {},
    (config) => config.stacApiUrl,
    'https://stac.example/v1',
  ],
  CATALOG_URL: [
    'https://cids.example/stac/',
    {},
    (config) => config.catalogUrl,
    'https://cids.example/stac',
  ],
  WATCH: [
    '-61,-4,-59,-2',
    {},
    ({ watch }) => watch,
    [
      {
        type: 'Polygon',
        coordinates: [
          [
            [-61, -4],
            [-59, -4],
            [-59, -2],
            [-61, -2],
            [-61, -4],
          ],
        ],
      },
    ],
  ],
  NOTICE_DO: ['ndvi fingerprint', {}, ({ noticeDo }) => noticeDo, ['fingerprint', 'ndvi']],
  ALLOWED_HOSTS: [
    'a.example, B.Example. [2001:DB8::0:1] bücher.example',
    {},
    ({ hosts }) => hosts.allowedHosts,
    ['a.example', 'b.example', '2001:db8::1', 'xn--bcher-kva.example'],
  ],
  PRIVATE_HOSTS: [
    'Stac.Internal., 10.0.0.5 [fd12::1]\tfd12:0::2 localhost feb.lan',
    {},
    ({ hosts }) => hosts.privateHosts,
    ['stac.internal', '10.0.0.5', 'fd12::1', 'fd12::2', 'localhost', 'feb.lan'],
  ],
  ALLOW_PRIVATE_HOSTS: ['false', {}, ({ hosts }) => hosts.allowPrivate, false],
  PUBLISHERS: [
    'w3up,s3 local',
    { ...w3up, S3_BUCKET: 'b' },
    (config) => config.publishers,
    ['w3up', 's3', 'local'],
  ],
  PUBLISH_MINIMUM: ['2', {}, (config) => config.publishMinimum, 2],
  PUBLIC_GATEWAY: [
    'https://gw.example|X-Key: abc',
    {},
    (config) => config.publicGateways,
    [{ url: 'https://gw.example', headers: { 'X-Key': 'abc' } }],
  ],
  CHECKS_TARGET_ARN: [checks.CHECKS_TARGET_ARN, checks, (config) => config.checks?.target, 'arn:f'],
  CHECKS_ROLE_ARN: [checks.CHECKS_ROLE_ARN, checks, (config) => config.checks?.role, 'arn:r'],
  CHECKS_GROUP: ['greenprint', checks, (config) => config.checks?.group, 'greenprint'],
  KUBO_RPC_URL: [
    'http://127.0.0.1:5001/',
    {},
    (config) => [config.kubo, config.publishers],
    [{ url: 'http://127.0.0.1:5001', headers: {} }, ['kubo']],
  ],
  KUBO_RPC_HEADERS: [
    'Authorization: Bearer a b|X-Other: c',
    { KUBO_RPC_URL: 'https://rpc.example' },
    ({ kubo }) => kubo?.headers,
    { Authorization: 'Bearer a b', 'X-Other': 'c' },
  ],
  CLUSTER_URL: [
    'https://cluster.example/',
    { PUBLISHERS: 'local' },
    (config) => [config.cluster, config.publishers],
    [{ url: 'https://cluster.example', auth: null }, ['local']],
  ],
  CLUSTER_AUTH: [
    'user:pass',
    { CLUSTER_URL: 'https://cluster.example' },
    ({ cluster }) => cluster?.auth,
    'user:pass',
  ],
  FILEBASE_KEY: ['key', filebase, ({ filebase: set }) => set?.key, 'key'],
  FILEBASE_SECRET: ['secret', filebase, ({ filebase: set }) => set?.secret, 'secret'],
  FILEBASE_BUCKET: [
    'bucket',
    { ...filebase, S3_BUCKET: 'b' },
    (config) => [config.filebase?.bucket, config.publishers],
    ['bucket', ['filebase', 's3']],
  ],
  PINATA_JWT: ['jwt', {}, ({ pinata }) => pinata, { jwt: 'jwt', gateway: null }],
  PINATA_GATEWAY: [
    'https://a.mypinata.cloud',
    { PINATA_JWT: 'jwt' },
    ({ pinata }) => pinata?.gateway,
    { url: 'https://a.mypinata.cloud', headers: {} },
  ],
  PSA_URL: [
    'https://psa.example/',
    { PSA_TOKEN: 'token', KUBO_RPC_URL: 'https://rpc.example' },
    (config) => [config.psa, config.publishers],
    [{ url: 'https://psa.example', token: 'token' }, ['kubo', 'psa']],
  ],
  PSA_TOKEN: [
    'token',
    { PSA_URL: 'https://psa.example', KUBO_RPC_URL: 'https://rpc.example' },
    ({ psa }) => psa?.token,
    'token',
  ],
  W3UP_URL: [w3up.W3UP_URL, w3up, (config) => config.w3up?.url, 'https://up.example.org'],
  W3UP_DID: [w3up.W3UP_DID, w3up, (config) => config.w3up?.did, 'did:web:up.example.org'],
  W3UP_KEY: [w3up.W3UP_KEY, w3up, (config) => config.w3up?.key, 'MgCYkey'],
  W3UP_PROOF: [w3up.W3UP_PROOF, w3up, (config) => config.w3up?.proof, 'proof'],
  S3_BUCKET: ['bucket', {}, ({ s3 }) => s3, { bucket: 'bucket', prefix: '', region: 'us-east-1' }],
  S3_PREFIX: ['/a/b/', { S3_BUCKET: 'b' }, ({ s3 }) => s3?.prefix, 'a/b'],
  S3_REGION: ['eu-west-1', { S3_BUCKET: 'b' }, ({ s3 }) => s3?.region, 'eu-west-1'],
  S3_ENDPOINT: [
    'https://s3.example/',
    { S3_BUCKET: 'b', ...keys },
    ({ s3 }) => s3?.endpoint,
    'https://s3.example',
  ],
  S3_ACCESS_KEY_ID: [
    'AKIA',
    { S3_BUCKET: 'b', ...keys },
    ({ s3 }) => s3?.credentials?.accessKeyId,
    'AKIA',
  ],
  S3_SECRET_ACCESS_KEY: [
    'secret',
    { S3_BUCKET: 'b', ...keys },
    ({ s3 }) => s3?.credentials?.secretAccessKey,
    'secret',
  ],
  S3_MIRROR_BUCKETS: [
    'usgs-landsat, other',
    {},
    (config) => config.mirrorBuckets,
    ['usgs-landsat', 'other'],
  ],
  RECEIPT_KEY: [receiptKey.pem, {}, (config) => config.receiptKey, receiptKey.der],
  QUEUE_URL: [
    'https://sqs.eu-west-1.amazonaws.com/123456789012/jobs',
    {},
    (config) => config.queueUrl,
    'https://sqs.eu-west-1.amazonaws.com/123456789012/jobs',
  ],
  RESULT_TOPIC_ARN: [
    'arn:aws:sns:eu-west-1:123456789012:results',
    {},
    (config) => config.resultTopic,
    'arn:aws:sns:eu-west-1:123456789012:results',
  ],
  API_TOKENS: [
    'ci:0123456789abcdef web:fedcba9876543210:x',
    {},
    (config) => config.tokens,
    [
      { name: 'ci', token: '0123456789abcdef' },
      { name: 'web', token: 'fedcba9876543210:x' },
    ],
  ],
  ORIGIN_SECRET: [
    `${'o'.repeat(32)} ${'n'.repeat(40)}`,
    {},
    (config) => config.originSecrets,
    ['o'.repeat(32), 'n'.repeat(40)],
  ],
  PUBLIC_FILES_URL: [
    'https://files.example/ndvi/',
    {},
    (config) => config.publicFilesUrl,
    'https://files.example/ndvi',
  ],
  BASE_MAP_URL: [
    'https://tiles.example/{z}/{x}/{y}.png?v=2',
    {},
    (config) => config.baseMapUrl,
    'https://tiles.example/{z}/{x}/{y}.png?v=2',
  ],
  PUBLIC_URL: ['https://ndvi.example/', {}, (config) => config.publicUrl, 'https://ndvi.example'],
  SOURCE_HEADERS: [
    'https://a.example|Authorization: Bearer x, https://b.example/|X-Key: y|X-Z: z',
    {},
    (config) => config.sourceHeaders,
    [
      { url: 'https://a.example', headers: { Authorization: 'Bearer x' } },
      { url: 'https://b.example', headers: { 'X-Key': 'y', 'X-Z': 'z' } },
    ],
  ],
  FINGERPRINT_MAX_BYTES: ['5000', {}, (config) => config.maxFingerprintBytes, 5000],
  MAX_PIXELS: ['5000', {}, (config) => config.maxPixels, 5000],
  MAX_STORE_BYTES: ['5000000', {}, (config) => config.maxStoreBytes, 5_000_000],
  COMPUTE: ['token', {}, (config) => config.computesForAnyone, false],
  MAX_PIXELS_SYNC: ['4000', {}, (config) => config.maxPixelsSync, 4000],
  PORT: ['9000', {}, (config) => config.port, 9000],
  DATA_DIR: ['/data', {}, (config) => config.dataDir, '/data'],
}

describe('every variable of the table is read', () => {
  for (const name of variableNames) {
    const [value, others, part, expected] = read[name]
    it(name, () => {
      assert.deepEqual(part(readConfig({ ...others, [name]: value })), expected)
    })

    it(`${name}, with space around`, () => {
      assert.deepEqual(part(readConfig({ ...others, [name]: ` ${value}\n` })), expected)
    })
  }
})

describe('what depends on another variable', () => {
  it('the local defaults follow the port', () => {
    const { gateways, stacApiUrl, publicUrl } = readConfig({ PORT: '9001' })
    assert.equal(gateways[0]?.url, 'http://127.0.0.1:9001')
    assert.equal(stacApiUrl, 'http://127.0.0.1:9001/stac')
    assert.equal(publicUrl, 'http://127.0.0.1:9001')
  })

  it('with gateways of its own the local system reads from them alone', () => {
    assert.equal(readConfig({ IPFS_GATEWAYS: 'https://a.example' }).readsFromItself, false)
  })

  it('looks up CIDs in the catalogue of others, and never in its own', () => {
    const contentsOf = (env: Env) => readConfig(env).contentsUrl
    assert.equal(contentsOf({ CATALOG_URL: 'https://a.example/stac' }), 'https://a.example/stac')
    assert.equal(contentsOf({ PORT: '9001', PUBLIC_URL: 'https://own.example' }), null)
    const own = { PUBLIC_URL: 'https://own.example', CATALOG_URL: 'https://own.example/stac/' }
    assert.equal(contentsOf(own), null)
    assert.equal(readConfig(own).catalogUrl, 'https://own.example/stac')
  })

  it('takes names of buckets as services have them', () => {
    for (const bucket of ['maps', 'My_maps.2023', 'other_tenant:maps', ':maps'])
      assert.equal(readConfig({ S3_BUCKET: bucket }).s3?.bucket, bucket)
  })

  it('the region is the function’s where none is given, and a blank one counts for nothing', () => {
    const regionOf = (env: Env) => readConfig({ S3_BUCKET: 'b', ...env }).s3?.region
    assert.equal(regionOf({ AWS_REGION: 'eu-central-1' }), 'eu-central-1')
    assert.equal(regionOf({ AWS_REGION: 'eu-central-1', S3_REGION: 'eu-west-1' }), 'eu-west-1')
    assert.equal(regionOf({ AWS_REGION: '' }), 'us-east-1')
  })

  it('the role’s credentials serve AWS itself, keys of its own only where they are given', () => {
    assert.equal(readConfig({ S3_BUCKET: 'b' }).s3?.credentials, undefined)
    assert.deepEqual(readConfig({ S3_BUCKET: 'b', ...keys }).s3?.credentials, {
      accessKeyId: 'AKIA',
      secretAccessKey: 'secret',
    })
  })
})

describe('the routers', () => {
  it('are none locally, one on Lambda, and none where that is said', () => {
    assert.deepEqual(readConfig({}).routers, [])
    assert.deepEqual(readConfig(lambda).routers, ['https://delegated-ipfs.dev/routing/v1'])
    assert.deepEqual(readConfig({ ...lambda, IPFS_ROUTERS: 'none' }).routers, [])
  })
})

describe('the gateways', () => {
  const gatewaysOf = (text: string) => readConfig({ IPFS_GATEWAYS: text }).gateways

  it('by default are six of six operators', () => {
    const { gateways } = readConfig(lambda)
    assert.equal(gateways.length, 6)
    assert.equal(new Set(gateways.map(({ url }) => operatorOf(url))).size, 6)
  })

  for (const [name, text, urls] of [
    ['with /ipfs/ at its end', 'https://a.example/ipfs/', ['https://a.example']],
    ['with /ipfs at the end of its path', 'https://a.example/key/ipfs', ['https://a.example/key']],
    ['as a template of a path', 'https://a.example/ipfs/{cid}', ['https://a.example']],
    ['as an old template', 'https://a.example/ipfs/:hash', ['https://a.example']],
    ['as a template of a subdomain', 'https://{cid}.ipfs.a.example', ['https://a.example']],
    ['as a wildcard', 'https://*.ipfs.a.example/', ['https://a.example']],
    ['as a template without /ipfs', 'https://a.example/{cid}', ['https://a.example']],
    ['twice', 'https://a.example https://a.example/ipfs/', ['https://a.example']],
    [
      'as JSON',
      '["https://a.example/ipfs/", "https://b.example"]',
      ['https://a.example', 'https://b.example'],
    ],
  ] as const) {
    it(`written ${name} are mended`, () => {
      assert.deepEqual(
        gatewaysOf(text).map(({ url }) => url),
        urls,
      )
    })
  }

  it('keep their headers when they are mended', () => {
    assert.deepEqual(gatewaysOf('https://a.example/ipfs/|Authorization: Bearer x/ipfs/'), [
      { url: 'https://a.example', headers: { Authorization: 'Bearer x/ipfs/' } },
    ])
  })

  it('are separated by commas, spaces or lines', () => {
    for (const text of [
      'https://a.example,https://b.example',
      'https://a.example , https://b.example',
      'https://a.example\n  https://b.example/',
    ]) {
      assert.deepEqual(gatewaysOf(text), [
        { url: 'https://a.example', headers: {} },
        { url: 'https://b.example', headers: {} },
      ])
    }
  })

  it('have headers whose values may hold spaces, commas and colons', () => {
    assert.deepEqual(
      gatewaysOf(
        'https://a.example/key|Authorization: Bearer a, b:c|X-Two:2 https://b.example | X-Three: 3 ,https://c.example',
      ),
      [
        { url: 'https://a.example/key', headers: { Authorization: 'Bearer a, b:c', 'X-Two': '2' } },
        { url: 'https://b.example', headers: { 'X-Three': '3' } },
        { url: 'https://c.example', headers: {} },
      ],
    )
  })

  it('may have a path, and lose its last slash', () => {
    assert.equal(gatewaysOf('https://a.example/x/y//')[0]?.url, 'https://a.example/x/y')
  })
})

const wrong: readonly (readonly [name: string, env: Env, fault: RegExp])[] = [
  [
    'a gateway without a scheme',
    { IPFS_GATEWAYS: 'a.example' },
    /^IPFS_GATEWAYS: entry 1 does not begin with https:/,
  ],
  [
    'gateways as JSON of another shape',
    { IPFS_GATEWAYS: '[{"url":1}]' },
    /^IPFS_GATEWAYS: entry 1 /,
  ],
  [
    'a template in the middle of a gateway',
    { IPFS_GATEWAYS: 'https://a.example/{cid}/x?y={cid}' },
    /^IPFS_GATEWAYS: entry 1 must be an http/,
  ],
  ['a router that is no URL', { IPFS_ROUTERS: 'nowhere' }, /^IPFS_ROUTERS: entry 1 must be/],
  [
    'a second gateway that is no URL',
    { IPFS_GATEWAYS: 'https://a.example https://' },
    /^IPFS_GATEWAYS: entry 2 must be an http\(s\) URL/,
  ],
  [
    'a gateway with a query',
    { IPFS_GATEWAYS: 'https://a.example/?key=abc' },
    /^IPFS_GATEWAYS: entry 1 /,
  ],
  [
    'a header without a colon',
    { IPFS_GATEWAYS: 'https://a.example|Bearer abc' },
    /^IPFS_GATEWAYS: entry 1 has a header that is not "Name: value"/,
  ],
  ['a STAC API that is no URL', { STAC_API_URL: 'stac.example' }, /^STAC_API_URL must be/],
  ['a catalogue that is no URL', { CATALOG_URL: 'cids.example' }, /^CATALOG_URL must be/],
  ['a watched box of three sides', { WATCH: '1,2,3' }, /^WATCH "1,2,3" is not a box/],
  [
    'a watched place that is no JSON',
    { WATCH: '{"type"' },
    /^WATCH begins like JSON and cannot be parsed/,
  ],
  ['another scheme', { STAC_API_URL: 'ftp://stac.example' }, /^STAC_API_URL must be/],
  [
    'a ground that is no template',
    { BASE_MAP_URL: 'https://tiles.example/{z}/{x}.png' },
    /^BASE_MAP_URL must be/,
  ],
  [
    'a ground that is no address',
    { BASE_MAP_URL: 'tiles/{z}/{x}/{y}.png' },
    /^BASE_MAP_URL must be/,
  ],
  ['a public address that is no URL', { PUBLIC_URL: 'here' }, /^PUBLIC_URL must be/],
  [
    'neither true nor false',
    { ALLOW_PRIVATE_HOSTS: 'yes' },
    /^ALLOW_PRIVATE_HOSTS must be true or false/,
  ],
  [
    'private hosts on Lambda',
    { ...lambda, ALLOW_PRIVATE_HOSTS: 'true' },
    /^ALLOW_PRIVATE_HOSTS is for tests and the local system/,
  ],
  [
    'an unknown publisher',
    { PUBLISHERS: 'local,pigeon' },
    /"pigeon" is not one of kubo, cluster, w3up, filebase, pinata, psa, s3, local/,
  ],
  [
    'the local publisher on Lambda',
    { ...lambda, PUBLISHERS: 'local' },
    /"local" is not one of kubo, cluster, w3up, filebase, pinata, psa, s3\./,
  ],
  ['publisher s3 without a bucket', { PUBLISHERS: 's3' }, /S3_BUCKET is not set/],
  [
    'publisher w3up without its four',
    { PUBLISHERS: 'w3up' },
    /w3up, which needs W3UP_URL, .*W3UP_PROOF/,
  ],
  ['a part of w3up', { W3UP_URL: w3up.W3UP_URL }, /^w3up needs W3UP_DID, W3UP_KEY, W3UP_PROOF too/],
  ['a w3up service that is no URL', { ...w3up, W3UP_URL: 'up.example' }, /^W3UP_URL must be/],
  ['a minimum of none', { PUBLISH_MINIMUM: '0' }, /^PUBLISH_MINIMUM must be .* 1 to 9, not "0"/],
  ['half a publisher', { PUBLISH_MINIMUM: '1.5' }, /^PUBLISH_MINIMUM must be a whole number/],
  [
    'a source header without a name',
    { SOURCE_HEADERS: 'https://a.example|CANARY' },
    /^SOURCE_HEADERS: entry 1 has a header that is not "Name: value"\.$/,
  ],
  ['no byte', { FINGERPRINT_MAX_BYTES: '0' }, /^FINGERPRINT_MAX_BYTES must be/],
  [
    'another word for who computes',
    { COMPUTE: 'me' },
    /^COMPUTE must be anyone or token, not "me"/,
  ],
  [
    'a catalogue on Lambda at http://stac.example.org',
    { ...lambda, STAC_API_URL: 'http://stac.example.org' },
    /^STAC_API_URL must be an https: URL of a public host/,
  ],
  [
    'a catalogue on Lambda at https://10.0.0.5/stac',
    { ...lambda, STAC_API_URL: 'https://10.0.0.5/stac' },
    /^STAC_API_URL must be an https: URL of a public host/,
  ],
  [
    'a catalogue on Lambda at https://[fd00::1]',
    { ...lambda, STAC_API_URL: 'https://[fd00::1]' },
    /^STAC_API_URL must be an https: URL of a public host/,
  ],
  [
    'a catalogue on Lambda at https://catalogue',
    { ...lambda, CATALOG_URL: 'https://catalogue' },
    /^CATALOG_URL must be an https: URL of a public host/,
  ],
  [
    'a catalogue on Lambda at https://stac.internal',
    { ...lambda, CATALOG_URL: 'https://stac.internal' },
    /^CATALOG_URL must be an https: URL of a public host/,
  ],
  [
    'headers on Lambda for a host that would be refused',
    { ...lambda, SOURCE_HEADERS: 'https://data.example https://10.0.0.5|X-Key: k' },
    /^SOURCE_HEADERS: entry 2 must be an https: URL of a public host, or of one that PRIVATE_HOSTS/,
  ],
  ...['https://stac.internal', 'stac.internal:80', 'a/b', '*.internal', '-', 'fd12::g'].map(
    (entry) =>
      [
        `a private host written ${entry}`,
        { PRIVATE_HOSTS: entry },
        /^PRIVATE_HOSTS: ".*" is no host: names and addresses alone/,
      ] as const,
  ),
  ...[
    '169.254.169.254',
    '0xa9fea9fe',
    '[fd00:ec2::254]',
    '[::ffff:169.254.169.254]',
    'fe80::1',
    'metadata.google.internal',
    '168.63.129.16',
    '100.100.100.200',
    '192.0.0.192',
  ].map(
    (entry) =>
      [
        `${entry} as a private host`,
        { PRIVATE_HOSTS: entry },
        /^PRIVATE_HOSTS: ".*" is where clouds keep the credentials/,
      ] as const,
  ),
  ...['https://a.example', '*.example', 'a.example:443', 'a.example/x'].map(
    (entry) =>
      [
        `${entry} as an allowed host`,
        { ALLOWED_HOSTS: `b.example ${entry}` },
        /^ALLOWED_HOSTS: ".*" is no host: names and addresses alone/,
      ] as const,
  ),
  ...['s3://maps', 'maps/ndvi', 'arn:aws:s3:eu-west-1:123456789012:accesspoint/maps'].flatMap(
    (entry) =>
      ['S3_BUCKET', 'S3_MIRROR_BUCKETS', 'FILEBASE_BUCKET'].map(
        (name) =>
          [
            `${entry} as ${name}`,
            { ...filebase, [name]: entry },
            new RegExp(`^${name}: ".*" is no name of a bucket`),
          ] as const,
      ),
  ),
  [
    'a store without an order of its keys',
    { S3_BUCKET: 'maps--euw1-az1--x-s3' },
    /^S3_BUCKET is a directory bucket/,
  ],
  [
    'a queue of groups',
    { QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/123456789012/jobs.fifo' },
    /^QUEUE_URL is a FIFO queue/,
  ],
  ['no pixel', { MAX_PIXELS: '0' }, /^MAX_PIXELS must be/],
  ['too many pixels', { MAX_PIXELS: '5e9' }, /^MAX_PIXELS must be/],
  ['a port by name', { PORT: 'http' }, /^PORT must be a whole number from 0 to 65535, not "http"/],
  ['a port too high', { PORT: '65536' }, /^PORT must be/],
  [
    'an endpoint without keys',
    { S3_BUCKET: 'b', S3_ENDPOINT: 'https://s3.example' },
    /^S3_ENDPOINT needs S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY/,
  ],
  [
    'an endpoint that is no URL',
    { S3_BUCKET: 'b', ...keys, S3_ENDPOINT: 's3.example' },
    /^S3_ENDPOINT must be/,
  ],
  ['one key of two', { S3_BUCKET: 'b', S3_ACCESS_KEY_ID: 'AKIA' }, /must be set together/],
  ['the other key of two', { S3_BUCKET: 'b', S3_SECRET_ACCESS_KEY: 's' }, /must be set together/],
  ['a queue that is no URL', { QUEUE_URL: 'jobs' }, /^QUEUE_URL must be/],
  [
    'a topic by its name',
    { RESULT_TOPIC_ARN: 'results' },
    /^RESULT_TOPIC_ARN is not the ARN of an SNS/,
  ],
  [
    'a topic that is a queue',
    { RESULT_TOPIC_ARN: 'arn:aws:sqs:eu-west-1:123456789012:jobs' },
    /^RESULT_TOPIC_ARN is not the ARN of an SNS topic/,
  ],
  ['a token without a name', { API_TOKENS: '0123456789abcdef' }, /^API_TOKENS takes name:token/],
  ['a token with an empty name', { API_TOKENS: ':0123456789abcdef' }, /^API_TOKENS takes/],
  ['a token whose name is a path', { API_TOKENS: 'a/b:0123456789abcdef' }, /names of letters/],
  ['a token whose name is a folder', { API_TOKENS: '..:0123456789abcdef' }, /names of letters/],
  ['a receipt key that is no key', { RECEIPT_KEY: 'CANARY' }, wrongReceiptKey],
  ['a receipt key cut short', { RECEIPT_KEY: receiptKey.der.slice(0, -8) }, wrongReceiptKey],
  ['a receipt key of another kind', { RECEIPT_KEY: receiptKey.ofEcdsa }, wrongReceiptKey],
  ['the public half of a receipt key', { RECEIPT_KEY: receiptKey.half }, wrongReceiptKey],
  [
    'a short secret of an origin',
    { ORIGIN_SECRET: 'o'.repeat(31) },
    /^ORIGIN_SECRET takes one secret, or two/,
  ],
  ['a third of them', { ORIGIN_SECRET: `${'o'.repeat(32)} `.repeat(3) }, /^ORIGIN_SECRET takes/],
  ['a short token', { API_TOKENS: 'ci:0123456789abcde' }, /at least 16 characters/],
]

describe('one fault is told for', () => {
  for (const [name, env, fault] of wrong) {
    it(name, () => {
      const faults = faultsOf(env)
      assert.equal(faults.length, 1, faults.join('\n'))
      assert.match(faults[0] ?? '', fault)
    })
  }
})

it('a receipt key is the same as PEM, with its lines ended by \\n, and as its DER', () => {
  const { pem, der } = receiptKey
  for (const given of [pem, pem.replaceAll('\n', String.raw`\n`), der])
    assert.equal(readConfig({ RECEIPT_KEY: given }).receiptKey, der)
})

it('all faults are told at once', () => {
  const faults = faultsOf({
    ...lambda,
    IPFS_GATEWAYS: 'nowhere',
    STAC_API_URL: 'nowhere',
    ALLOW_PRIVATE_HOSTS: 'true',
    PUBLISHERS: 'pigeon s3 w3up',
    PUBLISH_MINIMUM: 'one',
    W3UP_URL: 'nowhere',
    S3_ACCESS_KEY_ID: 'AKIA',
    API_TOKENS: 'x',
    PUBLIC_URL: 'nowhere',
    MAX_PIXELS: 'many',
    PORT: '-1',
  })
  const named = faults.map((fault) => /[A-Z][A-Z0-9_]+|w3up/.exec(fault)?.[0] ?? '')
  assert.deepEqual(
    new Set(named),
    new Set([
      'ALLOW_PRIVATE_HOSTS',
      'API_TOKENS',
      'IPFS_GATEWAYS',
      'MAX_PIXELS',
      'PORT',
      'PUBLIC_URL',
      'PUBLISHERS',
      'PUBLISH_MINIMUM',
      'STAC_API_URL',
      'W3UP_URL',
      'w3up',
    ]),
  )
  assert.equal(faults.length, 12)
})

describe('no secret is in an error', () => {
  const rows: readonly (readonly [string, Env])[] = [
    ['of a gateway’s header', { IPFS_GATEWAYS: 'nowhere|Authorization: Bearer SECRET' }],
    [
      'of a gateway’s header, where the bar was forgotten',
      { IPFS_GATEWAYS: 'https://a.example Authorization: SECRET' },
    ],
    [
      'of a gateway’s header, where the colon was forgotten',
      { IPFS_GATEWAYS: 'https://a.example|Bearer SECRET' },
    ],
    ['of a gateway’s path', { IPFS_GATEWAYS: 'https://a.example:port/SECRET' }],
    [
      'of a gateway’s path, beside a bad header',
      { IPFS_GATEWAYS: 'https://a.example/SECRET|x y: z' },
    ],
    ['of a gateway’s query', { IPFS_GATEWAYS: 'https://a.example/?key=SECRET' }],
    ['of an address', { STAC_API_URL: 'ftp://user:SECRET@stac.example' }],
    ['of a service’s address', { ...w3up, W3UP_URL: 'up.example/?token=SECRET' }],
    ['of an endpoint', { S3_BUCKET: 'b', ...keys, S3_ENDPOINT: 'user:SECRET@s3.example' }],
    ['of a token', { API_TOKENS: 'SECRET' }],
    ['of a token that is too short', { API_TOKENS: 'ci:SECRET' }],
    ['of w3up', { W3UP_KEY: 'SECRET', W3UP_PROOF: 'SECRET' }],
    ['of a receipt key', { RECEIPT_KEY: '-----BEGIN PRIVATE KEY-----\\nSECRET' }],
    ['of S3', { S3_BUCKET: 'b', S3_SECRET_ACCESS_KEY: 'SECRET' }],
  ]
  for (const [name, env] of rows) {
    it(name, () => {
      const faults = faultsOf(env)
      assert.ok(faults.length > 0)
      assert.doesNotMatch(faults.join(' '), /SECRET(?!_ACCESS_KEY)/)
    })
  }
})

describe('a host that PRIVATE_HOSTS names', () => {
  it('may be that of a catalogue and of files on Lambda, by http: too', () => {
    const { stacApiUrl, catalogUrl, sourceHeaders } = readConfig({
      ...lambda,
      PRIVATE_HOSTS: 'stac.internal 10.0.0.5 [fd12::1]',
      STAC_API_URL: 'http://stac.internal:8080/api',
      CATALOG_URL: 'https://10.0.0.5',
      SOURCE_HEADERS: 'http://[fd12::1]:9000|X-Key: k',
    })
    assert.deepEqual(
      [stacApiUrl, catalogUrl, sourceHeaders[0]?.url],
      ['http://stac.internal:8080/api', 'https://10.0.0.5', 'http://[fd12::1]:9000'],
    )
  })

  it('is that name alone', () => {
    for (const url of ['http://other.internal', 'http://x.stac.internal', 'http://10.0.0.5']) {
      const given = { ...lambda, PRIVATE_HOSTS: 'stac.internal', STAC_API_URL: url }
      assert.throws(() => readConfig(given), /STAC_API_URL must be an https: URL of a public host/)
    }
  })
})

describe('ALLOWED_HOSTS', () => {
  it('has the hosts of the catalogues that the operator named, and of no other', () => {
    const { hosts } = readConfig({
      ...lambda,
      ALLOWED_HOSTS: 'items.example',
      STAC_API_URL: 'https://Stac.example/v1',
    })
    assert.deepEqual(hosts.allowedHosts, ['items.example', 'stac.example'])
    assert.deepEqual(readConfig({ ...lambda, ALLOWED_HOSTS: 'a.example' }).hosts.allowedHosts, [
      'a.example',
    ])
    assert.deepEqual(
      readConfig({ ...lambda, STAC_API_URL: 'https://a.example' }).hosts.allowedHosts,
      [],
    )
  })
})
