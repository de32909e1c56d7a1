// The only door to undici, opened by the first request: who fetches nothing does not wait for it to load.

import type { LookupFunction } from 'node:net'
import type { Agent, fetch } from 'undici'
import type { HostPolicy } from './guard.ts'

export type { Response } from 'undici'

export interface Sockets {
  readonly fetch: typeof fetch
  /** For what the operator configured. */
  readonly open: Agent
  /** For what callers name: no connection to an address that is not public. */
  readonly guarded: Agent
}

/** @param lookup that refuses what is not public */
export async function openSockets(
  { allowPrivate }: HostPolicy,
  lookup: LookupFunction,
): Promise<Sockets> {
  const { Agent, fetch } = await import('undici')
  const open = new Agent({ connect: { timeout: 10_000 }, connections: 32 })
  const guarded = allowPrivate
    ? open
    : new Agent({ connect: { timeout: 10_000, lookup }, connections: 32 })
  return { fetch, open, guarded }
}
