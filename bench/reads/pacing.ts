// A slow line in front of a fast server: a wait before the first byte, and a rate for each connection.

import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Line {
  /** One round trip: added before the first byte of every answer; a new connection costs nothing more. */
  readonly latencyMs: number
  /** Of each connection; 0 for as fast as loopback is. */
  readonly bytesPerSecond: number
}

/** About a millisecond of a fast line: what a timer can keep. */
const SLICE_BYTES = 32 * 1024

/** Writes a body at the line's rate. @returns the bytes that were written before the reader went away */
export async function pour(
  response: ServerResponse,
  body: Uint8Array,
  { bytesPerSecond }: Line,
): Promise<number> {
  if (bytesPerSecond === 0) {
    response.end(body)
    return body.length
  }
  const started = performance.now()
  for (let from = 0; from < body.length; from += SLICE_BYTES) {
    const slice = body.subarray(from, from + SLICE_BYTES)
    // By the clock of the whole body: timers are late, and what is due by then goes out at once.
    const due = started + ((from + slice.length) / bytesPerSecond) * 1000
    const early = due - performance.now()
    if (early > 0.5) await sleep(early)
    if (response.destroyed) return from
    response.write(slice)
  }
  response.end()
  return body.length
}
