// Roles of functions and users in moto's IAM, with the rights that the deployment asks for, or some of them.

import assert from 'node:assert/strict'
import type { Statement } from '../infra/deployed.ts'
import { type Moto, motoRegion } from './moto.ts'

export interface Role {
  /** What Lambda gives a function of this role. */
  readonly credentials: Readonly<Record<string, string>>
  /** In place of all rights that it has. */
  readonly allow: (statements: readonly Statement[]) => Promise<void>
}

/** Services whose resources moto 5.2.5 does not compare: it asks for the right to do a thing anywhere. */
const ANYWHERE = /^(?!s3:|sqs:)/

/** Rights are checked from now on. */
export async function createRole(moto: Moto, name: string): Promise<Role> {
  const trust = JSON.stringify({ Version: '2012-10-17', Statement: [] })
  await moto.allowAll()
  const created = { RoleName: name, AssumeRolePolicyDocument: trust }
  const role = await call(moto, 'iam', { Action: 'CreateRole', ...created })
  const assumed = { RoleArn: field(role, 'Arn'), RoleSessionName: name }
  const reply = await call(moto, 'sts', { Action: 'AssumeRole', ...assumed })
  await moto.checkRights()
  return {
    credentials: {
      AWS_ACCESS_KEY_ID: field(reply, 'AccessKeyId'),
      AWS_SECRET_ACCESS_KEY: field(reply, 'SecretAccessKey'),
      AWS_SESSION_TOKEN: field(reply, 'SessionToken'),
    },
    allow: async (statements) => {
      await moto.allowAll()
      const PolicyDocument = JSON.stringify(policyOf(statements))
      const put = { RoleName: name, PolicyName: 'inline', PolicyDocument }
      await call(moto, 'iam', { Action: 'PutRolePolicy', ...put })
      await moto.checkRights()
    },
  }
}

export interface User {
  readonly credentials: Readonly<Record<'aws_access_key_id' | 'aws_secret_access_key', string>>
  /** In place of all rights that it has. */
  readonly allow: (policy: object) => Promise<void>
}

/** Somebody with a key of their own. Rights are checked from now on. */
export async function createUser(moto: Moto, UserName: string): Promise<User> {
  await moto.allowAll()
  await call(moto, 'iam', { Action: 'CreateUser', UserName })
  const key = await call(moto, 'iam', { Action: 'CreateAccessKey', UserName })
  await moto.checkRights()
  return {
    credentials: {
      aws_access_key_id: field(key, 'AccessKeyId'),
      aws_secret_access_key: field(key, 'SecretAccessKey'),
    },
    allow: async (policy) => {
      await moto.allowAll()
      const PolicyDocument = JSON.stringify(policy)
      const put = { UserName, PolicyName: 'inline', PolicyDocument }
      await call(moto, 'iam', { Action: 'PutUserPolicy', ...put })
      await moto.checkRights()
    },
  }
}

function policyOf(statements: readonly Statement[]): object {
  const Statement = statements.flatMap(({ actions, resources }) =>
    actions.map((Action) => ({
      Effect: 'Allow',
      Action,
      Resource: ANYWHERE.test(Action) ? '*' : resources,
    })),
  )
  return { Version: '2012-10-17', Statement }
}

/** AWS's Query protocol; who signs is not looked at while everybody may do everything. */
async function call(moto: Moto, service: string, form: Record<string, string>): Promise<string> {
  const authorization = `AWS4-HMAC-SHA256 Credential=FIRSTKEY/20260101/${motoRegion}/${service}/aws4_request, SignedHeaders=host, Signature=0`
  const body = new URLSearchParams({
    Version: service === 'iam' ? '2010-05-08' : '2011-06-15',
    ...form,
  })
  const reply = await fetch(moto.endpoint, { method: 'POST', headers: { authorization }, body })
  const text = await reply.text()
  assert.ok(reply.ok, `${form['Action']}: ${text}`)
  return text
}

function field(xml: string, name: string): string {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]
  assert.ok(found !== undefined, xml)
  return found
}
