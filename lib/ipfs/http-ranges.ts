// Ranges of a file over https, for a mirror: an answer to another question is no answer.

import type { Clock } from '../async/clock.ts'
import { HttpFailure } from '../net/failure.ts'
import type { Http, HttpReply, HttpRequest } from '../net/http.ts'
import { readRetryAfter } from '../net/retry-after.ts'
import type { RangeReader } from './mirror.ts'
import { SourceFailure } from './source.ts'

const times = { firstByteMs: 10_000, stallMs: 4_000, totalMs: 30_000 } as const

/**
 * @param url a caller's: the host policy holds for it and for every redirect
 * @returns null for text that is no address at all
 */
export function createHttpRanges(url: string, http: Http, clock: Clock): RangeReader | null {
  if (!URL.canParse(url)) return null
  const name = new URL(url).origin
  const request = (extra: Partial<HttpRequest> & { maxBytes: number }, signal: AbortSignal) =>
    http.request(url, { ...times, ...extra }, signal)

  return {
    name,
    async read(offset, length, signal) {
      const last = offset + length - 1
      const asked = { headers: { range: `bytes=${offset}-${last}` }, maxBytes: length }
      const reply = await request(asked, signal).catch((error: unknown) => {
        // Whoever sends more than the range would have sent the whole file.
        throw error instanceof HttpFailure && error.kind === 'oversized' ? noRanges(name) : error
      })
      if (reply.status !== 206) throw refusal(name, reply, clock)
      const told = reply.headers.get('content-range') ?? 'none'
      if (!told.startsWith(`bytes ${offset}-${last}/`) || reply.body.length !== length) {
        throw new SourceFailure(name, 'refused', `answered another range (${told})`)
      }
      return reply.body
    },
    async readWhole(maxBytes, signal) {
      const reply = await request({ maxBytes }, signal)
      if (reply.status !== 200) throw refusal(name, reply, clock)
      return reply.body
    },
  }
}

function noRanges(name: string): SourceFailure {
  return new SourceFailure(name, 'refused', 'does not answer ranges')
}

function refusal(name: string, reply: HttpReply, clock: Clock): SourceFailure {
  const { status } = reply
  if (status === 200) return noRanges(name)
  const kind = status === 429 || status === 503 ? 'busy' : status >= 500 ? 'broken' : 'refused'
  const retryAfterMs = readRetryAfter(reply.headers.get('retry-after'), clock)
  return new SourceFailure(name, kind, `HTTP ${status}`, { retryAfterMs })
}
