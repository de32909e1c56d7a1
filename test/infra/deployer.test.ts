// Whoever deploys with the policy of docs/deploy.md may do all that the stages ask for, and no part of it is for
// nothing.

import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { deployed, itProves } from './deployed.ts'
import { callsFor, callsForDomain, callsForSecrets, callsOfSst } from './deployers-calls.ts'
import { allows, deployersPolicy, fits } from './deployers-policy.ts'

const all = [
  ...Object.values(callsFor).flat(),
  ...callsForDomain,
  ...callsForSecrets,
  ...callsOfSst,
]

describe('whoever deploys', () => {
  itProves('makes resources of types whose calls are known, and of no others', () => {
    const types = (['plain', 'full'] as const).flatMap((variant) =>
      deployed(variant).proof.resources.map(({ type }) => type),
    )
    // Components, which are made of resources.
    const resources = new Set(types.filter((type) => !/^(?:sst|pulumi):/.test(type)))
    assert.deepEqual([...resources].toSorted(), Object.keys(callsFor).toSorted())
  })

  itProves('makes roles by the names that the policy has', () => {
    const { Statement } = deployersPolicy()
    const patterns = Statement.flatMap(({ Action, Resource }) =>
      Action.some((action) => fits(action, 'iam:CreateRole')) ? Resource : [],
    )
    for (const variant of ['plain', 'full'] as const) {
      const roles = deployed(variant).all('aws:iam/role:Role')
      for (const [of, { name }] of Object.entries(roles)) {
        const arn = `arn:aws:iam::123456789012:role/${name}`
        assert.ok(
          patterns.some((pattern) => fits(pattern, arn)),
          `${of} of ${variant} is ${name}`,
        )
      }
    }
  })

  itProves('may make every call', () => {
    const policy = deployersPolicy()
    const denied = all.filter((call) => !allows(policy, call))
    assert.deepEqual(
      denied.map(({ action, on }) => `${action} on ${on}`),
      [],
    )
  })

  itProves('may do nothing that no call needs', () => {
    const idle = deployersPolicy().Statement.flatMap(({ Action }) =>
      Action.filter((pattern) => !all.some(({ action }) => fits(pattern, action))),
    )
    assert.deepEqual(idle, [])
  })
})
