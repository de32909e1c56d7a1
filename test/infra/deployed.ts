// Questions to what SST would deploy: one function, its rights, its environment, or all resources of a kind.

import { it, type TestContext } from 'node:test'
import type { FunctionName } from '../../lib/config/variable.ts'
import { skipBecause } from '../harness/requires.ts'
import type { Kinds } from './kinds.ts'
import { type Proof, readProof } from './proof.ts'
import type { Variant } from './settings.ts'

/** Whether setup.ts could make what the tests look at. */
export function isProved(): boolean {
  return process.env['GREENPRINT_INFRA_NEEDS'] === undefined
}

/** `it`, for tests that need what setup.ts made. */
export function itProves(what: string, test: (t: TestContext) => void | Promise<void>): void {
  it(what, (t) => {
    if (skipBecause(t, process.env['GREENPRINT_INFRA_NEEDS'] ?? null)) return undefined
    return test(t)
  })
}

export interface Statement {
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly effect?: string
  readonly principals?: readonly unknown[]
  readonly conditions?: readonly unknown[]
}

export interface Deployed {
  readonly proof: Proof
  /** Inputs of all resources of a kind, by name. */
  all<K extends keyof Kinds>(kind: K): Record<string, Kinds[K]>
  /** Inputs of the one resource of this kind, or of the one with this name. */
  one<K extends keyof Kinds>(kind: K, name?: string): Kinds[K]
  lambda(name: FunctionName): Kinds['aws:lambda/function:Function']
}

export function deployed(variant: Variant): Deployed {
  const proof = readProof(variant)
  const all: Deployed['all'] = <K extends keyof Kinds>(kind: K) => {
    const found = proof.resources.filter(({ type }) => type === kind)
    const entries = found.map(({ name, inputs }) => [name, inputs] as const)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a test expects, its assertions say
    return Object.fromEntries(entries) as Record<string, Kinds[K]>
  }
  const one: Deployed['one'] = (kind, name) => {
    const found = Object.entries(all(kind)).filter(([key]) => name === undefined || key === name)
    const [[, inputs] = []] = found
    if (inputs !== undefined && found.length === 1) return inputs
    throw new Error(`There are ${found.length} ${kind} ${name ?? ''}.`)
  }
  const lambda = (name: FunctionName) => one('aws:lambda/function:Function', `${name}Function`)
  return { proof, all, one, lambda }
}

/** Of a policy document, as SST hands it to the provider. */
export function statements(policy: string): readonly Statement[] {
  const { Statement }: { Statement: readonly Statement[] } = JSON.parse(policy)
  return Statement
}

/** Every statement of a function's own policy. */
export function rightsOf(stage: Deployed, name: FunctionName): readonly Statement[] {
  const { inlinePolicies } = stage.one('aws:iam/role:Role', `${name}Role`)
  return inlinePolicies.flatMap(({ policy }) => statements(policy))
}

/** `bucket/*` for objects of the stage's bucket, `JobsQueue` for what SST named so, with its random end. */
export function shorten(arn: string, { proof }: Deployed): string {
  const bucket = `arn:aws:s3:::${String(proof.outputs['bucket'])}`
  if (arn.startsWith(bucket)) return `bucket${arn.slice(bucket.length)}`
  const named = /^(?:arn:aws:[\w:-]+:(?:event-bus\/)?)?greenprint-test-(\w+)-[a-z]+$/.exec(arn)
  return named?.[1] ?? arn
}
