// What was opened last, shared by all who want it: opened once, kept for the next, and let go when others come.

import { remember } from '../model/remember.ts'
import type { Clock } from './clock.ts'
import { JointReads } from './joint-reads.ts'

interface Kept<T> {
  readonly value: T
  /** When it was opened, by the clock. */
  readonly since: number
}

export interface ShelfOptions {
  /** Things kept at a time. */
  readonly most: number
  /** How long a thing is kept, however often it is used. */
  readonly mostMs: number
  readonly clock: Pick<Clock, 'elapsed'>
}

export class Shelf<T> {
  readonly #options: ShelfOptions
  readonly #kept = new Map<string, Kept<T>>()
  readonly #reads = new JointReads<T>()

  constructor(options: ShelfOptions) {
    this.#options = options
  }

  /** Opens it unless it is here, or on its way for somebody else. A failure is not kept. */
  async take(
    key: string,
    open: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    signal.throwIfAborted()
    const { most, mostMs, clock } = this.#options
    const kept = this.#kept.get(key)
    if (kept !== undefined && clock.elapsed() - kept.since < mostMs) {
      remember(this.#kept, key, kept, most)
      return kept.value
    }
    const openAndKeep = async (stop: AbortSignal) => {
      const value = await open(stop)
      this.#keep(key, value)
      return value
    }
    return this.#reads.read(key, openAndKeep, signal)
  }

  /** For a thing that turned out to be no good any more. */
  drop(key: string): void {
    this.#kept.delete(key)
  }

  #keep(key: string, value: T): void {
    const { most, clock } = this.#options
    remember(this.#kept, key, { value, since: clock.elapsed() }, most)
  }
}
