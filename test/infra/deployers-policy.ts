// The policy that docs/deploy.md gives to whoever deploys, read as IAM reads it: without conditions, which it has none
// of.

import assert from 'node:assert/strict'
import { documentAt } from '../harness/markdown.ts'
import type { Call } from './deployers-calls.ts'

export interface PolicyStatement {
  readonly Effect: string
  readonly Action: readonly string[]
  readonly Resource: string | readonly string[]
}

export interface Policy {
  readonly Version: string
  readonly Statement: readonly PolicyStatement[]
}

/** As the document has it. */
export function deployersPolicy(): Policy {
  const policies = documentAt('docs/deploy.md').blocks.filter(({ mark }) => mark === 'json')
  const [block, ...others] = policies.filter(({ text }) => text.includes('"Statement"'))
  assert.ok(block !== undefined && others.length === 0)
  return JSON.parse(block.text)
}

/** Whether a pattern of IAM is of this name: a star is any text, a question mark any letter. */
export function fits(pattern: string, name: string): boolean {
  const plain = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${plain.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(name)
}

/** Whether the policy has a statement for this call. */
export function allows({ Statement }: Policy, { action, on }: Call): boolean {
  return Statement.some(({ Effect, Action, Resource }) => {
    const resources = [Resource].flat()
    return (
      Effect === 'Allow' &&
      Action.some((pattern) => fits(pattern, action)) &&
      resources.some((pattern) => fits(pattern, on))
    )
  })
}
