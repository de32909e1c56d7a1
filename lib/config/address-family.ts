// Which kind of IP address a text is, as lists of addresses ask for it.

import { isIP } from 'node:net'

/** null for text that is no address. */
export function addressFamily(text: string): 'ipv4' | 'ipv6' | null {
  const version = isIP(text)
  if (version === 0) return null
  return version === 4 ? 'ipv4' : 'ipv6'
}
