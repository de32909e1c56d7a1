// Whether plain copies at a place can be read by this deployment at all, by asking for one byte of one of them.

import type { Clock } from '../async/clock.ts'
import { GreenprintError } from '../errors.ts'
import { remember } from '../model/remember.ts'
import { SourceFailure } from '../model/source-failure.ts'
import { CopyFailure, type PlainCopy } from './plain-copy.ts'

/** `unknown`: its host did not say; another file of it may be read well. */
export type Access =
  | { readonly kind: 'open' | 'unknown' }
  /** It wants a login, or is not asked on a caller's word: with what was said. */
  | { readonly kind: 'login' | 'refused'; readonly reason: string }

export interface AccessCheck {
  /**
   * What the host of a copy says, or said a while ago of another file at the same place: one host (for Azure, S3 and
   * others that keep buckets by path, one bucket of it).
   */
  of(copy: PlainCopy, signal: AbortSignal): Promise<Access>
}

/** How long an answer holds, and how long a host is waited for. */
const HOLDS_MS = 10 * 60_000
const WAIT_MS = 4_000
const MOST_PLACES = 256

interface Known {
  readonly access: Access
  readonly until: number
}

export function createAccessCheck(clock: Clock): AccessCheck {
  const known = new Map<string, Known>()
  return {
    async of(copy, signal) {
      const place = placeOf(copy)
      const before = known.get(place)
      if (before !== undefined && before.until > clock.now()) return before.access
      const access = await ask(copy, signal)
      if (access.kind === 'unknown') known.delete(place)
      else remember(known, place, { access, until: clock.now() + HOLDS_MS }, MOST_PLACES)
      return access
    },
  }
}

/** How a copy is reached, and the bucket or the first folder of its address. */
export function placeOf({ name, address }: PlainCopy): string {
  const [, folder = ''] = /^[a-z0-9+]+:\/\/[^/?#]+\/([^/?#]+)\//i.exec(address) ?? []
  return `${name} ${folder}`
}

async function ask(copy: PlainCopy, signal: AbortSignal): Promise<Access> {
  const wait = AbortSignal.timeout(WAIT_MS)
  try {
    const part = await copy.open(0, 1, null, AbortSignal.any([signal, wait]))
    await part.close()
    return { kind: 'open' }
  } catch (error) {
    signal.throwIfAborted()
    if (wait.aborted) return { kind: 'unknown' }
    if (!(error instanceof SourceFailure)) throw error
    const reason = error.message
    if (error instanceof CopyFailure && error.trouble === 'login') return { kind: 'login', reason }
    return error.cause instanceof GreenprintError
      ? { kind: 'refused', reason }
      : { kind: 'unknown' }
  }
}
