// The publishing services that the environment names: what each needs, and in which order they are asked.

import type { GatewayConfig } from './addresses.ts'
import type { Environment } from './environment.ts'
import { type PublisherName, type ServiceName, serviceNames } from './publisher-names.ts'
import type { Values, VariableName } from './variables.ts'

export interface W3upConfig {
  readonly url: string
  readonly did: string
  readonly key: string
  readonly proof: string
}

export interface FilebaseConfig {
  readonly key: string
  readonly secret: string
  readonly bucket: string
}

export interface PinataConfig {
  readonly jwt: string
  /** The account's own gateway, which serves what the account holds; null = the listing is the evidence. */
  readonly gateway: GatewayConfig | null
}

export interface ClusterConfig {
  readonly url: string
  /** `user:password`, else a token. */
  readonly auth: string | null
}

export interface PsaConfig {
  readonly url: string
  readonly token: string
}

/** Those that are set up; null = not. */
export interface ServiceConfigs {
  /** Address of an RPC API and the headers that identify us to it. */
  readonly kubo: GatewayConfig | null
  readonly cluster: ClusterConfig | null
  readonly w3up: W3upConfig | null
  readonly filebase: FilebaseConfig | null
  readonly pinata: PinataConfig | null
  readonly psa: PsaConfig | null
}

/** Without these there is no such service. */
export const neededBy: Readonly<Record<ServiceName, readonly VariableName[]>> = {
  kubo: ['KUBO_RPC_URL'],
  cluster: ['CLUSTER_URL'],
  w3up: ['W3UP_URL', 'W3UP_DID', 'W3UP_KEY', 'W3UP_PROOF'],
  filebase: ['FILEBASE_KEY', 'FILEBASE_SECRET', 'FILEBASE_BUCKET'],
  pinata: ['PINATA_JWT'],
  psa: ['PSA_URL', 'PSA_TOKEN'],
}

/** A pin by CID alone needs somebody else to have the blocks. */
const makesReachable: readonly PublisherName[] = ['kubo', 'cluster', 'w3up', 'filebase', 'pinata']

export function groupServices(values: Values, env: Environment): ServiceConfigs {
  const [gateway = null] = values.PINATA_GATEWAY
  return {
    kubo: group('kubo', values, env, ([url]) => ({ url, headers: values.KUBO_RPC_HEADERS })),
    cluster: group('cluster', values, env, ([url]) => ({ url, auth: values.CLUSTER_AUTH })),
    w3up: group('w3up', values, env, ([url, did, key, proof]) => ({ url, did, key, proof })),
    filebase: group('filebase', values, env, ([key, secret, bucket]) => ({ key, secret, bucket })),
    pinata: group('pinata', values, env, ([jwt]) => ({ jwt, gateway })),
    psa: group('psa', values, env, ([url, token]) => ({ url, token })),
  }
}

type Texts = readonly [string, string, string, string]

function group<T>(
  service: ServiceName,
  values: Values,
  env: Environment,
  build: (texts: Texts) => T,
): T | null {
  const names = neededBy[service]
  const missing = names.filter((name) => values[name] === null)
  if (missing.length === names.length) return null
  if (missing.length > 0) env.refuse(`${service} needs ${missing.join(', ')} too.`)
  const texts = names.map((name) => values[name])
  const [one = '', two = '', three = '', four = ''] = texts.map((value) =>
    typeof value === 'string' ? value : '',
  )
  return build([one, two, three, four])
}

/**
 * Those of `PUBLISHERS`, in its order. Without it the services that are set up, then the bucket; and where none is, the
 * local publisher on this machine, nobody on Lambda.
 */
export function choosePublishers(
  named: readonly PublisherName[] | null,
  configs: ServiceConfigs,
  { hasBucket, local }: { readonly hasBucket: boolean; readonly local: boolean },
  env: Environment,
): readonly PublisherName[] {
  if (named === null) {
    const found = serviceNames.filter((name) => configs[name] !== null)
    if (found.length === 0) return local ? ['local'] : []
    const chosen: readonly PublisherName[] = hasBucket ? [...found, 's3'] : found
    return checkPin(chosen, env)
  }
  for (const name of named) {
    if (name === 's3' && !hasBucket) {
      env.refuse('PUBLISHERS names s3, but S3_BUCKET is not set.', 'PUBLISHERS')
    }
    if (name !== 's3' && name !== 'local' && configs[name] === null) {
      const needed = neededBy[name].join(', ')
      env.refuse(`PUBLISHERS names ${name}, which needs ${needed}.`, 'PUBLISHERS')
    }
  }
  return checkPin(named, env)
}

function checkPin(chosen: readonly PublisherName[], env: Environment): readonly PublisherName[] {
  const before = chosen.slice(0, Math.max(chosen.indexOf('psa'), 0))
  if (chosen.includes('psa') && !before.some((name) => makesReachable.includes(name))) {
    env.refuse(
      `psa pins what others have: PUBLISHERS must name one of ${makesReachable.join(', ')} before it.`,
      'PUBLISHERS',
    )
  }
  return chosen
}
