// Each function as it is deployed, under a role that has exactly what infra/ gives it, before moto's S3, SQS, SNS and
// Scheduler with IAM on: everything works, and each right that is taken away is named where it is missed.
// Long: one world, whose every right is taken away once.
//
// What moto 5.2.5 does not decide is read in the policies by test/infra/ instead: conditions, the resources of SNS and
// of the scheduler, iam:PassRole, and that S3 denies what is not there to who may not list.

import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import type { S3 } from '@aws-sdk/client-s3'
import type { SQS } from '@aws-sdk/client-sqs'
import type { FunctionName } from '../../lib/config/variable.ts'
import type { JsonObject } from '../../lib/model/json.ts'
import { sampleItem } from '../../lib/sample/sample.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { startGateway, type TestGateway } from '../harness/gateway.ts'
import { gatewayEvent, type HttpAsked } from '../harness/gateway-events.ts'
import { sceneItem } from '../harness/items.ts'
import type { Lambda } from '../harness/lambda.ts'
import { type Moto, motoRegion, startMoto } from '../harness/moto.ts'
import { skipWithoutPython } from '../harness/peers.ts'
import { skipBecause } from '../harness/requires.ts'
import { createRole, type Role } from '../harness/roles.ts'
import { sceneFile } from '../harness/scenes.ts'
import { serveStac } from '../harness/stac-server.ts'
import { deployed, rightsOf, type Statement } from '../infra/deployed.ts'
import { prove } from '../infra/proof.ts'
import { ensureRuntimeClient } from '../infra/runtime-client.ts'
import { kept, rights } from '../infra/settings.ts'
import { ensurePlatform } from '../infra/sst-cli.ts'
import { startDeployed } from '../infra/unpacked.ts'

const PLAIN = 'l8-c2l2-brumadinho-before'
/** As test/infra/settings.ts keeps it. */
const TOKEN = 'x'.repeat(32)
const asking = { method: 'POST', headers: { authorization: `Bearer ${TOKEN}` } }

/** As the CDN in front of the stage asks. */
function apiEvent(target: string, asked: HttpAsked = {}) {
  const [secret = ''] = (kept['/greenprint/test/origin-secret'] ?? '').split(/[\s,]+/)
  return gatewayEvent(target, {
    ...asked,
    headers: { ...asked.headers, 'x-origin-secret': secret },
  })
}

interface Worked {
  /** What the function answered, and what it wrote to its log since it was asked. */
  readonly said: string
}

interface Place {
  readonly name: FunctionName
  readonly environment: Readonly<Record<string, string>>
  readonly lambda: Lambda
  readonly role: Role
  readonly given: readonly Statement[]
}

interface World {
  readonly moto: Moto
  readonly s3: S3
  readonly gateway: TestGateway
  readonly bucket: string
  readonly jobsUrl: string
  readonly places: Readonly<Record<FunctionName, Place>>
}

let world: World | undefined
let missing: string | null = null
const stops: (() => Promise<void>)[] = []
after(async () => {
  for (const stop of stops.toReversed()) await stop()
})

const names = ['Api', 'Worker', 'Notify', 'Schedule'] as const

async function build(): Promise<World> {
  await prove('rights')
  const stage = deployed('rights')
  const moto = await startMoto()
  stops.push(() => moto.stop())
  Object.assign(process.env, moto.environment)
  const { S3: Client } = await import('@aws-sdk/client-s3')
  const { SQS: Queues } = await import('@aws-sdk/client-sqs')
  const s3 = new Client({ forcePathStyle: true })
  const sqs = new Queues({})
  const Bucket = String(stage.proof.outputs['bucket'])
  for (const name of [Bucket, 'usgs-landsat']) {
    const CreateBucketConfiguration = { LocationConstraint: motoRegion } as const
    await s3.createBucket({ Bucket: name, CreateBucketConfiguration })
  }
  const VersioningConfiguration = { Status: 'Enabled' } as const
  await s3.putBucketVersioning({ Bucket, VersioningConfiguration })
  const { variables } = stage.lambda('Worker').environment
  const queueName = new URL(variables['QUEUE_URL'] ?? '').pathname.split('/').at(-1)
  const { QueueUrl: jobsUrl = '' } = await sqs.createQueue({ QueueName: queueName })
  await makeTopicAndGroup(moto, variables)
  await keepSecrets(moto)
  const item = await sampleItem()
  const catalogue = await serveStac(() => [{ ...item, links: [] }])

  const gateway = await startGateway(new MemoryBlocks())
  stops.push(() => gateway.close())
  const places: [FunctionName, Place][] = []
  for (const name of names) {
    const role = await createRole(moto, name)
    const environment = {
      ...stage.lambda(name).environment.variables,
      ...moto.environment,
      ...role.credentials,
      // The SDK takes the address of a queue for that of SQS.
      QUEUE_URL: jobsUrl,
      PUBLIC_GATEWAY: gateway.url,
      IPFS_GATEWAYS: gateway.url,
      IPFS_ROUTERS: 'none',
      STAC_API_URL: catalogue,
    }
    await role.allow(rightsOf(stage, name))
    const lambda = await startDeployed(name, { environment, stage: 'rights' })
    stops.push(() => lambda.stop())
    places.push([name, { name, environment, lambda, role, given: rightsOf(stage, name) }])
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one for each name
  const all = Object.fromEntries(places) as Record<FunctionName, Place>
  return { moto, s3, gateway, bucket: Bucket, jobsUrl, places: all }
}

/** Where the variables of the stage refer to. */
async function keepSecrets({ endpoint }: Moto): Promise<void> {
  const { CreateSecretCommand, SecretsManagerClient } = await import(
    '@aws-sdk/client-secrets-manager'
  )
  const { PutParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm')
  const secrets = new SecretsManagerClient({ endpoint })
  const parameters = new SSMClient({ endpoint })
  for (const [Name, text] of Object.entries(kept)) {
    if (Name.startsWith('/')) {
      await parameters.send(new PutParameterCommand({ Name, Value: text, Type: 'SecureString' }))
    } else {
      await secrets.send(new CreateSecretCommand({ Name, SecretString: text }))
    }
  }
}

async function makeTopicAndGroup(
  { endpoint }: Moto,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  const [, , , , , topic = ''] = (variables['RESULT_TOPIC_ARN'] ?? '').split(':')
  const { CreateTopicCommand, SNSClient } = await import('@aws-sdk/client-sns')
  await new SNSClient({ endpoint }).send(new CreateTopicCommand({ Name: topic }))
  const { CreateScheduleGroupCommand, SchedulerClient } = await import('@aws-sdk/client-scheduler')
  const group = new CreateScheduleGroupCommand({ Name: variables['CHECKS_GROUP'] })
  await new SchedulerClient({ endpoint }).send(group)
}

/** `it`, for a test of the world above; skipped where it could not be made. */
function itTries(what: string, test: (world: World) => Promise<void>): void {
  it(what, async (t: TestContext) => {
    if (skipWithoutPython(t) || skipBecause(t, missing)) return
    assert.ok(world)
    await test(world)
  })
}

before(async () => {
  try {
    await ensurePlatform((line) => process.stderr.write(`# ${line}\n`))
    await ensureRuntimeClient((line) => process.stderr.write(`# ${line}\n`))
  } catch (error) {
    missing = `needs the npm registry: ${String(error).slice(0, 300)}`
    return
  }
  world = await build()
})

/** An event, and all that the function said to it. */
async function ask(
  { lambda }: Place,
  event: unknown,
): Promise<Worked & { readonly answer: JsonObject }> {
  const from = lambda.log().length
  const { payload, error } = await lambda.invoke(event)
  const answer = JSON.parse(JSON.stringify(payload ?? error ?? {}))
  return { answer, said: `${JSON.stringify(answer)}\n${lambda.log().slice(from)}` }
}

let asked = 0
let delivered = 10
/** Another result than all before, so that nothing of it is known. */
const size = () => 64 + asked++

async function publish({ places }: World): Promise<Worked> {
  const body = JSON.stringify({ item: await sampleItem(), max_size: size(), pin: true })
  return ask(places.Api, apiEvent('/ndvi', { ...asking, body }))
}

async function submit({ places }: World, pin = true): Promise<Worked> {
  const body = JSON.stringify({ item: await sampleItem(), max_size: size(), pin })
  const headers = { ...asking.headers, prefer: 'respond-async' }
  return ask(places.Api, apiEvent('/ndvi', { ...asking, headers, body }))
}

async function searchOwn({ places }: World): Promise<Worked> {
  return ask(places.Api, apiEvent('/stac/collections/ndvi/items'))
}

/** Takes the jobs that wait, as Lambda does for the function: with its role. */
async function takeJobs({ places: { Worker }, jobsUrl: QueueUrl }: World) {
  const sqs = await queuesOf(Worker)
  await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] })
  const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 })
  const records = Messages.map(({ MessageId, ReceiptHandle, Body }) => ({
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: { ApproximateReceiveCount: '1' },
    messageAttributes: {},
    eventSource: 'aws:sqs',
  }))
  const done = async () => {
    for (const { receiptHandle: ReceiptHandle } of records) {
      await sqs.deleteMessage({ QueueUrl, ReceiptHandle })
    }
  }
  return { records, done }
}

async function queuesOf({ role }: Place): Promise<SQS> {
  const { SQS: Queues } = await import('@aws-sdk/client-sqs')
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = role.credentials
  return new Queues({
    maxAttempts: 1,
    credentials: {
      accessKeyId: AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: AWS_SECRET_ACCESS_KEY ?? '',
      sessionToken: AWS_SESSION_TOKEN ?? '',
    },
  })
}

async function work(here: World): Promise<Worked> {
  const { records: Records, done } = await takeJobs(here)
  assert.ok(Records.length > 0, 'there is no job')
  const worked = await ask(here.places.Worker, { Records })
  await done()
  return worked
}

/** A job of its own, with every right; then the worker. */
async function submitAndWork(here: World): Promise<Worked> {
  const { said } = await submit(here)
  assert.match(said, /"statusCode":202/, said)
  return work(here)
}

/** Put there by somebody else, and told by S3. */
async function deliver(
  { moto, s3, bucket, places }: World,
  item: JsonObject,
  withVersion: boolean,
): Promise<Worked> {
  await moto.allowAll()
  const key = `incoming/${delivered++}.json`
  const put = await s3.putObject({ Bucket: bucket, Key: key, Body: JSON.stringify(item) })
  await moto.checkRights()
  const object = { key, ...(withVersion ? { versionId: put.VersionId } : {}) }
  const record = {
    eventSource: 'aws:s3',
    eventName: 'ObjectCreated:Put',
    s3: { bucket: { name: bucket }, object },
  }
  const body = JSON.stringify({ Records: [record] })
  const Records = [{ messageId: 'notice', eventSource: 'aws:sqs', body }]
  return ask(places.Notify, { Records })
}

/** The sample's files as somebody's bucket has them: without CIDs. */
async function mirroredItem({ moto, s3 }: World, index: number): Promise<JsonObject> {
  await moto.allowAll()
  const item = await sceneItem(PLAIN, new MemoryBlocks())
  const assets: Record<string, JsonObject> = {}
  for (const [key, band] of [
    ['red', 'red'],
    ['nir08', 'nir08'],
  ] as const) {
    const Key = `scene-${index}/${key}.tif`
    await s3.putObject({ Bucket: 'usgs-landsat', Key, Body: await sceneFile(PLAIN, band) })
    assets[key] = { href: `s3://usgs-landsat/${Key}`, type: 'image/tiff; application=geotiff' }
  }
  await moto.checkRights()
  return { ...item, id: `mirrored_${index}`, assets }
}

/** A process that starts now, with whatever its role has by then. */
const restart =
  (name: FunctionName) =>
  async ({ places }: World): Promise<Worked> => {
    const { environment } = places[name]
    const lambda = await startDeployed(name, { environment, stage: 'rights' })
    const answer = await lambda.invoke({}).finally(lambda.stop)
    return { said: `${JSON.stringify(answer)}\n${lambda.log()}` }
  }

async function sweepCatalogue({
  places,
}: World): Promise<Worked & { readonly answer: JsonObject }> {
  const search = { collections: ['landsat-c2l2-sr'], bbox: [-61, -4, -59, -3] }
  return ask(places.Schedule, { search, max_size: size(), time: '2023-07-24T00:00:00Z' })
}

async function named(index: number): Promise<JsonObject> {
  return { ...(await sampleItem()), id: `delivered_${index}` }
}

describe('with the rights that infra gives', () => {
  itTries('the API has the name of the operator’s own', async ({ places }) => {
    const stage = deployed('rights')
    const { domainName, domainNameConfiguration } = stage.one(
      'aws:apigatewayv2/domainName:DomainName',
    )
    const { apiMappingKey } = stage.one('aws:apigatewayv2/apiMapping:ApiMapping')
    assert.deepEqual(
      [domainName, domainNameConfiguration.certificateArn, apiMappingKey],
      [rights.API_DOMAIN, rights.API_CERTIFICATE, undefined],
    )
    const { url, target } = stage.proof.outputs
    assert.deepEqual(
      [url, target],
      [`https://${domainName}`, `d-1.execute-api.${motoRegion}.amazonaws.com`],
    )
    assert.equal(places.Api.environment['PUBLIC_URL'], url)
  })

  itTries('the API computes, publishes into the bucket and plans its checks', async (here) => {
    const { said } = await publish(here)
    assert.match(said, /"statusCode":200/, said)
    assert.match(said, /\\"service\\":\\"s3\\",\\"status\\":\\"held\\"/, said)
    assert.doesNotMatch(said, /nobody will look/, said)
  })

  itTries('the API lists what was made', async (here) => {
    const { said } = await searchOwn(here)
    assert.match(said, /"statusCode":200/, said)
  })

  itTries('a job goes through the queue, is published, and its result is told', async (here) => {
    const { said } = await submitAndWork(here)
    assert.match(said, /"outcome":"done"/, said)
    assert.match(said, /"batchItemFailures":\[\]/, said)
    assert.doesNotMatch(said, /not authorized|denies|"level":"(WARN|ERROR)"/, said)
  })

  itTries('the trial of the whole path finds the worker', async (here) => {
    const { said } = await submit(here, false)
    assert.match(said, /"statusCode":202/, said)
    assert.match((await work(here)).said, /"outcome":"done"/)
  })

  itTries(
    'a notice of S3 becomes a job, by the newest version and by a named one',
    async (here) => {
      for (const [index, withVersion] of [false, true].entries()) {
        const { said } = await deliver(here, await named(index), withVersion)
        assert.match(said, /"outcome":"submitted"/, said)
      }
      const { records, done } = await takeJobs(here)
      await done()
      assert.equal(records.length, 2)
    },
  )

  itTries(
    'files of a mirror are read, and the job that follows is queued by the worker',
    async (here) => {
      const { said } = await deliver(here, await mirroredItem(here, 0), false)
      assert.match(said, /"outcome":"submitted"/, said)
      assert.match((await work(here)).said, /"outcome":"done"/)
      const next = await work(here)
      assert.match(next.said, /"outcome":"done"/, next.said)
    },
  )

  itTries(
    'a sweep finds scenes in the catalogue, queues their jobs and remembers how far it came',
    async (here) => {
      const { said, answer } = await sweepCatalogue(here)
      assert.equal(answer['errorType'], undefined, said)
      assert.match(said, /"event":"schedule"/, said)
      await (await takeJobs(here)).done()
    },
  )

  itTries('a check of what was published is written down', async (here) => {
    const { said } = await publish(here)
    const root = /\\"root\\":\{\\"cid\\":\\"(\w+)/.exec(said)?.[1]
    const checked = await ask(here.places.Schedule, { check: root })
    assert.equal(checked.answer['errorType'], undefined, checked.said)
    assert.ok(here.gateway.asked.includes(root ?? ''))
  })
})

/** A right that is missed, what misses it, and how that is told. */
interface Missed {
  readonly of: FunctionName
  readonly action: string
  /** Part of the resource; '' for the right as a whole. */
  readonly on?: string
  readonly step: (here: World) => Promise<Worked>
  readonly told: RegExp
}

const allow = (action: string, on: string) =>
  new RegExp(`allow ${action} on (the )?[\\w-]*${on}[\\w/*-]*`)

const deliverNew = async (here: World, withVersion = false) =>
  deliver(here, await named(delivered++), withVersion)

async function followUp(here: World): Promise<Worked> {
  const item = await mirroredItem(here, delivered++)
  assert.match((await deliver(here, item, false)).said, /"outcome":"submitted"/)
  return work(here)
}

async function check(here: World): Promise<Worked> {
  const root = /\\"root\\":\{\\"cid\\":\\"(\w+)/.exec((await publish(here)).said)?.[1]
  return ask(here.places.Schedule, { check: root })
}

const missed: readonly Missed[] = [
  ...(['Api', 'Worker'] as const).flatMap((of) => [
    {
      of,
      action: 'secretsmanager:GetSecretValue',
      step: restart(of),
      told: /RECEIPT_KEY: aws-secret:greenprint\/test\/receipt-key could not be read: allow secretsmanager:GetSecretValue on /,
    },
    {
      of,
      action: 'ssm:GetParameter',
      step: restart(of),
      told: /SOURCE_HEADERS: ssm:\/greenprint\/test\/source-headers could not be read: allow ssm:GetParameter on /,
    },
  ]),
  {
    of: 'Schedule',
    action: 'sqs:SendMessage',
    step: sweepCatalogue,
    told: allow('sqs:SendMessage', 'queue'),
  },
  { of: 'Api', action: 's3:GetObject', step: publish, told: allow('s3:GetObject', 'storebucket') },
  { of: 'Api', action: 's3:PutObject', step: publish, told: allow('s3:PutObject', 'storebucket') },
  {
    of: 'Api',
    action: 's3:ListBucket',
    step: searchOwn,
    told: allow('s3:ListBucket', 'storebucket'),
  },
  { of: 'Api', action: 'sqs:SendMessage', step: submit, told: allow('sqs:SendMessage', 'queue') },
  {
    of: 'Api',
    action: 'scheduler:CreateSchedule',
    step: publish,
    told: /nobody will look[^.]*allow scheduler:CreateSchedule on the group Checks/,
  },
  {
    of: 'Worker',
    action: 's3:GetObject',
    on: 'storebucket',
    step: submitAndWork,
    told: allow('s3:GetObject', 'storebucket'),
  },
  {
    of: 'Worker',
    action: 's3:PutObject',
    step: submitAndWork,
    told: allow('s3:PutObject', 'storebucket'),
  },
  {
    of: 'Worker',
    action: 's3:GetObject',
    on: 'usgs-landsat',
    step: followUp,
    told: /s3:\/\/usgs-landsat\/\S+ refuses this deployment's credentials/,
  },
  {
    of: 'Worker',
    action: 'sqs:ChangeMessageVisibility',
    step: submitAndWork,
    told: allow('sqs:ChangeMessageVisibility', 'queue'),
  },
  {
    of: 'Worker',
    action: 'sqs:SendMessage',
    step: followUp,
    told: allow('sqs:SendMessage', 'queue'),
  },
  { of: 'Worker', action: 'sns:Publish', step: submitAndWork, told: allow('sns:Publish', 'topic') },
  {
    of: 'Worker',
    action: 'scheduler:CreateSchedule',
    step: submitAndWork,
    told: /nobody will look[^.]*allow scheduler:CreateSchedule on the group Checks/,
  },
  {
    of: 'Notify',
    action: 's3:GetObject',
    on: '/incoming/',
    step: deliverNew,
    told: allow('s3:GetObject', 'storebucket-\\w+/incoming'),
  },
  {
    of: 'Notify',
    action: 's3:GetObject',
    on: '/jobs/',
    step: deliverNew,
    told: allow('s3:GetObject', 'storebucket'),
  },
  {
    of: 'Notify',
    action: 's3:GetObjectVersion',
    step: (here) => deliverNew(here, true),
    told: allow('s3:GetObjectVersion', 'storebucket-\\w+/incoming'),
  },
  {
    of: 'Notify',
    action: 's3:PutObject',
    step: deliverNew,
    told: allow('s3:PutObject', 'storebucket-\\w+/jobs'),
  },
  {
    of: 'Notify',
    action: 'sqs:SendMessage',
    step: deliverNew,
    told: allow('sqs:SendMessage', 'queue'),
  },
  {
    of: 'Schedule',
    action: 's3:GetObject',
    step: check,
    told: allow('s3:GetObject', 'storebucket'),
  },
  {
    of: 'Schedule',
    action: 's3:PutObject',
    step: check,
    told: allow('s3:PutObject', 'storebucket-\\w+/publications'),
  },
]

/** What is not tried here, and why. */
const untried: Readonly<Record<string, string>> = {
  'kms:Decrypt': 'moto lets everybody use a key',
  'kms:GenerateDataKey': 'moto lets everybody use a key',
  'iam:PassRole': 'moto does not ask for it',
  's3:AbortMultipartUpload':
    'a clean-up whose failure nobody waits for: the bucket’s lifecycle does it a day later',
  's3:DeleteObject': 'a clean-up, as well',
  'sqs:ReceiveMessage': 'of Lambda, which takes messages by the function’s role; as here',
  'sqs:DeleteMessage': 'of Lambda, as well',
  'sqs:GetQueueAttributes': 'of Lambda, as well',
}
/** moto answers 404 for what is not there, as S3 does only to who may list; where nothing lists, nothing shows. */
const unseen: Readonly<Record<FunctionName, readonly string[]>> = {
  Api: [],
  Worker: ['s3:ListBucket'],
  Notify: ['s3:ListBucket'],
  Schedule: ['s3:ListBucket'],
}

describe('without one of them', () => {
  itTries('there is nothing that is not tried', async ({ places }) => {
    for (const { name, given } of Object.values(places)) {
      const actions = new Set(given.flatMap((statement) => statement.actions))
      const tried = new Set(missed.filter(({ of }) => of === name).map(({ action }) => action))
      const left = [...actions].filter((action) => !tried.has(action) && !(action in untried))
      assert.deepEqual(left, unseen[name], name)
    }
  })

  for (const { of, action, on = '', step, told } of missed) {
    itTries(`${of} names ${action}${on === '' ? '' : ` on ${on}`}`, async (here) => {
      const { role, given } = here.places[of]
      const left = given.map((statement) =>
        statement.resources.some((resource) => resource.includes(on))
          ? { ...statement, actions: statement.actions.filter((one) => one !== action) }
          : statement,
      )
      assert.notDeepEqual(left, given, `${of} has no ${action}`)
      await role.allow(left)
      const { said } = await step(here)
      await role.allow(given)
      await (await takeJobs(here)).done()
      assert.match(said, told, said)
    })
  }
})
