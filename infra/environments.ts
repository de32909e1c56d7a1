// The environment of each function, derived from lib/config/variables.ts.

import { neededBy } from '../lib/config/publishers.ts'
import type { FunctionName, Variable } from '../lib/config/variable.ts'
import { type VariableName, variableNames, variables } from '../lib/config/variables.ts'
import { nodeOptions } from './node-options.ts'
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
export function createEnvironments({ bucket, jobs, results, front, publicFiles }: Places) {
  const filesUrl = setting('PUBLIC_FILES_URL') ?? publicFiles?.url
  const resources: Record<Exclude<ResourceName, CheckName | 'PUBLIC_FILES_URL'>, Value> = {
    S3_BUCKET: bucket.name,
    QUEUE_URL: jobs.url,
    RESULT_TOPIC_ARN: results.arn,
    PUBLIC_URL: setting('PUBLIC_URL') ?? front.url,
  }
  const values: Partial<Record<string, Value>> = {
    ...resources,
    ...(filesUrl === undefined ? {} : { PUBLIC_FILES_URL: filesUrl }),
  }
  return (to: FunctionName, checks: Partial<Record<CheckName, Value>> = {}) => {
    const made: Partial<Record<string, Value>> = { ...values, ...checks }
    const entries = namesFor(to).flatMap((name): [string, Value][] => {
      const value = variables[name].given?.as === 'resource' ? made[name] : setting(name)
      return value === undefined ? [] : [[name, value]]
    })
    const environment: Record<string, Value> = Object.fromEntries(entries)
    return { NODE_OPTIONS: nodeOptions, ...keyless(to), ...environment }
  }
}

/** Of the variables that this function is given where they are set. */
export function namesFor(to: FunctionName): VariableName[] {
  return variableNames.filter((name) => {
    const { given }: Variable = variables[name]
    return given?.to.includes(to) === true
  })
}

/** A function that looks up publications needs the names of the publishers, but not their keys. */
export function keyless(to: FunctionName): Record<string, string> {
  const names = Object.values(neededBy)
    .flat()
    .filter((name) => {
      const { given }: Variable = variables[name]
      return given?.as === 'secret' && !given.to.includes(to) && setting(name) !== undefined
    })
  return Object.fromEntries(names.map((name) => [name, 'not here']))
}
