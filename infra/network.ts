// Where the functions run: in AWS's own network, or in subnets of the operator's, from where hosts inside are reached.

import { listed } from './settings.ts'

export interface Network {
  readonly privateSubnets: string[]
  readonly securityGroups: string[]
}

/**
 * null = AWS's own.
 *
 * @throws {RangeError} before anything is deployed
 */
export function ownNetwork(): Network | null {
  const privateSubnets = listed('VPC_SUBNETS')
  const securityGroups = listed('VPC_SECURITY_GROUPS')
  if (privateSubnets.length === 0 && securityGroups.length === 0) return null
  const isWhole =
    privateSubnets.length > 0 &&
    securityGroups.length > 0 &&
    privateSubnets.every((id) => /^subnet-[0-9a-f]+$/.test(id)) &&
    securityGroups.every((id) => /^sg-[0-9a-f]+$/.test(id))
  if (isWhole) return { privateSubnets, securityGroups }
  throw new RangeError(
    'VPC_SUBNETS (subnet-…) and VPC_SECURITY_GROUPS (sg-…) are set together, each with one id or more.',
  )
}
