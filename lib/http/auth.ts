// Which callers may publish.

import { createHash, timingSafeEqual } from 'node:crypto'
import type { Config } from '../config/config.ts'
import { GreenprintError } from '../errors.ts'

type Access = Pick<Config, 'local' | 'tokens'>

/** Whether the caller may publish: anyone locally, the holder of a token elsewhere. */
export function mayPublish(authorization: string | undefined, access: Access): boolean {
  return access.local || tokenName(authorization, access.tokens) !== null
}

const guarded = {
  publishing: ['Publishing is', 'Publishing needs'],
  jobs: ['Jobs are', 'Jobs need'],
  fingerprints: ['Making fingerprints is', 'Making a fingerprint needs'],
  computing: ['Computing what is not known here is', 'Computing what is not known here needs'],
} as const

/**
 * Lets only callers pass who may publish.
 *
 * @throws {GreenprintError} `publishing_disabled` when no token is configured, `unauthorized` without a valid one
 */
export function requireToken(
  what: keyof typeof guarded,
  authorization: string | undefined,
  access: Access,
): void {
  const fault = tokenFault(what, authorization, access)
  if (fault !== null) throw fault
}

/** The fault of a caller who may not publish; null for one who may. */
export function tokenFault(
  what: keyof typeof guarded,
  authorization: string | undefined,
  access: Access,
): GreenprintError | null {
  if (mayPublish(authorization, access)) return null
  const [areOff, need] = guarded[what]
  return access.tokens.length === 0
    ? new GreenprintError(
        'publishing_disabled',
        `${areOff} off here: this deployment has no API_TOKENS.`,
      )
    : new GreenprintError('unauthorized', `${need} a token: send "Authorization: Bearer <token>".`)
}

/** The name of the token in an Authorization header, or null. */
export function tokenName(
  authorization: string | undefined,
  tokens: Config['tokens'],
): string | null {
  return tokenOf(authorization, tokens)?.name ?? null
}

/** The token in an Authorization header, or null. Every token is compared, in constant time. */
export function tokenOf(
  authorization: string | undefined,
  tokens: Config['tokens'],
): Config['tokens'][number] | null {
  const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
  if (given === undefined) return null
  const digest = (text: string) => createHash('sha256').update(text).digest()
  let found: Config['tokens'][number] | null = null
  for (const each of tokens) {
    if (timingSafeEqual(digest(each.token), digest(given))) found = each
  }
  return found
}
