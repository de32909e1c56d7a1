// A signal that aborts when the time is up, with an error that says so.

import { GreenprintError } from '../errors.ts'

export interface Deadline {
  readonly signal: AbortSignal
  /** Must be called when the work is over: a pending timer keeps a process alive. */
  clear(): void
}

/** Aborts after `ms` with `deadline_exceeded`. */
export function startDeadline(ms: number): Deadline {
  const controller = new AbortController()
  const timer = setTimeout(() => {
    const seconds = Math.round(ms / 100) / 10
    const message = `The work was not done within ${seconds} s. Ask for a smaller max_size or area; blocks already fetched are kept, so asking again goes on from there.`
    controller.abort(new GreenprintError('deadline_exceeded', message))
  }, ms)
  return { signal: controller.signal, clear: () => clearTimeout(timer) }
}
