// Time that passes only when everybody waits: hours of a simulated system in seconds, in the same order on every run.

import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../lib/async/clock.ts'

interface Sleeper {
  readonly at: number
  /** Of two that wake at once, who fell asleep first. */
  readonly order: number
  readonly wake: () => void
}

export class VirtualClock implements Clock {
  #now: number
  #order = 0
  /** A heap: the earliest on top. */
  readonly #sleepers: Sleeper[] = []

  constructor(start: number) {
    this.#now = start
  }

  now(): number {
    return this.#now
  }

  elapsed(): number {
    return this.#now
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason)
    return new Promise((resolve, reject) => {
      const stop = () => reject(signal.reason)
      const wake = () => {
        signal.removeEventListener('abort', stop)
        resolve()
      }
      signal.addEventListener('abort', stop, { once: true })
      this.#push({ at: this.#now + Math.max(0, ms), order: this.#order++, wake })
    })
  }

  /** Lets time pass until this is over. */
  async run(whole: Promise<void>): Promise<void> {
    let over = false
    const watched = whole.finally(() => {
      over = true
    })
    watched.catch(() => undefined)
    for (;;) {
      // Whatever follows from the last waking happens before the next one.
      await setImmediate()
      if (over) return watched
      const next = this.#pop()
      if (next === undefined) throw new Error('everybody waits for something that will not happen')
      this.#now = Math.max(this.#now, next.at)
      next.wake()
    }
  }

  #push(sleeper: Sleeper): void {
    const heap = this.#sleepers
    heap.push(sleeper)
    for (let i = heap.length - 1; i > 0; ) {
      const above = (i - 1) >> 1
      if (!isBefore(heap[i], heap[above])) return
      this.#swap(i, above)
      i = above
    }
  }

  #pop(): Sleeper | undefined {
    const heap = this.#sleepers
    const [first] = heap
    const last = heap.pop()
    if (last === undefined || last === first) return first
    heap[0] = last
    for (let i = 0; ; ) {
      const [left, right] = [2 * i + 1, 2 * i + 2]
      const below = isBefore(heap[right], heap[left]) ? right : left
      if (!isBefore(heap[below], heap[i])) return first
      this.#swap(i, below)
      i = below
    }
  }

  #swap(i: number, j: number): void {
    const [one, other] = [this.#sleepers[i], this.#sleepers[j]]
    if (one === undefined || other === undefined) return
    this.#sleepers[i] = other
    this.#sleepers[j] = one
  }
}

function isBefore(one: Sleeper | undefined, other: Sleeper | undefined): boolean {
  if (one === undefined || other === undefined) return one !== undefined
  return one.at < other.at || (one.at === other.at && one.order < other.order)
}
