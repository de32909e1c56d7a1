// The variables that say where results are published: the part of the table for services of others.

import { readAddresses, readHeaderList } from './addresses.ts'
import { readBucket } from './buckets.ts'
import { publisherNames } from './publisher-names.ts'
import { integer, optionalText, optionalUrl, readNames, text } from './readers.ts'
import { resourceOfWork, secretOfWork, setting, type Variable } from './variable.ts'

export const publishingVariables = {
  PUBLISHERS: {
    read: readNames(publisherNames, ['local']),
    fallback: 'the services that are set up, then `s3`; without any none, locally `local`',
    meaning:
      'Where `pin` publishes, in order: `kubo`, `cluster`, `w3up`, `filebase`, `pinata`, `psa` (after one of them), `s3`, and `local` outside Lambda.',
    given: setting,
  },
  PUBLISH_MINIMUM: {
    ...integer(1, 1, 9),
    meaning: 'How many publishers must hold a result before the rest are not asked.',
    given: setting,
  },
  PUBLIC_GATEWAY: {
    read: (env, name) => readAddresses(env, name),
    fallback: 'none',
    meaning:
      'Gateways of other operators, `url` or `url|Header: value`, that are asked 1, 10 and 60 minutes after a publication whether it can be retrieved.',
    given: setting,
  },
  CHECKS_TARGET_ARN: {
    read: optionalText,
    fallback: 'none; locally this process',
    meaning: 'Function that EventBridge Scheduler calls for that: the one that sweeps.',
    given: resourceOfWork,
  },
  CHECKS_ROLE_ARN: {
    read: optionalText,
    fallback: 'none',
    meaning: 'Role by which the schedules call it.',
    given: resourceOfWork,
  },
  CHECKS_GROUP: {
    read: text(() => 'default'),
    fallback: '`default`',
    meaning: 'Group of EventBridge Scheduler that the schedules are in.',
    given: resourceOfWork,
  },
  KUBO_RPC_URL: {
    read: optionalUrl(() => null),
    fallback: '',
    meaning:
      'RPC API of a Kubo node, or of a service that speaks it (`https://rpc.filebase.io`, `https://upload.lighthouse.storage`), for `kubo`.',
    given: setting,
  },
  KUBO_RPC_HEADERS: {
    read: readHeaderList,
    fallback: 'none',
    meaning:
      'Headers for it: `Authorization: Bearer …`, several with `|` between them. A key of Kubo that opens some paths only needs `/api/v0/dag/import`, `/api/v0/pin/ls` and `/api/v0/block/get`.',
    given: secretOfWork,
  },
  CLUSTER_URL: {
    read: optionalUrl(() => null),
    fallback: '',
    meaning: 'REST API of an IPFS Cluster, for `cluster`.',
    given: setting,
  },
  CLUSTER_AUTH: {
    read: optionalText,
    fallback: 'none',
    meaning: '`user:password`, or a token, for it.',
    given: secretOfWork,
  },
  W3UP_URL: {
    read: optionalUrl(() => null),
    fallback: '',
    meaning: 'URL of a UCAN upload service (w3up). No default: the hosted one is gone.',
    given: setting,
  },
  W3UP_DID: {
    read: optionalText,
    fallback: '',
    meaning: 'DID of that service, `did:web:…` or `did:key:…`.',
    given: setting,
  },
  W3UP_KEY: {
    read: optionalText,
    fallback: '',
    meaning: 'Private key of the agent, `Mg…`.',
    given: secretOfWork,
  },
  W3UP_PROOF: {
    read: optionalText,
    fallback: '',
    meaning: 'Delegation from the space to the agent, base64.',
    given: secretOfWork,
  },
  FILEBASE_KEY: {
    read: optionalText,
    fallback: '',
    meaning: 'Access key of Filebase, for `filebase`.',
    given: secretOfWork,
  },
  FILEBASE_SECRET: {
    read: optionalText,
    fallback: '',
    meaning: 'Secret key that belongs to it.',
    given: secretOfWork,
  },
  FILEBASE_BUCKET: {
    read: readBucket,
    fallback: '',
    meaning: 'Bucket of Filebase whose network is IPFS.',
    given: setting,
  },
  PINATA_JWT: {
    read: optionalText,
    fallback: '',
    meaning: 'JWT of a Pinata account whose plan takes CARs, for `pinata`.',
    given: secretOfWork,
  },
  PINATA_GATEWAY: {
    read: (env, name) => readAddresses(env, name),
    fallback: 'none',
    meaning:
      'Gateway of that account, `https://….mypinata.cloud`: with it, blocks are read back before a result counts as held.',
    given: secretOfWork,
  },
  PSA_URL: {
    read: optionalUrl(() => null),
    fallback: '',
    meaning: 'A service of the IPFS Pinning Service API, for `psa`: it fetches what others hold.',
    given: setting,
  },
  PSA_TOKEN: {
    read: optionalText,
    fallback: '',
    meaning: 'Access token for it.',
    given: secretOfWork,
  },
} as const satisfies Readonly<Record<string, Variable>>
