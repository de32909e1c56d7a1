// Addresses to which no request of a caller leads, whoever allows the host.

import { BlockList } from 'node:net'
import { addressFamily } from './address-family.ts'

/** Where clouds tell a machine its credentials, and what else answers on the link alone. */
const ofLink = new BlockList()
ofLink.addSubnet('169.254.0.0', 16, 'ipv4')
ofLink.addSubnet('fe80::', 10, 'ipv6')
// Of AWS: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
ofLink.addAddress('fd00:ec2::254', 'ipv6')
ofLink.addAddress('fd20:ce::254', 'ipv6')

/** Whether no name at all may lead to `address`, whoever allows the name. */
export function isLinkAddress(address: string): boolean {
  const family = addressFamily(address)
  return family !== null && ofLink.check(address, family)
}
