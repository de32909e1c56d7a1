// Addresses to which no request of a caller leads, whoever allows the host.

import net from 'node:net'
import { once } from '../async/once.ts'
import { addressFamily } from './address-family.ts'

/** Where clouds tell a machine its credentials, and what else answers on the link alone. */
const ofLink = once(() => {
  const list = new net.BlockList()
  list.addSubnet('169.254.0.0', 16, 'ipv4')
  list.addSubnet('fe80::', 10, 'ipv6')
  // Of Azure, Alibaba and Oracle, which put theirs elsewhere:
  // https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
  for (const address of ['168.63.129.16', '100.100.100.200', '192.0.0.192'])
    list.addAddress(address, 'ipv4')
  // Of AWS: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
  list.addAddress('fd00:ec2::254', 'ipv6')
  list.addAddress('fd20:ce::254', 'ipv6')
  return list
})

/** Whether no name at all may lead to `address`, whoever allows the name. */
export function isLinkAddress(address: string): boolean {
  const family = addressFamily(address)
  return family !== null && ofLink().check(address, family)
}
