// Connections after a rest. Between two events a function is frozen: servers and NAT gateways let go of its connections
// meanwhile, and the next request would be the one that finds out.

import { setImmediate as nextLoop } from 'node:timers/promises'
import type { Clock } from '../async/clock.ts'
import { once } from '../async/once.ts'
import type { Connections, Sockets } from './sockets.ts'

/** After so long without a request, connections are opened anew: NAT gateways of AWS forget them after 350 s. */
const FORGOTTEN_MS = 60_000
/** After so long, what has happened to them is heard first. */
const RESTED_MS = 100

export class RestedSockets {
  readonly #open: () => Promise<Sockets>
  readonly #clock: Pick<Clock, 'elapsed'>
  /** null before the first request, and after a rest. */
  #opened: (() => Promise<Sockets>) | null = null
  #heard: Promise<void> = Promise.resolve()
  #usedAt = 0

  /** @param clock that goes on while the machine is frozen */
  constructor(open: () => Promise<Sockets>, clock: Pick<Clock, 'elapsed'>) {
    this.#open = open
    this.#clock = clock
  }

  /** For one request, now. */
  async get(): Promise<Sockets> {
    const now = this.#clock.elapsed()
    const rested = now - this.#usedAt
    this.#usedAt = now
    if (this.#opened !== null && rested > FORGOTTEN_MS) {
      this.#opened().then(close, () => undefined)
      this.#opened = null
    }
    if (this.#opened !== null && rested > RESTED_MS) this.#heard = hear()
    await this.#heard
    this.#opened ??= once(this.#open)
    return this.#opened()
  }
}

/** In the first turn sockets are told what came, in the second timers that were over long ago. */
async function hear(): Promise<void> {
  await nextLoop()
  await nextLoop()
}

/** What is under way on them goes on to its end. */
function close({ open, guarded }: Sockets): void {
  const each = new Set<Connections>([open, guarded])
  for (const { apart, shared } of each) {
    for (const agent of [apart, shared]) agent.close().catch(() => undefined)
  }
}
