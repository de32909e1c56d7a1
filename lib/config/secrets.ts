// Removes the secrets of the configuration from log lines.

import type { Config } from './config.ts'

/** Shorter words would remove ordinary text. */
const SHORTEST = 8

/** Every secret, and every word of those that are sent as several (`Bearer …`). */
export function secretsOf(config: Config): string[] {
  const {
    tokens,
    originSecrets,
    s3,
    gateways,
    publicGateways,
    sourceHeaders,
    pinata,
    kubo,
    receiptKey,
  } = config
  const pinataGateways = pinata?.gateway ? [pinata.gateway] : []
  const values = [
    ...tokens.map(({ token }) => token),
    ...originSecrets,
    ...secretsOfServices(config),
    ...(s3?.credentials === undefined ? [] : [s3.credentials.secretAccessKey]),
    ...(receiptKey === null ? [] : [receiptKey]),
    ...Object.values(kubo?.headers ?? {}),
    ...[...gateways, ...publicGateways, ...sourceHeaders, ...pinataGateways].flatMap(
      ({ url, headers }) => [new URL(url).pathname, ...Object.values(headers)],
    ),
  ]
  const words = values.flatMap((value) => [value, ...value.split(/\s+/)])
  // The longest first: a secret may be part of another.
  return [...new Set(words)]
    .filter((word) => word.length >= SHORTEST)
    .toSorted((one, other) => other.length - one.length)
}

function secretsOfServices({ w3up, filebase, pinata, cluster, psa }: Config): string[] {
  const { auth = null } = cluster ?? {}
  const [, password = ''] = /:(.*)$/.exec(auth ?? '') ?? []
  const basic = auth === null ? '' : Buffer.from(auth).toString('base64')
  return [
    ...(w3up === null ? [] : [w3up.key, w3up.proof]),
    ...(filebase === null ? [] : [filebase.secret]),
    ...(pinata === null ? [] : [pinata.jwt]),
    ...(auth === null ? [] : [auth, password, basic]),
    ...(psa === null ? [] : [psa.token]),
  ]
}

/** @param line of plain JSON; a copy comes back */
export function withoutSecrets(line: object, secrets: readonly string[]): Record<string, unknown> {
  const inJson = (secret: string) => JSON.stringify(secret).slice(1, -1)
  const text = secrets.reduce(
    (json, secret) => json.replaceAll(inJson(secret), '[secret]'),
    JSON.stringify(line),
  )
  return JSON.parse(text)
}
