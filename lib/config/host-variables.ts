// The variables that say which hosts requests may lead to: the part of the table for the guard of hosts.

import { readAllowedHosts, readPrivateNames } from './hosts.ts'
import { readPrivateHosts } from './readers.ts'
import { setting, type Variable } from './variable.ts'

export const hostVariables = {
  ALLOWED_HOSTS: {
    read: readAllowedHosts,
    fallback: 'any public host',
    meaning:
      'Host names, each exact, that callers may name in item and search URLs, and no others; those of STAC_API_URL and CATALOG_URL too, where these are set.',
    given: setting,
  },
  PRIVATE_HOSTS: {
    read: readPrivateNames,
    fallback: 'none',
    meaning:
      'Hosts that may be private, and asked by plain `http:`: exact names or addresses, whatever the port, for a catalogue or files inside. Whoever may ask this deployment can have it ask them.',
    given: setting,
  },
  ALLOW_PRIVATE_HOSTS: {
    read: readPrivateHosts,
    fallback: '`false`; locally `true`',
    meaning: '`true` lets callers name private and plain http: hosts. Refused on Lambda.',
    given: null,
  },
} as const satisfies Readonly<Record<string, Variable>>
