// A server that strangers reach: it listens everywhere, and ends when it is told to, with what it has begun.

import { once } from 'node:events'
import type { Server } from 'node:http'
import { type Clock, systemClock } from '../async/clock.ts'
import { GreenprintError } from '../errors.ts'

/** Less than the 30 s that Docker's orchestrators wait before they kill; Docker itself waits 10 s. */
const MOST_ENDING_MS = 25_000

/**
 * A load balancer in front keeps its connections for a while, and a request that it sends on one that is just closed
 * here is a 502 of its own: it has to be the one that closes. Google's keeps them for 600 s, whatever it is told
 * (https://cloud.google.com/load-balancing/docs/https#timeouts_and_retries), AWS's for 60 s.
 */
const KEPT_MS = 620_000

/** Listens on every address of this machine, at `port` and no other. @returns the port. @throws {Error} where it is taken */
export async function listenEverywhere(server: Server, port: number): Promise<number> {
  server.keepAliveTimeout = KEPT_MS
  server.listen(port)
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

/** Aborts when the process is told to end; a second word ends it at once. */
export function untilToldToEnd(): AbortSignal {
  const end = new AbortController()
  for (const word of ['SIGTERM', 'SIGINT'] as const) {
    process.on(word, () => {
      if (end.signal.aborted) process.exit(1)
      end.abort(new GreenprintError('deadline_exceeded', 'The server was told to end.'))
    })
  }
  return end.signal
}

/**
 * Takes no more requests, and resolves once those that are answered have their answers, and the work is over; callers
 * whose answers take longer are left without.
 */
export async function endServer(
  server: Server,
  work: Promise<unknown>,
  clock: Clock = systemClock,
): Promise<void> {
  const closed = once(server, 'close')
  // Of connections that are in use now: once they are not, none waits for a request that it would not take.
  server.keepAliveTimeout = 1
  server.close()
  server.closeIdleConnections()
  const enough = new AbortController()
  const late = clock.sleep(MOST_ENDING_MS, enough.signal).catch(() => undefined)
  await Promise.race([Promise.all([closed, work]), late])
  enough.abort()
  server.closeAllConnections()
}
