// Ranges of a file over https: an answer to another question is no answer.

import type { Clock } from '../async/clock.ts'
import type { RangeReader } from '../model/range-reader.ts'
import { kindOfStatus, SourceFailure } from '../model/source-failure.ts'
import { toSourceFailure } from '../net/failure.ts'
import type { Http, HttpReply, HttpRequest } from '../net/http.ts'
import { readRetryAfter } from '../net/retry-after.ts'

const times = { firstByteMs: 10_000, stallMs: 4_000, totalMs: 30_000 } as const

/**
 * @param url a caller's: the host policy holds for it and for every redirect
 * @returns null for text that is not a URL
 */
export function createHttpRanges(url: string, http: Http, clock: Clock): RangeReader | null {
  if (!URL.canParse(url)) return null
  const name = new URL(url).origin

  async function request(
    extra: Partial<HttpRequest> & { maxBytes: number },
    signal: AbortSignal,
  ): Promise<HttpReply> {
    try {
      return await http.request(url, { ...times, ...extra }, signal)
    } catch (error) {
      signal.throwIfAborted()
      throw toSourceFailure(name, error)
    }
  }

  return {
    name,
    async read(offset, length, signal) {
      const last = offset + length - 1
      const asked = { headers: { range: `bytes=${offset}-${last}` }, maxBytes: length }
      const reply = await request(asked, signal).catch((error: unknown) => {
        // A server that sends more than the range would have sent the whole file.
        throw error instanceof SourceFailure && error.kind === 'oversized' ? noRanges(name) : error
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

function refusal(name: string, { status, headers }: HttpReply, clock: Clock): SourceFailure {
  if (status === 200) return noRanges(name)
  const retryAfterMs = readRetryAfter(headers.get('retry-after'), clock)
  return new SourceFailure(name, kindOfStatus(status), `HTTP ${status}`, { retryAfterMs })
}
