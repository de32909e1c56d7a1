// The only door to undici, opened by the first request: a function that fetches nothing does not wait for it to load.

import type { LookupFunction } from 'node:net'
import type { Agent, Dispatcher, request } from 'undici'
import { createListedLookup, type HostPolicy } from './guard.ts'
import { localhostLookup } from './localhost.ts'

export type Answer = Dispatcher.ResponseData

export interface Sockets {
  /** Follows no redirect. Half a millisecond of CPU less than `fetch` for each answer, which is what a block costs. */
  readonly request: typeof request
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
  const { Agent, request } = undici
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
  return { request, open, guarded }
}
