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
 * Waits in line for a turn of the event loop. Several computations share one while it is not over, no longer: if all
 * that wait went on in the next, that would be as long as all of theirs.
 *
 * @throws the signal's reason once it is aborted
 */
export async function nextTurn(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  await new Promise<void>((resolve) => {
    if (waiting.push(resolve) === 1) setImmediate(beginTurn)
  })
  signal.throwIfAborted()
}

function beginTurn(): void {
  began = systemClock.elapsed()
  admitOne()
}

function admitOne(): void {
  waiting.shift()?.()
  if (waiting.length === 0) return
  // A tick comes when no microtask is left: who was admitted has worked by then until it waits for something.
  queueMicrotask(() => process.nextTick(goOn))
}

function goOn(): void {
  if (turnIsOver()) setImmediate(beginTurn)
  else admitOne()
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
