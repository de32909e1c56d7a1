// Turns at servers: from each come so many large answers at a time, the next to whoever has waited for longest.

import { AdaptiveLimit, type LimitBounds } from '../async/adaptive-limit.ts'
import type { Clock } from '../async/clock.ts'
import { once } from '../async/once.ts'
import { remember } from '../model/remember.ts'
import { kindOfStatus } from '../model/source-failure.ts'

/** Of one request. */
export interface ServerTurn {
  /** Told of the status of the answer. */
  answered(status: number): void
  /** To be called in any case, once the answer is read. */
  leave(): void
}

/** An answer that takes longer is bound by the line, which more of them at a time would share. */
const QUICK_MS = 1_000

export class ServerLines {
  readonly #bounds: LimitBounds
  readonly #clock: Pick<Clock, 'elapsed'>
  /** What is known of a server's patience stays while the process lives. */
  readonly #lines = new Map<string, AdaptiveLimit>()

  /** @param bounds of the turns at one server at a time */
  constructor(bounds: LimitBounds, clock: Pick<Clock, 'elapsed'>) {
    this.#bounds = bounds
    this.#clock = clock
  }

  async enter(server: string, signal: AbortSignal): Promise<ServerTurn> {
    const line = this.#lines.get(server) ?? new AdaptiveLimit(this.#bounds)
    remember(this.#lines, server, line)
    const turn = await line.enter(signal)
    const start = this.#clock.elapsed()
    let isServed = false
    return {
      answered(status) {
        isServed = kindOfStatus(status) !== 'busy'
        if (!isServed) turn.refused()
      },
      leave: once(() => {
        const isQuick = this.#clock.elapsed() - start <= QUICK_MS
        if (!isQuick) turn.slowed()
        else if (isServed) turn.served()
        turn.leave()
      }),
    }
  }
}
