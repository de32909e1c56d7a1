// IPFS_GATEWAYS as people write it: addresses that name more than the gateway are mended, what is none is refused.

import { type GatewayConfig, parseAddresses, splitAddresses } from './addresses.ts'
import type { Environment } from './environment.ts'

/**
 * A path `/ipfs/…` and templates (`{cid}`, `:hash`, `*.ipfs.`) are cut off, and a JSON list of texts is read as a list:
 * what remains is the gateway's own address. One address counts once.
 */
export function readGateways(env: Environment, name: string, fallback: string): GatewayConfig[] {
  const entries = splitAddresses(listOf(env.text(name) ?? fallback))
  const strange = entries.findIndex((entry) => !/^https?:\/\//i.test(entry))
  if (strange >= 0) {
    env.refuse(
      `${name}: entry ${strange + 1} does not begin with https://. Give addresses like https://gateway.example, separated by spaces.`,
      name,
    )
    return []
  }
  const gateways = parseAddresses(env, name, entries.map(mend))
  return [...new Map(gateways.map((gateway) => [gateway.url, gateway])).values()]
}

/** Delegated routers; `none` for no router at all. */
export function readRouters(env: Environment, name: string, fallback: string): readonly string[] {
  const entries = env.list(name, fallback)
  if (entries.length === 1 && entries[0] === 'none') return []
  return entries.map((entry, index) => env.checkUrl(name, entry, `${name}: entry ${index + 1}`))
}

/** The texts of a JSON list, separated by spaces; any other text as it is. */
function listOf(text: string): string {
  if (!text.trimStart().startsWith('[')) return text
  try {
    const parsed: unknown = JSON.parse(text)
    if (!Array.isArray(parsed) || !parsed.every((entry) => typeof entry === 'string')) return text
    return parsed.join(' ')
  } catch {
    return text
  }
}

function mend(entry: string): string {
  const [address = '', ...headers] = entry.split('|')
  const own = address
    .trim()
    .replace(/^(https?:\/\/)(?:\*|:\w+|\{\w+\}|<\w+>)\.ip[fn]s\./i, '$1')
    .replace(/(?<!\/)\/+(?:ipfs|ipns)(?:\/+(?:\{[^}]*\}|:\w+|<[^>]*>|\$\w+|%s)?.*)?$/i, '')
    .replace(/(?<!\/)\/+(?:\{[^}]*\}|:(?:cid|hash)|<[^>]*>)\/*$/i, '')
  return [own, ...headers].join('|')
}
