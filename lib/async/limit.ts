// Runs at most so many tasks at a time; the rest wait in line.

import { once } from './once.ts'

export interface Limit {
  /** Tasks that run now. */
  readonly running: number
  /** Whether the next task has to wait. */
  readonly isFull: boolean
  run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T>
  /** A turn for what is no single task. @returns what ends it, to be called in any case */
  enter(signal: AbortSignal): Promise<() => void>
  /** Another bound from now on; what runs already goes on. */
  resize(most: number): void
}

export function createLimit(initial: number): Limit {
  let most = initial
  let running = 0
  const waiting: (() => void)[] = []

  function inLine(signal: AbortSignal): Promise<void> {
    if (running < most) {
      running++
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      const proceed = () => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = () => {
        waiting.splice(waiting.indexOf(proceed), 1)
        reject(signal.reason)
      }
      waiting.push(proceed)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  function admit(): void {
    while (running < most) {
      const next = waiting.shift()
      if (next === undefined) return
      running++
      next()
    }
  }

  async function enter(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    await inLine(signal)
    return once(() => {
      running--
      admit()
    })
  }

  return {
    get running() {
      return running
    },
    get isFull() {
      return running >= most
    },
    async run(task, signal) {
      const leave = await enter(signal)
      try {
        return await task()
      } finally {
        leave()
      }
    },
    enter,
    resize(bound) {
      most = bound
      admit()
    },
  }
}
