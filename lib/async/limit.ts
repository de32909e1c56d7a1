// Runs at most so many tasks at a time; the rest wait in line.

export interface Limit {
  run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T>
}

export function createLimit(most: number): Limit {
  let running = 0
  const waiting: (() => void)[] = []

  function enter(signal: AbortSignal): Promise<void> {
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

  return {
    async run(task, signal) {
      signal.throwIfAborted()
      await enter(signal)
      try {
        return await task()
      } finally {
        // The slot passes to the next in line, or is given back.
        const next = waiting.shift()
        if (next === undefined) running--
        else next()
      }
    },
  }
}
