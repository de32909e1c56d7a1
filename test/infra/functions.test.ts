// Each function as it would be deployed: its size and its environment.

import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { readConfig } from '../../lib/config/config.ts'
import { resolveReferences } from '../../lib/config/references.ts'
import { functionNames } from '../../lib/config/variable.ts'
import { type Deployed, deployed, itProves } from './deployed.ts'
import { everything, kept, originSecret, secrets } from './settings.ts'

const signal = new AbortController().signal

const sizes = {
  Api: { memorySize: 1769, timeout: 29, storage: 1024 },
  Worker: { memorySize: 3008, timeout: 900, storage: 4096 },
  Notify: { memorySize: 1769, timeout: 60, storage: 512 },
  Schedule: { memorySize: 1769, timeout: 300, storage: 512 },
}

describe('every function', () => {
  itProves('runs on arm64 and Node 24, with the memory and the time that it was given', () => {
    const plain = deployed('plain')
    for (const name of functionNames) {
      const { architectures, runtime, memorySize, timeout, ephemeralStorage } = plain.lambda(name)
      assert.deepEqual(
        { architectures, runtime },
        { architectures: ['arm64'], runtime: 'nodejs24.x' },
      )
      assert.deepEqual({ memorySize, timeout, storage: ephemeralStorage.size }, sizes[name], name)
    }
  })

  itProves('has its lines read as JSON, with their levels', () => {
    for (const name of functionNames) {
      assert.equal(deployed('plain').lambda(name).loggingConfig.logFormat, 'JSON')
    }
  })
})

describe('the network', () => {
  itProves('is AWS’s own, or the one that the operator names', () => {
    const [subnet = '', other = ''] = everything.VPC_SUBNETS.split(' ')
    for (const name of functionNames) {
      assert.equal(deployed('plain').lambda(name).vpcConfig, undefined)
      assert.deepEqual(deployed('full').lambda(name).vpcConfig, {
        subnetIds: [subnet, other],
        securityGroupIds: [everything.VPC_SECURITY_GROUPS],
      })
      const { managedPolicyArns } = deployed('full').one('aws:iam/role:Role', `${name}Role`)
      assert.ok(managedPolicyArns.some((arn) => arn.endsWith('AWSLambdaVPCAccessExecutionRole')))
    }
  })
})

/** What SST adds. */
const ofSst = ['SST_KEY', 'SST_KEY_FILE', 'SST_RESOURCE_App']
const always = ['NODE_OPTIONS', 'PUBLIC_URL', 'QUEUE_URL', 'S3_BUCKET']
/** Of publishers: functions without them are told that they are set. */
const keys = ['W3UP_KEY', 'W3UP_PROOF']
const sources = ['KUBO_RPC_HEADERS', 'RECEIPT_KEY', 'SOURCE_HEADERS']
const handedOn = [
  'ALLOWED_HOSTS',
  'CATALOG_URL',
  'FINGERPRINT_MAX_BYTES',
  'IPFS_GATEWAYS',
  'IPFS_ROUTERS',
  'KUBO_RPC_URL',
  'MAX_PIXELS',
  'PRIVATE_HOSTS',
  'PUBLIC_GATEWAY',
  'PUBLISHERS',
  'PUBLISH_MINIMUM',
  'S3_MIRROR_BUCKETS',
  'STAC_API_URL',
  'W3UP_DID',
  'W3UP_URL',
]
const planning = ['CHECKS_GROUP', 'CHECKS_ROLE_ARN', 'CHECKS_TARGET_ARN']
const watching = ['NOTICE_DO', 'WATCH']

const names = {
  plain: {
    Api: always,
    Worker: [...always, 'RESULT_TOPIC_ARN'],
    Notify: always,
    Schedule: always,
  },
  full: {
    Api: [
      ...always,
      ...keys,
      ...sources,
      'API_TOKENS',
      ...handedOn,
      ...planning,
      'MAX_PIXELS_SYNC',
      'COMPUTE',
      'ORIGIN_SECRET',
      'PUBLIC_FILES_URL',
    ],
    Worker: [
      ...always,
      ...keys,
      ...sources,
      'PUBLIC_FILES_URL',
      'RESULT_TOPIC_ARN',
      ...handedOn,
      ...planning,
    ],
    Notify: [...always, ...keys, ...handedOn, ...watching],
    Schedule: [...always, ...keys, ...handedOn, ...watching],
  },
}

describe('the environment', () => {
  for (const variant of ['plain', 'full'] as const) {
    itProves(`of a ${variant} stage has the names that are wanted and no more`, () => {
      for (const name of functionNames) {
        const { variables } = deployed(variant).lambda(name).environment
        const wanted = [...names[variant][name], ...ofSst].toSorted()
        assert.deepEqual(Object.keys(variables).toSorted(), wanted, name)
      }
    })

    itProves(`of a ${variant} stage is one that the configuration takes`, async () => {
      for (const name of functionNames) {
        const { variables } = deployed(variant).lambda(name).environment
        const given = { AWS_LAMBDA_FUNCTION_NAME: name, AWS_REGION: 'x', ...variables }
        const read = async (_by: string, what: string) => kept[what] ?? ''
        const config = readConfig(await resolveReferences(given, read, signal))
        assert.equal(config.local, false)
        assert.equal(config.s3?.bucket, deployed(variant).proof.outputs['bucket'])
      }
    })
  }

  itProves('fits into the 4 KB of Lambda, with everything set', () => {
    for (const name of functionNames) {
      const { variables } = deployed('full').lambda(name).environment
      const bytes = Object.entries(variables).flat().join('').length
      assert.ok(bytes < 4096, `${name}: ${bytes} bytes`)
    }
  })

  itProves(
    'refers to the secrets where they are used and nowhere else, never in plain text',
    () => {
      const holders = (secret: string) =>
        functionNames.filter((name) =>
          Object.values(deployed('full').lambda(name).environment.variables).includes(secret),
        )
      assert.deepEqual(holders(secrets.API_TOKENS), ['Api'])
      assert.deepEqual(holders(secrets.ORIGIN_SECRET), ['Api'])
      assert.deepEqual(holders(everything.IPFS_GATEWAYS), [...functionNames])
      for (const name of ['W3UP_KEY', 'W3UP_PROOF', 'SOURCE_HEADERS', 'RECEIPT_KEY'] as const) {
        assert.deepEqual(holders(secrets[name]), ['Api', 'Worker'])
      }
      const told = JSON.stringify(deployed('full').proof)
      // CloudFront is the one that takes no reference.
      const others = Object.values(kept).filter((secret) => secret !== originSecret)
      for (const secret of others) assert.ok(!told.includes(secret))
      assert.doesNotMatch(told, /sst:sst:Secret/)
    },
  )

  itProves('names the API’s own address, or the operator’s', () => {
    const address = (stage: Deployed) => stage.lambda('Worker').environment.variables['PUBLIC_URL']
    const plain = deployed('plain')
    assert.equal(address(plain), plain.proof.outputs['url'])
    assert.equal(address(deployed('full')), everything.PUBLIC_URL)
  })
})
