// The names that the environment may set, with their defaults and meanings.

/** What docs/configuration.md and .env.example say, and lib/config/config.ts reads; tests compare them with this table. */
export const variables = [
  [
    'IPFS_GATEWAYS',
    'five public ones; locally this process',
    'Trustless gateways in order: `url` or `url|Header: value`. Replaces the default list.',
  ],
  [
    'STAC_API_URL',
    'Earth Search v1; locally this process',
    'STAC API that a `search` without an `api` of its own uses.',
  ],
  [
    'CATALOG_URL',
    'none; locally this process',
    'STAC API whose items carry CIDs: scenes that notices name are looked up there first.',
  ],
  [
    'WATCH',
    'everywhere',
    'Areas whose new scenes are computed: boxes `w,s,e,n` separated by `;`, or GeoJSON.',
  ],
  ['ALLOWED_HOSTS', 'any public host', 'Host names that callers may name in item and search URLs.'],
  [
    'ALLOW_PRIVATE_HOSTS',
    '`false`; locally `true`',
    '`true` lets callers name private and plain http: hosts. Refused on Lambda.',
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
    'S3_MIRROR_BUCKETS',
    'none',
    'Buckets of others (`usgs-landsat`) whose objects may be read by their s3: addresses with this deployment’s own AWS credentials, requester pays.',
  ],
  [
    'SOURCE_HEADERS',
    'none',
    'Headers for hosts of scenes that want a token: `https://host|Authorization: Bearer …`. Sent to that host alone, never across a redirect to another.',
  ],
  ['FINGERPRINT_MAX_BYTES', '1073741824', 'Largest file that is read whole to make its CID.'],
  [
    'QUEUE_URL',
    'none; locally this process',
    'SQS queue of the jobs. Without one there are no jobs.',
  ],
  [
    'RESULT_TOPIC_ARN',
    'none',
    'SNS topic on which each result of a job is announced, by its STAC item.',
  ],
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
  [
    'DATA_DIR',
    '.greenprint; /tmp on Lambda',
    'Folder of caches and of unfinished large outputs, and of the store when there is no S3_BUCKET.',
  ],
] as const satisfies readonly (readonly [name: string, fallback: string, meaning: string])[]

export type VariableName = (typeof variables)[number][0]
