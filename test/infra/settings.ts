// Stages to prove: one whose operator set nothing, one with everything set, as long as it may reasonably get, and one
// that asks for every right that there is.

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
  IPFS_GATEWAYS: repeat(
    2,
    (index) =>
      `https://gateway-${index}.ipfs.example.org/path|Authorization: Bearer ${'t'.repeat(64)}`,
  ),
  IPFS_ROUTERS: 'https://router.example.org/routing/v1',
  STAC_API_URL: 'https://stac.vegetation-department.example.org/api/v1',
  CATALOG_URL: 'https://stac-with-cids.vegetation-department.example.org/api/v1',
  ALLOWED_HOSTS: repeat(10, (index) => `items-${index}.example.org`),
  S3_MIRROR_BUCKETS: 'usgs-landsat sentinel-cogs',
  COMPUTE: 'token',
  MAX_PIXELS: '100000000',
  MAX_PIXELS_SYNC: '50000000',
  FINGERPRINT_MAX_BYTES: '4294967296',
  WATCH: polygon(80),
  NOTICE_DO: 'fingerprint ndvi',
  // All services at once would not fit into the 4 KB of Lambda.
  PUBLISHERS: 'kubo w3up s3',
  PUBLIC_GATEWAY: 'https://gateway.example.org',
  KUBO_RPC_URL: 'https://rpc.example.org',
  PUBLISH_MINIMUM: '2',
  W3UP_URL: 'https://upload.vegetation-department.example.org',
  W3UP_DID: 'did:web:upload.vegetation-department.example.org',
  NOTICE_TOPICS:
    'arn:aws:sns:us-west-2:673253540267:public-c2-notify-v2, arn:aws:sns:us-west-2:608149789419:cirrus-es-prod-publish',
  KMS_KEY_ARN: 'arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-1111-2222-3333-444455556666',
  BUDGET_USD: '50',
  API_CONCURRENCY: '20',
  SCHEDULE: 'rate(6 hours)',
  SCHEDULE_EVENT: '{"search":{"collections":["landsat-c2l2-sr"],"bbox":[-60,-4,-59,-3]}}',
} as const

export const secrets = {
  ApiTokens: repeat(8, (index) => `name-${index}:${'x'.repeat(32)}`),
  W3upKey: `Mg${'k'.repeat(96)}`,
  W3upProof: 'p'.repeat(1600),
  KuboRpcHeaders: `Authorization: Bearer ${'k'.repeat(40)}`,
  SourceHeaders: `https://data.example.org|Authorization: Bearer ${'h'.repeat(300)}`,
} as const

/** What makes a function call something that it else would not. */
export const rights = {
  S3_MIRROR_BUCKETS: 'usgs-landsat',
  NOTICE_DO: 'fingerprint ndvi',
  PUBLISHERS: 's3',
  KMS_KEY_ARN: everything.KMS_KEY_ARN,
  PUBLIC_GATEWAY: 'https://gateway.example.org',
  SCHEDULE_EVENT: everything.SCHEDULE_EVENT,
} as const

const settings: Readonly<Record<Variant, Readonly<Record<string, string>>>> = {
  plain: {},
  full: everything,
  rights,
}

/** The environment of the CLI. Empty counts as unset, and keeps the machine's own settings out. */
export function settingsOf(variant: Variant): Record<string, string> {
  const kept = Object.entries(secrets).map(([name, value]) => [`SST_SECRET_${name}`, value])
  return {
    ...Object.fromEntries(Object.keys(everything).map((name) => [name, ''])),
    ...settings[variant],
    ...(variant === 'full' ? Object.fromEntries(kept) : {}),
    AWS_REGION: variant === 'plain' ? '' : 'eu-central-1',
    // One variant as it is deployed, the others to run on this machine.
    SST_ARCH: variant !== 'plain' && process.arch === 'x64' ? 'x86_64' : '',
  }
}
