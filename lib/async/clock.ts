// The only clock and the only sleep, so that everything that waits can be tested without waiting.

import { setTimeout as sleep } from 'node:timers/promises'

export interface SleepOptions {
  readonly keepsAlive?: boolean
}

export interface Clock {
  /** Milliseconds that only ever grow; for measuring. */
  elapsed(): number
  /** Milliseconds since 1970; for expiry, logs and receipts, never for anything that a CID covers. */
  now(): number
  /** @param options `keepsAlive: false` for a pause that does not keep a process from ending */
  sleep(ms: number, signal: AbortSignal, options?: SleepOptions): Promise<void>
}

export const systemClock: Clock = {
  // Not performance.now(), whose first use loads modules of Node in 1 ms of a cold start.
  elapsed: () => Number(process.hrtime.bigint()) / 1e6,
  now: () => Date.now(),
  sleep: async (ms, signal, { keepsAlive = true } = {}) => {
    await sleep(ms, undefined, { signal, ref: keepsAlive })
  },
}
