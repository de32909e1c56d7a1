// Several generators that are gone through together, one step of each at a time.

import { anySignal } from './deadline.ts'

type Generate<T> = (signal: AbortSignal) => AsyncGenerator<T>

/**
 * What each gives next, in their order, until one of them ends. However this ends, all of them have: nothing goes on
 * behind a caller's back.
 */
export async function* inStep<T>(
  generators: readonly Generate<T>[],
  signal: AbortSignal,
): AsyncGenerator<readonly T[]> {
  const stop = new AbortController()
  const both = anySignal([signal, stop.signal])
  const running = generators.map((generate) => generate(both))
  try {
    for (;;) {
      const next = await Promise.all(running.map((each) => each.next()))
      const values = next.flatMap(({ done, value }) => (done === true ? [] : [value]))
      if (values.length < running.length) return
      yield values
    }
  } finally {
    stop.abort(new Error('another one has ended'))
    await Promise.allSettled(running.map((each) => each.return(undefined)))
  }
}
