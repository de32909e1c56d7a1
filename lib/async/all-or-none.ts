// Several tasks of which none is worth finishing once one has failed.

import { anySignal } from './deadline.ts'

type Task<T> = (signal: AbortSignal) => Promise<T>

/**
 * Runs tasks at once. When one fails the others are told to stop, and have ended when its error is thrown:
 * nothing goes on behind a caller's back.
 *
 * @returns the result of each task under the task's own name
 */
export async function allOrNone<T extends object>(
  tasks: { readonly [Name in keyof T]: Task<T[Name]> },
  signal: AbortSignal,
): Promise<T> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it gets the keys of T, and is a list where T is one
  const results = (Array.isArray(tasks) ? [] : {}) as Partial<T>
  const keep = (name: keyof T) => async (both: AbortSignal) => {
    results[name] = await tasks[name](both)
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of an object are its keys
  const names = Object.keys(tasks) as (keyof T)[]
  await allDone(names.map(keep), signal)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every task has put its result there
  return results as T
}

/** As allOrNone, for tasks without a result. */
export async function allDone(tasks: readonly Task<void>[], signal: AbortSignal): Promise<void> {
  const stop = new AbortController()
  const both = anySignal([signal, stop.signal])
  const failures: unknown[] = []
  const running = tasks.map(async (task) => {
    try {
      await task(both)
    } catch (error) {
      failures.push(error)
      stop.abort(new Error('another task has failed'))
    }
  })
  await Promise.all(running)
  if (failures.length > 0) throw failures[0]
}
