// Texts that AWS keeps for us by a name, in Secrets Manager and in Parameter Store: loaded only where one is named.

import { describeError } from '../errors.ts'
import { adviceOnDenied } from './denied-right.ts'

export type KeptBy = 'secrets' | 'parameters'

/**
 * As often as the time allows: Parameter Store gives 40 a second to all of an account
 * (https://docs.aws.amazon.com/general/latest/gr/ssm.html), and under load functions start together.
 */
const MOST_ATTEMPTS = 10

/**
 * @param name of a secret, or its ARN; of a parameter, its path
 * @param region null = the one that the SDK finds
 * @throws {Error} why it could not be read, in one clause without what it is
 */
export async function readKeptText(
  by: KeptBy,
  name: string,
  region: string | null,
  signal: AbortSignal,
): Promise<string> {
  const [, , , ofName] = name.split(':')
  const settings = {
    ...(ofName === undefined ? (region === null ? {} : { region }) : { region: ofName }),
    maxAttempts: MOST_ATTEMPTS,
    requestHandler: { connectionTimeout: 2_000, socketTimeout: 4_000 },
  }
  try {
    const text =
      by === 'secrets'
        ? await (await import('./secrets-manager.ts')).readSecret(name, settings, signal)
        : await (await import('./parameter-store.ts')).readParameter(name, settings, signal)
    if (text === undefined) throw new Error('it is binary, and a text is wanted')
    return text
  } catch (cause) {
    throw new Error(explain(cause, by, name), { cause })
  }
}

const rights = { secrets: 'secretsmanager:GetSecretValue', parameters: 'ssm:GetParameter' } as const
const places = { secrets: 'Secrets Manager', parameters: 'Parameter Store' } as const

function explain(error: unknown, by: KeptBy, name: string): string {
  const kind = error instanceof Error ? error.name : ''
  if (kind === 'ResourceNotFoundException' || kind === 'ParameterNotFound') {
    return `${places[by]} has none of this name in the region that was asked`
  }
  if (kind === 'TimeoutError' || kind === 'AbortError') {
    return `${places[by]} did not answer in time: a function in a VPC needs a way to it`
  }
  // Of the key that it is encrypted by, which neither service names.
  if (/KMS/.test(describeError(error))) {
    return `its key is refused: allow kms:Decrypt on it to the role of this function`
  }
  return adviceOnDenied(error, rights[by], name) ?? describeError(error)
}
