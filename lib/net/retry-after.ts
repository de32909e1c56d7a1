// When a server said to come again.

import type { Clock } from '../async/clock.ts'

/** Retry-After in seconds or as an HTTP date (RFC 9110, 10.2.3), in milliseconds; null when absent or unreadable. */
export function readRetryAfter(text: string | null, clock: Clock): number | null {
  if (text === null) return null
  const seconds = Number(text)
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(text) - clock.now()
  return Number.isNaN(ms) ? null : Math.max(0, ms)
}
