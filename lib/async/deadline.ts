// A signal that aborts when the time is up, with an error that says so.

import { GreenprintError } from '../errors.ts'
import { systemClock } from './clock.ts'

export interface Deadline {
  readonly signal: AbortSignal
  /** Must be called when the work is over: a pending timer keeps a process alive. */
  clear(): void
}

/**
 * Aborts after `ms` with `deadline_exceeded`, or with another signal, which is followed until `clear`: each request has
 * one, and `AbortSignal.any` leaves several times as much for V8 to clear away.
 */
export function startDeadline(ms: number, other?: AbortSignal): Deadline {
  const controller = new AbortController()
  const follow = () => controller.abort(other?.reason)
  if (other?.aborted === true) follow()
  else other?.addEventListener('abort', follow, { once: true })
  const timer = setTimeout(() => {
    const seconds = Math.round(ms / 100) / 10
    const message = `The work was not done within ${seconds} s. Ask for a smaller max_size or area; blocks already fetched are kept, so asking again goes on from there.`
    controller.abort(new GreenprintError('deadline_exceeded', message))
  }, ms)
  ends.set(controller.signal, systemClock.elapsed() + ms)
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer)
      other?.removeEventListener('abort', follow)
    },
  }
}

/** When signals with a deadline abort, by the system's clock. */
const ends = new WeakMap<AbortSignal, number>()

/** `AbortSignal.any` that knows the deadline of its parts. */
export function anySignal(signals: readonly AbortSignal[]): AbortSignal {
  const either = AbortSignal.any([...signals])
  const end = Math.min(...signals.map((signal) => ends.get(signal) ?? Number.POSITIVE_INFINITY))
  if (Number.isFinite(end)) ends.set(either, end)
  return either
}

/** Milliseconds until a signal aborts by its deadline; null where it is not known to have one. */
export function timeLeft(signal: AbortSignal): number | null {
  const end = ends.get(signal)
  return end === undefined ? null : end - systemClock.elapsed()
}
