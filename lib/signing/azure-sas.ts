// Planetary Computer's blobs: read-only SAS tokens that anybody may have, one for each container, for about 45 minutes.

import type { Clock } from '../async/clock.ts'
import { JointReads } from '../async/joint-reads.ts'
import { isJsonObject } from '../model/json.ts'
import type { Http } from '../net/http.ts'

/** https://planetarycomputer.microsoft.com/docs/concepts/sas/ */
const TOKENS = 'https://planetarycomputer.microsoft.com/api/sas/v1/token'
const limits = { maxBytes: 64 * 1024, firstByteMs: 8_000, stallMs: 4_000, totalMs: 15_000 } as const

/** A token is not used any more when it has less than this left. */
const MARGIN_MS = 5 * 60_000
/** How long a container that has no token is left alone. */
const NONE_MS = 5 * 60_000

interface Token {
  /** Query fields, `se=…&sig=…`; null where the container has none: it is public, or another's. */
  readonly text: string | null
  /** Milliseconds since 1970. */
  readonly until: number
}

export interface SasTokens {
  /**
   * The token of a container, from memory where there is one that will do.
   *
   * @param refused an address that was refused: the token in it is not given again
   * @returns null where the container has none
   * @throws {Error} where nobody could be asked
   */
  tokenFor(
    account: string,
    container: string,
    refused: string | null,
    signal: AbortSignal,
  ): Promise<string | null>
}

export function createSasTokens(http: Http, clock: Clock): SasTokens {
  const known = new Map<string, Token>()
  const flights = new JointReads<Token>()

  async function fetchToken(place: string, signal: AbortSignal): Promise<Token> {
    const reply = await http.request(`${TOKENS}/${place}`, { ...limits }, signal)
    if (reply.status === 400 || reply.status === 404) {
      return { text: null, until: clock.now() + NONE_MS }
    }
    const token = reply.status === 200 ? readToken(reply.body) : null
    if (token !== null) return token
    throw new Error(`no token for it could be had: HTTP ${reply.status}`)
  }

  const fetchOf = (place: string) => async (signal: AbortSignal) => {
    const token = await fetchToken(place, signal)
    known.set(place, token)
    return token
  }

  return {
    async tokenFor(account, container, refused, signal) {
      const place = `${account}/${container}`
      const token = known.get(place)
      if (token !== undefined && token.until > clock.now()) {
        const isRefused = token.text !== null && refused?.includes(token.text) === true
        if (!isRefused) return token.text
        known.delete(place)
      }
      const { text } = await flights.read(place, fetchOf(place), signal)
      return text
    },
  }
}

function readToken(body: Uint8Array): Token | null {
  const answer = parse(body)
  if (!isJsonObject(answer)) return null
  const { token, 'msft:expiry': expiry } = answer
  if (typeof token !== 'string' || typeof expiry !== 'string') return null
  const end = Date.parse(expiry)
  return Number.isNaN(end) ? null : { text: token, until: end - MARGIN_MS }
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    return null
  }
}
