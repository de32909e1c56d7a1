// Values that are kept by AWS under a name: `aws-secret:<name>` in Secrets Manager, `ssm:/<path>` in Parameter Store,
// both with `#<field>` for one text of a JSON object. Whatever variable has one, it stands for the whole value.

import type { KeptBy } from '../aws/kept-text.ts'
import { describeError, GreenprintError } from '../errors.ts'
import { isJsonObject } from '../model/json.ts'
import { parseJsonText } from '../model/json-text.ts'
import { variableNames } from './variables.ts'

/** Where a value is kept. */
export interface KeptReference {
  readonly by: KeptBy
  /** Name or ARN. */
  readonly name: string
  /** null = the whole text. */
  readonly field: string | null
}

/** Reads the text that is kept under a name; its errors say why not, and never what it is. */
export type ReadKept = (by: KeptBy, name: string, signal: AbortSignal) => Promise<string>

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html */
const SECRET = /^(?:arn:aws[\w-]*:secretsmanager:[\w-]+:\d{12}:secret:)?[\w/+=.@-]{1,512}$/
/** https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html */
const PARAMETER = /^(?:\/[\w.-]+){1,15}$/

/** What is meant to name a value that is kept, in our form or in one of AWS's own, wherever it stands. */
const MEANT = /(?:^|(?<=[\s,;|:="']))(aws-secret:|ssm:|arn:aws[\w-]*:(?:secretsmanager|ssm):)/i

/**
 * null for a plain value; undefined for a reference that names nothing, and for one that is not the whole value. What
 * is meant as one is never read as it stands: in API_TOKENS the name of a parameter would be a token.
 */
export function readReference(value: string): KeptReference | null | undefined {
  const whole = value.trim()
  const scheme = MEANT.exec(whole)?.[1]
  if (scheme === undefined) return null
  if (!/^(aws-secret|ssm):/.test(whole)) return undefined
  const rest = whole.slice(scheme.length)
  const [name = '', field = null, ...more] = rest.split('#')
  const by = scheme === 'ssm:' ? 'parameters' : 'secrets'
  const isName = (by === 'secrets' ? SECRET : PARAMETER).test(name)
  return isName && field !== '' && more.length === 0 ? { by, name, field } : undefined
}

type Given = Readonly<Record<string, string | undefined>>

/**
 * The environment with the values that its references stand for; each name is read once.
 *
 * @throws {GreenprintError} `invalid_configuration` with one detail line per variable that cannot be read
 */
export async function resolveReferences(
  given: Given,
  read: ReadKept,
  signal: AbortSignal,
): Promise<Given> {
  const named = variableNames.flatMap((variable) => {
    const value = given[variable] ?? ''
    const reference = readReference(value)
    return reference === null ? [] : [{ variable, reference }]
  })
  const texts = new Map<string, Promise<string>>()
  const textOf = ({ by, name }: KeptReference): Promise<string> => {
    const key = `${by} ${name}`
    const text = texts.get(key) ?? read(by, name, signal)
    texts.set(key, text)
    return text
  }
  const faults: string[] = []
  const entries = await Promise.all(
    named.map(async ({ variable, reference }): Promise<[string, string][]> => {
      if (reference === undefined) {
        faults.push(`${variable} has what begins as a reference, and is none: ${FORMS}.`)
        return []
      }
      try {
        return [[variable, fieldOf(await textOf(reference), reference.field)]]
      } catch (error) {
        const named = describeReference(reference)
        faults.push(`${variable}: ${named} could not be read: ${describeError(error)}.`)
        return []
      }
    }),
  )
  if (faults.length === 0) return { ...given, ...Object.fromEntries(entries.flat()) }
  const details = faults.toSorted()
  const message = `The environment has ${details.length} fault(s): ${details.join(' ')}`
  throw new GreenprintError('invalid_configuration', message, { details })
}

/** As it was written. */
function describeReference({ by, name, field }: KeptReference): string {
  return `${by === 'secrets' ? 'aws-secret:' : 'ssm:'}${name}${field === null ? '' : `#${field}`}`
}

const FORMS =
  'one is aws-secret:<name> or ssm:/<path>, with #<field> for one text of a JSON object, and stands for the whole value'

/** What a reference stands for, of the text that is kept. @throws {Error} that says why not, and never what it is */
export function fieldOf(text: string, field: string | null): string {
  const value = field === null ? text : objectOf(text)[field]
  if (typeof value !== 'string') throw new Error(`it has no text under "${field}"`)
  if (value.trim() === '') throw new Error('it is empty')
  return value
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = parseJsonText(text)
  } catch {
    // What was thrown may repeat the text.
  }
  if (isJsonObject(value)) return value
  throw new Error('it is no JSON object, so it has no fields')
}
