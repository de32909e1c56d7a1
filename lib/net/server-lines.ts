// Turns at servers: from each come so many large answers at a time, the next to whoever has waited for longest.

import { createLimit, type Limit } from '../async/limit.ts'
import { once } from '../async/once.ts'

export class ServerLines {
  readonly #most: number
  /** Of servers that somebody has a turn at, or waits for one. */
  readonly #lines = new Map<string, { readonly limit: Limit; callers: number }>()

  /** @param most turns at one server at a time */
  constructor(most: number) {
    this.#most = most
  }

  /** @returns what ends the turn, to be called in any case */
  async take(server: string, signal: AbortSignal): Promise<() => void> {
    const line = this.#lines.get(server) ?? { limit: createLimit(this.#most), callers: 0 }
    this.#lines.set(server, line)
    line.callers++
    const gone = () => {
      line.callers--
      if (line.callers === 0) this.#lines.delete(server)
    }
    try {
      const leave = await line.limit.enter(signal)
      return once(() => {
        leave()
        gone()
      })
    } catch (error) {
      gone()
      throw error
    }
  }
}
