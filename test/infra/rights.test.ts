// What each function may do, as its role would be made.

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { describe } from 'node:test'
import { type FunctionName, functionNames } from '../../lib/config/variable.ts'
import { deployed, itProves, rightsOf, shorten } from './deployed.ts'
import { everything } from './settings.ts'
import { root } from './sst-cli.ts'

describe('the rights', () => {
  itProves('are the calls that the code makes, on what it makes them on', () => {
    for (const name of functionNames) {
      const stage = deployed('plain')
      const found = rightsOf(stage, name).map(({ effect, actions, resources }) => {
        assert.equal(effect, 'Allow')
        return [actions.join(' '), ...resources.map((arn) => shorten(arn, stage))]
      })
      assert.deepEqual(found, rights[name], name)
    }
  })

  itProves(
    'of a key of the operator’s own are to use it, and every environment is kept by it',
    () => {
      for (const name of functionNames) {
        assert.equal(deployed('plain').lambda(name).kmsKeyArn, undefined)
        assert.equal(deployed('full').lambda(name).kmsKeyArn, everything.KMS_KEY_ARN)
        const found = rightsOf(deployed('full'), name).filter(({ actions }) =>
          actions.some((action) => action.startsWith('kms:')),
        )
        const wanted = {
          effect: 'Allow',
          actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
          resources: [everything.KMS_KEY_ARN],
        }
        assert.deepEqual(found, [wanted], name)
      }
    },
  )

  itProves('reach to the secrets that the function’s variables refer to, and to no other', () => {
    const mayRead = (name: FunctionName) =>
      rightsOf(deployed('full'), name)
        .filter(({ actions }) => actions.some((action) => /^(secretsmanager|ssm):/.test(action)))
        .map(({ actions, resources }) => [...actions, ...resources.map(endOf)])
    const endOf = (arn: string) => arn.replace(/^arn:aws:(\w+):eu-central-1:123456789012:/, '$1 ')
    const secret = (name: string) => `secretsmanager secret:greenprint/test/${name}-??????`
    const parameter = (name: string) => `ssm parameter/greenprint/test/${name}`
    const read = 'secretsmanager:GetSecretValue'
    const ofWork = ['ssm:GetParameter', 'gateways', 'kubo-rpc-headers', 'source-headers']
    const [get = '', ...paths] = ofWork
    assert.deepEqual(mayRead('Worker'), [
      [read, secret('w3up'), secret('receipt-key')],
      [get, ...paths.map(parameter)],
    ])
    assert.deepEqual(mayRead('Api'), [
      [read, secret('w3up'), secret('receipt-key'), secret('api-tokens')],
      [get, ...paths.map(parameter), parameter('origin-secret')],
    ])
    for (const name of ['Notify', 'Schedule'] as const) {
      assert.deepEqual(mayRead(name), [[get, parameter('gateways')]])
    }
    assert.doesNotMatch(JSON.stringify(rightsOf(deployed('plain'), 'Api')), /secretsmanager|ssm/)
  })

  itProves('are of the partition that the stage lies in, wherever that is', () => {
    const written = globSync('infra/*.ts', { cwd: root }).filter((path) =>
      /arn:aws:(?!kms:<)/.test(readFileSync(`${root}${path}`, 'utf8')),
    )
    assert.deepEqual(written, [])
  })

  itProves('reach into buckets of others only where the operator named them', () => {
    const [, , , ...mirrors] = rightsOf(deployed('full'), 'Api')
    assert.deepEqual(
      mirrors.slice(0, 2).map(({ actions, resources }) => [...actions, ...resources]),
      [
        ['s3:GetObject', 'arn:aws:s3:::usgs-landsat/*'],
        ['s3:GetObject', 'arn:aws:s3:::sentinel-cogs/*'],
      ],
    )
    for (const name of ['Notify', 'Schedule'] as const) {
      assert.doesNotMatch(JSON.stringify(rightsOf(deployed('full'), name)), /usgs-landsat/)
    }
  })

  itProves('are Lambda’s alone to take, and else allow no more than to write logs', () => {
    for (const name of functionNames) {
      const role = deployed('plain').one('aws:iam/role:Role', `${name}Role`)
      const { managedPolicyArns, assumeRolePolicy } = role
      const logs = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'
      assert.deepEqual(managedPolicyArns, [logs])
      assert.match(
        JSON.stringify(assumeRolePolicy),
        /"Principal":\{"Service":"lambda\.amazonaws\.com"\}/,
      )
      assert.doesNotMatch(JSON.stringify(assumeRolePolicy), /root/)
    }
  })
})

/** What the functions keep, folder by folder; what lies in `incoming/` is not of them. */
const kept = [
  'blocks',
  'read',
  'visitors',
  'files',
  'results',
  'publications',
  'beside',
  'catalogue',
  'sweeps',
  'jobs',
  'series',
  'composites',
  'fingerprints',
  'outboards',
  'published-by',
  'published',
]
const inBucket = (folders: readonly string[]) => folders.map((folder) => `bucket/${folder}/*`)
const reads = [
  ['s3:GetObject', ...inBucket(kept)],
  ['s3:ListBucket', 'bucket'],
]
const write = 's3:PutObject s3:AbortMultipartUpload'
const work = kept.filter((folder) => folder !== 'sweeps')
const made = [write, ...inBucket(work)]
/** Jobs are for holders of a token. */
const madeByJobs = [write, ...inBucket(work.filter((folder) => folder !== 'visitors'))]
const removed = ['s3:DeleteObject', ...inBucket(['blocks', 'files', 'composites'])]
const receive = 'sqs:ReceiveMessage sqs:DeleteMessage sqs:GetQueueAttributes'

const rights: Record<FunctionName, string[][]> = {
  Api: [...reads, made, removed, ['sqs:SendMessage', 'JobsQueue']],
  Worker: [
    ...reads,
    madeByJobs,
    removed,
    [receive, 'JobsQueue'],
    ['sqs:ChangeMessageVisibility', 'JobsQueue'],
    ['sqs:SendMessage', 'JobsQueue'],
    ['sns:Publish', 'ResultsTopic'],
  ],
  Notify: [
    ...reads,
    ['s3:GetObject s3:GetObjectVersion', 'bucket/incoming/*'],
    [write, 'bucket/jobs/*'],
    [receive, 'NoticesQueue'],
    ['sqs:SendMessage', 'JobsQueue'],
  ],
  Schedule: [
    ...reads,
    [write, ...inBucket(['publications', 'sweeps', 'jobs'])],
    ['sqs:SendMessage', 'JobsQueue'],
  ],
}
