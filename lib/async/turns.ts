// Turns of the event loop: long computations give way, so that deadlines fire and other requests are served.

import { systemClock } from './clock.ts'

/** A computation works so long at a time. What it does between two looks at the clock must take less than this, too. */
const TURN_MS = 10

let began = 0

/** Whether this thread has worked long enough for one turn. */
export function turnIsOver(): boolean {
  return systemClock.elapsed() - began > TURN_MS
}

/** Waits for the next turn of the event loop. @throws the signal's reason once it is aborted */
export async function nextTurn(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  await new Promise<void>((resolve) => {
    setImmediate(resolve)
  })
  began = systemClock.elapsed()
  signal.throwIfAborted()
}

/** Runs a computation to its end; at each `yield` it gives way if its turn is over. */
export async function inTurns<T>(
  steps: Generator<undefined, T, undefined>,
  signal: AbortSignal,
): Promise<T> {
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
    if (turnIsOver()) await nextTurn(signal)
  }
}
