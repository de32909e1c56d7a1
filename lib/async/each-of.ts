// The same work on each of a list, some at a time.

import { allDone } from './all-or-none.ts'

/** When one fails the others are told to stop, and have ended when its error is thrown. */
export async function eachOf<T>(
  items: Iterable<T>,
  atOnce: number,
  act: (item: T, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const queue = [...items].values()
  const work = async (stop: AbortSignal): Promise<void> => {
    for (const item of queue) {
      stop.throwIfAborted()
      await act(item, stop)
    }
  }
  await allDone(
    Array.from({ length: atOnce }, () => work),
    signal,
  )
}
