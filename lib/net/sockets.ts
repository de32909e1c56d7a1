// The only door to undici, opened by the first request: a function that fetches nothing does not wait for it to load.

import type { LookupFunction } from 'node:net'
import type { Agent } from 'undici'
import { createListedLookup, type HostPolicy } from './guard.ts'
import { localhostLookup } from './localhost.ts'

export interface Sockets {
  /** For what the operator configured. */
  readonly open: Connections
  /** For what callers name: no connection to an address that is not public, but of a name that is listed. */
  readonly guarded: Connections
}

/** Ways to the same servers. */
export interface Connections {
  /** HTTP/2 where a server has it. The first request finds that out, and all others to the server wait for it. */
  readonly shared: Agent
  /** HTTP/1.1: a connection for each request that is under way, as far as `APART` goes. */
  readonly apart: Agent
}

/** To one server that has no HTTP/2: for the small answers of all callers. */
const MOST_SHARED = 32
/**
 * To one server: at first as many requests as any gateway has at a time (browsers open six), and more where it serves
 * them all. Of S3's clients AWS's own opens fifty; hosts of scenes with a quota refuse the fifth.
 */
export const APART = { first: 8, most: 32 } as const
const CONNECT_MS = 10_000

/** @param lookup that refuses what is not public */
export async function openSockets(
  { allowPrivate, privateHosts = [] }: HostPolicy,
  lookup: LookupFunction,
): Promise<Sockets> {
  // By its default export: of a CommonJS package, a bundle that loads it late knows no other.
  const { default: undici } = await import('undici')
  const { Agent } = undici
  const connections = (found: LookupFunction): Connections => {
    const connect = { timeout: CONNECT_MS, lookup: found }
    return {
      shared: new Agent({ connect, connections: MOST_SHARED }),
      apart: new Agent({ connect, connections: APART.most, allowH2: false }),
    }
  }
  const open = connections(localhostLookup)
  const guarded = allowPrivate ? open : connections(createListedLookup(privateHosts, lookup))
  return { open, guarded }
}
