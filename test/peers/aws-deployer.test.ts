// Whoever deploys, with the policy of docs/deploy.md and nothing else, before moto with IAM on: SST prepares the
// region, every call of a deployment is let through, and what is taken out of the policy is refused.

import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once as onceOf } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { once } from '../../lib/async/once.ts'
import { type Moto, motoRegion, startMoto } from '../harness/moto.ts'
import { peersHome, peersPython, skipWithoutPython } from '../harness/peers.ts'
import { createRole, createUser, type User } from '../harness/roles.ts'
import {
  type Call,
  callsFor,
  callsForDomain,
  callsForSecrets,
  callsOfSst,
  thing,
} from '../infra/deployers-calls.ts'
import { deployersPolicy, fits, type Policy } from '../infra/deployers-policy.ts'
import { settingsOf } from '../infra/settings.ts'
import { ensurePlatform, sst } from '../infra/sst-cli.ts'

/** Each action once. */
const calls = [
  ...new Map(
    [...Object.values(callsFor).flat(), ...callsForDomain, ...callsForSecrets, ...callsOfSst].map(
      (call) => [call.action, call],
    ),
  ).values(),
]

const stops: (() => unknown)[] = []
after(async () => {
  for (const stop of stops.toReversed()) await stop()
})

interface World {
  readonly moto: Moto
  readonly user: User
  /** Code that each call fails with: '' where it does not, null where the SDK has no such operation. */
  readonly ask: (asked: readonly Call[]) => Promise<readonly (string | null)[]>
}

const world = once(async (): Promise<World> => {
  const moto = await startMoto()
  stops.push(() => moto.stop())
  // moto knows the name of a role by the role that there is.
  for (const name of [thing, 'of-somebody-else']) await createRole(moto, name)
  const user = await createUser(moto, 'deployer')
  const script = fileURLToPath(new URL('aws_calls.py', import.meta.url))
  const python = spawn(peersPython(), [script], { stdio: ['pipe', 'pipe', 'inherit'] })
  stops.push(() => python.kill())
  const lines = createInterface(python.stdout)
  return {
    moto,
    user,
    async ask(asked) {
      const line = {
        credentials: user.credentials,
        region: motoRegion,
        endpoint: moto.endpoint,
        calls: asked,
      }
      const answer = onceOf(lines, 'line')
      python.stdin.write(`${JSON.stringify(line)}\n`)
      const [text]: unknown[] = await answer
      return JSON.parse(String(text))
    },
  }
})

/**
 * Calls that moto 5.2.5 does not judge: it never asks CloudFront who asks it, takes what is signed without a body for
 * signed wrongly, and has no operation for what AWS does by itself.
 */
const unjudged: Readonly<Record<string, string>> = {
  'iam:PassRole': 'of AWS, where a role is handed on',
  'iam:CreateServiceLinkedRole': 'of API Gateway, in an account that has none',
  'logs:CreateLogDelivery': 'of API Gateway, for its access log',
  'lambda:GetFunction': 'no body',
  'lambda:GetFunctionCodeSigningConfig': 'no body',
  'lambda:ListVersionsByFunction': 'no body',
  'lambda:DeleteFunction': 'no body',
  'lambda:ListEventSourceMappings': 'no body',
  'lambda:GetPolicy': 'no body',
  'lambda:RemovePermission': 'no body',
  'apigateway:GET': 'no body',
  'apigateway:DELETE': 'no body',
  'scheduler:GetScheduleGroup': 'no body',
  'scheduler:DeleteScheduleGroup': 'no body',
  'scheduler:GetSchedule': 'no body',
  'scheduler:DeleteSchedule': 'no body',
}
const isJudged = ({ action }: Call) => !action.startsWith('cloudfront:') && !(action in unjudged)

/** As moto has it: a service by the name that its requests are signed for, and resources of roles and S3 alone. */
function forMoto({ Version, Statement }: Policy): Policy {
  const nameOf = (action: string) => action.replace(/^cloudwatch:/, 'monitoring:')
  return {
    Version,
    Statement: Statement.map(({ Effect, Action, Resource }) => ({
      Effect,
      Action: Action.map(nameOf),
      Resource: Action.some((action) => action.startsWith('iam:')) ? Resource : '*',
    })),
  }
}

/** The policy without this part. */
function without(left: string): Policy {
  const { Version, Statement } = deployersPolicy()
  const rest = Statement.map((each) => ({
    ...each,
    Action: each.Action.filter((pattern) => pattern !== left),
  }))
  return { Version, Statement: rest.filter(({ Action }) => Action.length > 0) }
}

const refusedOf = (asked: readonly Call[], outcomes: readonly (string | null)[]) =>
  asked.filter((_, at) => outcomes[at] === 'AccessDenied').map(({ action }) => action)

it('whoever deploys is let through with every call that moto judges', async (t) => {
  if (skipWithoutPython(t)) return
  const { user, ask } = await world()
  const nobody = { Effect: 'Allow', Action: ['sts:GetCallerIdentity'], Resource: '*' }
  await user.allow({ Version: '2012-10-17', Statement: [nobody] })
  const judged = calls.filter(isJudged)
  const names = judged.map(({ action }) => action)
  assert.deepEqual(refusedOf(judged, await ask(judged)), names)
  await user.allow(forMoto(deployersPolicy()))
  assert.deepEqual(refusedOf(judged, await ask(judged)), [])
})

it('and refused without the part of the policy that a call needs, or with the role of somebody else', async (t) => {
  if (skipWithoutPython(t)) return
  const { user, ask } = await world()
  for (const pattern of deployersPolicy().Statement.flatMap(({ Action }) => Action)) {
    await user.allow(forMoto(without(pattern)))
    const asked = calls.filter((call) => isJudged(call) && fits(pattern, call.action))
    const wanted = asked.map(({ action }) => action)
    assert.deepEqual(refusedOf(asked, await ask(asked)), wanted, `without ${pattern}`)
  }
  await user.allow(forMoto(deployersPolicy()))
  const others = calls
    .filter((call) => isJudged(call) && 'RoleName' in call.parameters)
    .map((call) => ({ ...call, parameters: { ...call.parameters, RoleName: 'of-somebody-else' } }))
  assert.equal(refusedOf(others, await ask(others)).length, others.length)
})

it('SST prepares the region, and without the right to make its repository does not', async (t) => {
  if (skipWithoutPython(t)) return
  const { moto, user } = await world()
  const { aws_access_key_id: AWS_ACCESS_KEY_ID, aws_secret_access_key: AWS_SECRET_ACCESS_KEY } =
    user.credentials
  await ensurePlatform((line) => t.diagnostic(line))
  /** What SST did is in what it left: it reads its state by TLS alone, which moto does not have, and fails then. */
  const prepare = async (): Promise<string> => {
    const asked = sst('secret list', {
      ...settingsOf('plain'),
      AWS_ENDPOINT_URL: moto.endpoint,
      AWS_ACCESS_KEY_ID,
      AWS_SECRET_ACCESS_KEY,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_S3_USE_PATH_STYLE: '1',
    })
    return asked.then(() => '', String)
  }
  await user.allow(forMoto(without('ecr:CreateRepository')))
  assert.match(await prepare(), /ECR: CreateRepository, .*403/)
  await user.allow(forMoto(deployersPolicy()))
  await prepare()
  const { SSM } = await import('@aws-sdk/client-ssm')
  await moto.allowAll()
  Object.assign(process.env, moto.environment)
  const ssm = new SSM({ region: 'us-west-2' })
  t.after(() => ssm.destroy())
  const { Parameter } = await ssm.getParameter({ Name: '/sst/bootstrap' })
  const { asset, state, assetEcrUrl }: Record<string, string> = JSON.parse(Parameter?.Value ?? '{}')
  assert.match(`${asset} ${state} ${assetEcrUrl}`, /^sst-asset-\w+ sst-state-\w+ .*\/sst-asset$/)
})

it('the policy is one, as cfn-lint knows the actions of AWS and what each is done to', async (t) => {
  if (skipWithoutPython(t)) return
  const folder = await mkdtemp(join(tmpdir(), 'greenprint-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const lint = async (PolicyDocument: Policy) => {
    const Properties = { PolicyName: 'deployer', PolicyDocument, Users: ['deployer'] }
    const Resources = { Deployer: { Type: 'AWS::IAM::Policy', Properties } }
    const path = join(folder, 'template.json')
    await writeFile(path, JSON.stringify({ Resources }))
    const command = join(peersHome(), 'python', 'bin', 'cfn-lint')
    const args = ['--include-checks', 'I', '--regions', 'us-west-2', '--', path]
    return promisify(execFile)(command, args).then(
      ({ stdout }) => stdout,
      ({ stdout }: { stdout: string }) => stdout,
    )
  }
  const policy = deployersPolicy()
  assert.equal(await lint(policy), '')
  const [first, ...rest] = policy.Statement
  assert.ok(first !== undefined)
  const faulty = {
    ...first,
    Action: ['sqs:SendPost', 'sqs:SendMessage'],
    Resource: ['arn:aws:s3:::b'],
  }
  assert.match(await lint({ ...policy, Statement: [faulty, ...rest] }), /I3510.*W3037/s)
})
