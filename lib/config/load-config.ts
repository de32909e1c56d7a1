// The configuration of a process: its environment, with what that refers to read from where it is kept.

import { readKeptText } from '../aws/kept-text.ts'
import { GreenprintError } from '../errors.ts'
import { perObject } from '../model/per-object.ts'
import { type Config, readConfig } from './config.ts'
import { readReference, resolveReferences } from './references.ts'
import { variableNames } from './variables.ts'

/** Of the ten seconds that Lambda gives a function to start. */
const MOST_MS = 8_000

type Given = Readonly<Record<string, string | undefined>>

/**
 * Before the first event of a process, and once in it: a server has several doors, and each loads it.
 *
 * @param given the process environment
 * @throws {GreenprintError} `invalid_configuration` with one detail line per fault, never with a value that was read
 */
export const loadConfig = perObject(load)

async function load(given: Given): Promise<Config> {
  const named = variableNames.filter((name) => readReference(given[name] ?? '') !== null)
  if (named.length === 0) return readConfig(given)
  const region = given['AWS_REGION']?.trim() || given['AWS_DEFAULT_REGION']?.trim() || null
  const signal = AbortSignal.timeout(MOST_MS)
  const whole = await resolveReferences(
    given,
    (by, name, until) => readKeptText(by, name, region, until),
    signal,
  )
  try {
    return readConfig(whole)
  } catch (error) {
    throw withoutValues(
      error,
      named.map((name) => [name, whole[name] ?? '']),
    )
  }
}

/** A fault may quote what a variable says: of a plain one that helps, of a secret it must not. */
function withoutValues(error: unknown, values: readonly (readonly [string, string])[]): unknown {
  if (!(error instanceof GreenprintError)) return error
  const parts = values
    .flatMap(([name, value]) =>
      [value, ...value.split(/[\s,;|]+/)].map((part) => [name, part.trim()] as const),
    )
    .filter(([, part]) => part.length > 3)
    .toSorted(([, one], [, other]) => other.length - one.length)
  const clean = (text: string) =>
    parts.reduce((left, [name, part]) => left.replaceAll(part, `[what ${name} refers to]`), text)
  return new GreenprintError(error.code, clean(error.message), {
    details: error.details.map(clean),
  })
}
