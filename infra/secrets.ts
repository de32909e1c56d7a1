// Secrets of a stage: each lies in Secrets Manager or in Parameter Store, and the environment of a function refers to
// it. In plain text whoever may look at a function would read it, and the state of the deployment would hold it.

import { fieldOf, type KeptReference, readReference } from '../lib/config/references.ts'
import type { Variable } from '../lib/config/variable.ts'
import { type VariableName, variableNames, variables } from '../lib/config/variables.ts'
import { setting } from './settings.ts'

/** Addresses that may have headers after them: `url|Authorization: Bearer …`. */
const withHeaders: ReadonlySet<VariableName> = new Set(['IPFS_GATEWAYS', 'PUBLIC_GATEWAY'])

/**
 * Refuses what would be deployed in plain text.
 *
 * @throws {RangeError} before anything is deployed, with what to do for each variable
 */
export function refusePlainSecrets(): void {
  const faults = variableNames.flatMap((name) => {
    const { given }: Variable = variables[name]
    if (given?.as === 'secret' && isOldSecret(name)) return [fault(name, oldName(name))]
    const value = setting(name)
    if (value === undefined || given === null) return []
    const reference = readReference(value)
    if (reference === undefined) return [`${name} has what begins as a reference, and is none.`]
    if (reference !== null) return []
    const isSecret = given.as === 'secret' || (withHeaders.has(name) && value.includes('|'))
    return isSecret ? [fault(name, name)] : []
  })
  if (faults.length === 0) return
  throw new RangeError(`${faults.join('\n')}\nSee docs/deploy.md, "Secrets".`)
}

/** Kept by `sst secret set` before version 0.4. */
function isOldSecret(name: VariableName): boolean {
  return Boolean(process.env[`SST_SECRET_${oldName(name)}`]) && setting(name) === undefined
}

function oldName(name: VariableName): string {
  return name.toLowerCase().replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase())
}

function fault(name: VariableName, what: string): string {
  const kept = `greenprint/${$app.stage}/${name.toLowerCase().replaceAll('_', '-')}`
  return `${what} is a secret, and would be deployed in plain text. Put it where AWS keeps secrets (aws secretsmanager create-secret --name ${kept} --secret-string "$(cat)") and set ${name}=aws-secret:${kept}.`
}

/** Rights to read what these variables refer to. @param names of a function's environment */
export function rightsToSecrets(
  names: readonly VariableName[],
): { actions: string[]; resources: $util.Input<string>[] }[] {
  const { partition } = aws.getPartitionOutput()
  const { region } = aws.getRegionOutput()
  const { accountId } = aws.getCallerIdentityOutput()
  const place = (service: string, rest: string) =>
    $interpolate`arn:${partition}:${service}:${region}:${accountId}:${rest}`
  const arnOf = ({ by, name }: KeptReference) => {
    if (by === 'parameters') return place('ssm', `parameter${name}`)
    // Secrets Manager adds six characters of its own.
    return name.startsWith('arn:') ? name : place('secretsmanager', `secret:${name}-??????`)
  }
  const references = names.flatMap((name) => readReference(setting(name) ?? '') ?? [])
  const of = (by: KeptReference['by'], action: string) => {
    const named = references.filter((reference) => reference.by === by)
    const once = [...new Map(named.map((each) => [each.name, each])).values()]
    return once.length === 0 ? [] : [{ actions: [action], resources: once.map(arnOf) }]
  }
  return [
    ...of('secrets', 'secretsmanager:GetSecretValue'),
    ...of('parameters', 'ssm:GetParameter'),
  ]
}

/** What a reference stands for, where AWS itself takes no reference; the state of the deployment keeps it encrypted. */
export function keptText(given: string): $util.Output<string> {
  const reference = readReference(given)
  if (!reference)
    throw new RangeError(
      'What a CDN shows is given by reference: aws-secret:<name> or ssm:/<path>.',
    )
  const { by, name, field } = reference
  const text =
    by === 'parameters'
      ? aws.ssm.getParameterOutput({ name, withDecryption: true }).value
      : aws.secretsmanager.getSecretVersionOutput({ secretId: name }).secretString
  return $util.secret(text.apply((whole) => fieldOf(whole, field)))
}
