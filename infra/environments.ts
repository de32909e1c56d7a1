// The environment of each function, derived from lib/config/variables.ts.

import { neededBy } from '../lib/config/publishers.ts'
import type { FunctionName, Variable } from '../lib/config/variable.ts'
import { type VariableName, variableNames, variables } from '../lib/config/variables.ts'
import type { Places } from './places.ts'
import { setting } from './settings.ts'

type Value = $util.Input<string>

/** Variables whose value the deployment itself makes. */
type ResourceName = {
  [Name in VariableName]: (typeof variables)[Name]['given'] extends { as: 'resource' }
    ? Name
    : never
}[VariableName]

/** Of these, what exists only once a function does. */
export type CheckName = Extract<ResourceName, `CHECKS_${string}`>

/** @returns the environment of a function by its name, with the checks where there are any */
export function createEnvironments({ bucket, jobs, results, gateway }: Places) {
  const resources: Record<Exclude<ResourceName, CheckName>, Value> = {
    S3_BUCKET: bucket.name,
    QUEUE_URL: jobs.url,
    RESULT_TOPIC_ARN: results.arn,
    PUBLIC_URL: setting('PUBLIC_URL') ?? gateway.url,
  }
  const values: Partial<Record<string, Value>> = { ...createSecrets(), ...resources }
  return (to: FunctionName, checks: Partial<Record<CheckName, Value>> = {}) => {
    const made: Partial<Record<string, Value>> = { ...values, ...checks }
    const entries = variableNames.flatMap((name): [string, Value][] => {
      const { given }: Variable = variables[name]
      if (given === null || !given.to.includes(to)) return []
      const value = given.as === 'setting' ? setting(name) : made[name]
      return value === undefined ? [] : [[name, value]]
    })
    const environment: Record<string, Value> = Object.fromEntries(entries)
    return { ...keyless(to, values), ...environment }
  }
}

/** `API_TOKENS` is the secret ApiTokens of the stage, empty until it is set. */
function createSecrets(): Record<string, Value> {
  const names = variableNames.filter((name) => variables[name].given?.as === 'secret')
  const titleOf = (name: string) =>
    name.toLowerCase().replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase())
  return Object.fromEntries(names.map((name) => [name, new sst.Secret(titleOf(name), '').value]))
}

/** A function that looks up publications needs the names of the publishers, but not their keys. */
function keyless(to: FunctionName, values: Readonly<Partial<Record<string, Value>>>) {
  const names = Object.values(neededBy)
    .flat()
    .filter((name) => {
      const { given }: Variable = variables[name]
      return given?.as === 'secret' && !given.to.includes(to)
    })
  const hide = (value: string) => (value === '' ? '' : 'not here')
  return Object.fromEntries(
    names.map((name): [string, Value] => [name, $util.output(values[name] ?? '').apply(hide)]),
  )
}
