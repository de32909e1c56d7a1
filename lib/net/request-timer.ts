// The three time limits of a request: for the first byte, for stalls, and in all.

import { HttpFailure, toHttpFailure } from './failure.ts'

export interface TimeLimits {
  readonly firstByteMs: number
  readonly stallMs: number
  /** Infinity where there is none. */
  readonly totalMs: number
}

export interface Timer {
  readonly signal: AbortSignal
  /** A part of the body arrived. */
  progress(): void
  /** Stops the clock while the next part is not waited for. */
  hold(): void
  /** The error to throw for what a request threw. */
  explain(error: unknown): unknown
  stop(): void
}

export function startTimer(times: TimeLimits, outer: AbortSignal): Timer {
  const own = new AbortController()
  const give = (reason: string) => () => own.abort(new HttpFailure('slow', reason))
  const total = Number.isFinite(times.totalMs)
    ? setTimeout(give(`not finished within ${times.totalMs} ms`), times.totalMs)
    : undefined
  const first = setTimeout(give(`no answer within ${times.firstByteMs} ms`), times.firstByteMs)
  let stall: NodeJS.Timeout | undefined
  let held = false
  const stalled = () => {
    stall = undefined
    if (!held) give(`stalled for ${times.stallMs} ms`)()
  }
  return {
    signal: AbortSignal.any([outer, own.signal]),
    progress() {
      clearTimeout(first)
      held = false
      // Once per body, then moved on: there are hundreds of parts.
      if (stall === undefined) stall = setTimeout(stalled, times.stallMs)
      else stall.refresh()
    },
    hold() {
      clearTimeout(first)
      held = true
    },
    explain(error) {
      if (outer.aborted) return outer.reason
      return own.signal.aborted ? own.signal.reason : toHttpFailure(error)
    },
    stop() {
      clearTimeout(total)
      clearTimeout(first)
      clearTimeout(stall)
    },
  }
}
