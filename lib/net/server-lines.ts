// Turns at servers: from each come so many large answers at a time, the next to whoever has waited for longest.

import { AdaptiveLimit, type LimitBounds, type Turn } from '../async/adaptive-limit.ts'
import { remember } from '../model/remember.ts'

export class ServerLines {
  readonly #bounds: LimitBounds
  /** What is known of a server's patience stays while the process lives. */
  readonly #lines = new Map<string, AdaptiveLimit>()

  /** @param bounds of the turns at one server at a time */
  constructor(bounds: LimitBounds) {
    this.#bounds = bounds
  }

  enter(server: string, signal: AbortSignal): Promise<Turn> {
    const line = this.#lines.get(server) ?? new AdaptiveLimit(this.#bounds)
    remember(this.#lines, server, line)
    return line.enter(signal)
  }
}
