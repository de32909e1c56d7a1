// Addresses with the headers that they are asked with: `url` or `url|Header: value`, several after each other.

import type { Environment } from './environment.ts'

export interface GatewayConfig {
  /** Without a trailing slash; may have a path. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** Entries start at `http…`, so that a header value may hold spaces and commas. */
export function splitAddresses(text: string): string[] {
  return text === '' ? [] : text.split(/(?<![\s,])[\s,]+(?=https?:\/\/)/i)
}

export function readAddresses(env: Environment, name: string): GatewayConfig[] {
  return parseAddresses(env, name, splitAddresses(env.text(name) ?? ''))
}

/** Faults never repeat a value. */
export function parseAddresses(
  env: Environment,
  name: string,
  entries: readonly string[],
): GatewayConfig[] {
  return entries.map((entry, index) => {
    const where = `${name}: entry ${index + 1}`
    const [url = '', ...headers] = entry.split('|')
    return {
      url: env.checkUrl(name, url.trim(), where),
      headers: readHeaders(env, name, headers, where),
    }
  })
}

/** `Header: value`, several with `|` between them. */
export function readHeaderList(env: Environment, name: string): Readonly<Record<string, string>> {
  const text = env.text(name)
  return text === undefined ? {} : readHeaders(env, name, text.split('|'))
}

function readHeaders(
  env: Environment,
  name: string,
  headers: readonly string[],
  where = name,
): Readonly<Record<string, string>> {
  const pairs = headers.map((header) => {
    const colon = header.indexOf(':')
    const field = header.slice(0, Math.max(colon, 0)).trim()
    if (!/^[\w-]+$/.test(field)) {
      env.refuse(`${where} has a header that is not "Name: value".`, name)
    }
    return [field, header.slice(colon + 1).trim()] as const
  })
  return Object.fromEntries(pairs)
}
