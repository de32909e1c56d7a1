// What a stage's settings must not be, found before the first resource is made.

import { type FunctionName, functionNames } from '../lib/config/variable.ts'
import { variables } from '../lib/config/variables.ts'
import { monthlyLimit } from './budget.ts'
import { ownDomain } from './domain.ts'
import { ownKey } from './encryption.ts'
import { keyless, namesFor } from './environments.ts'
import { refuseFaultyVariables } from './faulty-variables.ts'
import { requireSecret } from './front.ts'
import { ownNetwork } from './network.ts'
import { noticeTopics } from './notices.ts'
import { refusePlainSecrets } from './secrets.ts'
import { count, countNames, isFronted, setting } from './settings.ts'
import { schedule, scheduledEvent } from './triggers.ts'

/** Bytes of names and values: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
const MOST_BYTES = 4096
/** An ARN or an address that the deployment makes, at its longest. */
const MADE_BYTES = 140
/** Three variables of SST's own, and Node's, with their names. */
const ALWAYS_BYTES = 240

/** @throws {RangeError} with what to do */
export function checkSettings(): void {
  refusePlainSecrets()
  ownKey()
  isFronted('files')
  ownDomain()
  if (isFronted('api')) requireSecret()
  ownNetwork()
  for (const name of countNames) count(name)
  noticeTopics()
  scheduledEvent()
  schedule()
  monthlyLimit()
  refuseFaultyVariables()
  for (const name of functionNames) refuseLargeEnvironment(name)
}

function refuseLargeEnvironment(to: FunctionName): void {
  const given = namesFor(to).map((name): readonly [string, number] => {
    const made = variables[name].given?.as === 'resource' ? MADE_BYTES : 0
    const value = setting(name)
    return [name, value === undefined ? made : Buffer.byteLength(value)]
  })
  const hidden = Object.entries(keyless(to)).map(([name, value]) => [name, value.length] as const)
  const set = [...given, ...hidden].filter(([, bytes]) => bytes > 0)
  const bytes = set.reduce((sum, [name, value]) => sum + name.length + value, ALWAYS_BYTES)
  if (bytes <= MOST_BYTES) return
  const largest = set
    .filter(([name]) => setting(name) !== undefined)
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, 3)
  const first = largest[0]?.[0] ?? ''
  throw new RangeError(
    `The environment of ${to} would have about ${bytes} bytes, and Lambda takes ${MOST_BYTES}. Its largest variables: ${largest.map(([name, size]) => `${name} (${size})`).join(', ')}. Put the value of one into Parameter Store (aws ssm put-parameter) and set ${first}=ssm:/<its path>.`,
  )
}
