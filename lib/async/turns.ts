// Turns of the event loop: long computations give way, so that deadlines fire and other requests are served.

import { systemClock } from './clock.ts'

/** A computation works so long at a time. What it does between two looks at the clock must take less than this, too. */
const TURN_MS = 10

let began = 0
const waiting: (() => void)[] = []

/** Whether this thread has worked long enough for one turn. */
export function turnIsOver(): boolean {
  return systemClock.elapsed() - began > TURN_MS
}

/**
 * Waits for a turn of the event loop that no other computation has: several that give way would else go on one after
 * the other within the next turn, which then is as long as all of theirs.
 *
 * @throws the signal's reason once it is aborted
 */
export async function nextTurn(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  await new Promise<void>((resolve) => {
    if (waiting.push(resolve) === 1) setImmediate(admitOne)
  })
  began = systemClock.elapsed()
  signal.throwIfAborted()
}

function admitOne(): void {
  const next = waiting.shift()
  if (waiting.length > 0) setImmediate(admitOne)
  next?.()
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
