// The only door to undici, opened by the first request: a function that fetches nothing does not wait for it to load.

import type { LookupFunction } from 'node:net'
import type { Agent } from 'undici'
import { createListedLookup, type HostPolicy } from './guard.ts'
import { localhostLookup } from './localhost.ts'

export interface Sockets {
  /** For what the operator configured. */
  readonly open: Agent
  /** For what callers name: no connection to an address that is not public, but of a name that is listed. */
  readonly guarded: Agent
}

/** @param lookup that refuses what is not public */
export async function openSockets(
  { allowPrivate, privateHosts = [] }: HostPolicy,
  lookup: LookupFunction,
): Promise<Sockets> {
  // By its default export: of a CommonJS package, a bundle that loads it late knows no other.
  const { default: undici } = await import('undici')
  const { Agent } = undici
  const open = new Agent({
    connect: { timeout: 10_000, lookup: localhostLookup },
    connections: 32,
  })
  const guarded = allowPrivate
    ? open
    : new Agent({
        connect: { timeout: 10_000, lookup: createListedLookup(privateHosts, lookup) },
        connections: 32,
      })
  return { open, guarded }
}
