// Addresses with the headers that they are asked with: `url` or `url|Header: value`, several after each other.

import type { Environment } from './environment.ts'

export interface GatewayConfig {
  /** Without a trailing slash; may have a path. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** Entries start at `http…`, so that a header value may hold spaces and commas. Faults never repeat a value. */
export function readAddresses(env: Environment, name: string, fallback: string): GatewayConfig[] {
  const text = env.text(name) ?? fallback
  if (text === '') return []
  return text.split(/[\s,]+(?=https?:\/\/)/).map((entry, index) => {
    const where = `${name}: entry ${index + 1}`
    const [url = '', ...headers] = entry.split('|')
    const pairs = headers.map((header) => {
      const colon = header.indexOf(':')
      const field = header.slice(0, Math.max(colon, 0)).trim()
      if (!/^[\w-]+$/.test(field)) {
        env.faults.add(`${where} has a header that is not "Name: value".`)
      }
      return [field, header.slice(colon + 1).trim()] as const
    })
    return { url: env.checkUrl(where, url.trim()), headers: Object.fromEntries(pairs) }
  })
}
