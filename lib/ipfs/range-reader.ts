// Ranges of a file over https, for a mirror: an answer to another question is no answer.

import type { Http, HttpReply, HttpRequest } from '../net/http.ts'
import { readRetryAfter } from '../net/retry-after.ts'
import type { Clock } from '../net/clock.ts'
import type { RangeReader } from './mirror.ts'
import { SourceFailure } from './source.ts'

const times = { firstByteMs: 10_000, stallMs: 4_000, totalMs: 30_000 } as const

/** @param url a caller's: the host policy holds for it and for every redirect */
export function createHttpRanges(url: string, http: Http, clock: Clock): RangeReader {
  const name = new URL(url).origin
  const request = (extra: Partial<HttpRequest> & { maxBytes: number }, signal: AbortSignal) =>
    http.request(url, { ...times, ...extra }, signal)

  return {
    name,
    async read(offset, length, signal) {
      const last = offset + length - 1
      const reply = await request(
        { headers: { range: `bytes=${offset}-${last}` }, maxBytes: length },
        signal,
      )
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

function refusal(name: string, reply: HttpReply, clock: Clock): SourceFailure {
  const { status } = reply
  if (status === 200) return new SourceFailure(name, 'refused', 'does not answer ranges')
  const kind = status === 429 || status === 503 ? 'busy' : status >= 500 ? 'broken' : 'refused'
  const retryAfterMs = readRetryAfter(reply.headers.get('retry-after'), clock)
  return new SourceFailure(name, kind, `HTTP ${status}`, { retryAfterMs })
}
