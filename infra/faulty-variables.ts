// Variables that the functions would refuse whenever they start, found before they are deployed.

import { readConfig } from '../lib/config/config.ts'
import { readReference } from '../lib/config/references.ts'
import { type FunctionName, functionNames } from '../lib/config/variable.ts'
import { GreenprintError } from '../lib/errors.ts'
import { keyless, namesFor } from './environments.ts'
import { setting } from './settings.ts'

/** Of what the deployment makes, what others are only set with. */
const made = { S3_BUCKET: 'store', PUBLIC_URL: 'https://api.example.org' }

/** @throws {RangeError} with each fault, as the function would tell it */
export function refuseFaultyVariables(): void {
  const faults = new Set(functionNames.flatMap(faultsOf))
  if (faults.size > 0) throw new RangeError([...faults].join('\n'))
}

function faultsOf(to: FunctionName): readonly string[] {
  const given = namesFor(to).flatMap((name): [string, string][] => {
    const value = setting(name)
    return value === undefined ? [] : [[name, value]]
  })
  const environment = { ...made, ...Object.fromEntries(given), ...keyless(to) }
  // Only the function itself reads what is kept by a name.
  const kept = given.flatMap(([name, value]) => (readReference(value) === null ? [] : [name]))
  try {
    readConfig({ ...environment, AWS_LAMBDA_FUNCTION_NAME: to }, kept)
    return []
  } catch (error) {
    if (error instanceof GreenprintError) return error.details
    throw error
  }
}
