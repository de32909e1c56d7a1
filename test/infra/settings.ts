// Stages to prove: one whose operator set nothing, one with everything set, as long as it may reasonably get, and one
// that asks for every right that there is.

import { generateKeyPairSync } from 'node:crypto'

export type Variant = 'plain' | 'full' | 'rights'

const repeat = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ')
/** A polygon of so many corners around the mouth of the Rio Negro. */
const polygon = (corners: number) => {
  const ring = Array.from({ length: corners }, (_, corner) => {
    const angle = (2 * Math.PI * corner) / corners
    return [-60 + Math.cos(angle), -3 + Math.sin(angle)].map((degrees) =>
      Number(degrees.toFixed(4)),
    )
  })
  return JSON.stringify({ type: 'Polygon', coordinates: [[...ring, ring[0]]] })
}

export const everything = {
  PUBLIC_URL: 'https://greenprint.vegetation-department.example.org/production',
  IPFS_GATEWAYS: 'ssm:/greenprint/test/gateways',
  IPFS_ROUTERS: 'https://router.example.org/routing/v1',
  STAC_API_URL: 'http://stac.vegetation-department.internal:8080/api/v1',
  CATALOG_URL: 'https://stac-with-cids.vegetation-department.example.org/api/v1',
  ALLOWED_HOSTS: repeat(10, (index) => `items-${index}.example.org`),
  S3_MIRROR_BUCKETS: 'usgs-landsat sentinel-cogs',
  COMPUTE: 'token',
  MAX_PIXELS: '100000000',
  MAX_PIXELS_SYNC: '50000000',
  FINGERPRINT_MAX_BYTES: '4294967296',
  WATCH: polygon(80),
  NOTICE_DO: 'fingerprint ndvi',
  PUBLISHERS: 'kubo w3up s3',
  PUBLIC_GATEWAY: 'https://gateway.example.org',
  KUBO_RPC_URL: 'https://rpc.example.org',
  PUBLISH_MINIMUM: '2',
  W3UP_URL: 'https://upload.vegetation-department.example.org',
  W3UP_DID: 'did:web:upload.vegetation-department.example.org',
  NOTICE_TOPICS:
    'arn:aws:sns:us-west-2:673253540267:public-c2-notify-v2, arn:aws:sns:us-west-2:608149789419:cirrus-es-prod-publish',
  KMS_KEY_ARN: 'arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-1111-2222-3333-444455556666',
  PRIVATE_HOSTS: 'stac.vegetation-department.internal 10.0.0.5',
  VPC_SUBNETS: 'subnet-0a1b2c3d subnet-4e5f6071',
  VPC_SECURITY_GROUPS: 'sg-0a1b2c3d',
  BUDGET_USD: '50',
  CLOUDFRONT: 'api files',
  API_DOMAIN: 'ndvi.vegetation-department.example.org',
  API_CERTIFICATE:
    'arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-1111-2222-3333-444455556666',
  WAF_RATE: '500',
  API_CONCURRENCY: '20',
  SCHEDULE: 'rate(6 hours)',
  SCHEDULE_EVENT: '{"search":{"collections":["landsat-c2l2-sr"],"bbox":[-60,-4,-59,-3]}}',
} as const

export const originSecret = 'o'.repeat(64)

/** By reference, as all secrets are. */
export const secrets = {
  API_TOKENS: 'aws-secret:greenprint/test/api-tokens',
  ORIGIN_SECRET: 'ssm:/greenprint/test/origin-secret',
  W3UP_KEY: 'aws-secret:greenprint/test/w3up#key',
  W3UP_PROOF: 'aws-secret:greenprint/test/w3up#proof',
  KUBO_RPC_HEADERS: 'ssm:/greenprint/test/kubo-rpc-headers',
  SOURCE_HEADERS: 'ssm:/greenprint/test/source-headers',
  RECEIPT_KEY: 'aws-secret:greenprint/test/receipt-key',
} as const

/** What they refer to. */
export const kept: Readonly<Record<string, string>> = {
  '/greenprint/test/origin-secret': originSecret,
  'greenprint/test/api-tokens': repeat(8, (index) => `name-${index}:${'x'.repeat(32)}`),
  'greenprint/test/w3up': JSON.stringify({ key: `Mg${'k'.repeat(96)}`, proof: 'p'.repeat(1600) }),
  '/greenprint/test/kubo-rpc-headers': `Authorization: Bearer ${'k'.repeat(40)}`,
  '/greenprint/test/source-headers': `https://data.example.org|Authorization: Bearer ${'h'.repeat(300)}`,
  '/greenprint/test/gateways': repeat(
    2,
    (index) =>
      `https://gateway-${index}.ipfs.example.org/path|Authorization: Bearer ${'t'.repeat(64)}`,
  ),
  'greenprint/test/receipt-key': generateKeyPairSync('ed25519')
    .privateKey.export({ format: 'der', type: 'pkcs8' })
    .toString('base64'),
}

/** What makes a function call something that it else would not. */
export const rights = {
  S3_MIRROR_BUCKETS: 'usgs-landsat',
  NOTICE_DO: 'fingerprint ndvi',
  ...secrets,
  // The catalogue of a test.
  PRIVATE_HOSTS: '127.0.0.1',
  STAC_API_URL: 'http://127.0.0.1:1/replaced',
  W3UP_KEY: '',
  W3UP_PROOF: '',
  KUBO_RPC_HEADERS: '',
  PUBLISHERS: 's3',
  KMS_KEY_ARN: everything.KMS_KEY_ARN,
  PUBLIC_GATEWAY: 'https://gateway.example.org',
  SCHEDULE_EVENT: everything.SCHEDULE_EVENT,
  API_DOMAIN: everything.API_DOMAIN,
  // Without CloudFront it is one of the stage's region.
  API_CERTIFICATE: everything.API_CERTIFICATE.replace('us-east-1', 'eu-central-1'),
} as const

const settings: Readonly<Record<Variant, Readonly<Record<string, string>>>> = {
  plain: {},
  full: { ...everything, ...secrets },
  rights,
}

/** The environment of the CLI. Empty counts as unset, and keeps the machine's own settings out. */
export function settingsOf(variant: Variant): Record<string, string> {
  return {
    ...Object.fromEntries(Object.keys({ ...everything, ...secrets }).map((name) => [name, ''])),
    ...settings[variant],
    AWS_REGION: variant === 'plain' ? '' : 'eu-central-1',
    // One variant as it is deployed, the others to run on this machine.
    SST_ARCH: variant !== 'plain' && process.arch === 'x64' ? 'x86_64' : '',
  }
}
