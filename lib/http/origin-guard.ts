// A deployment behind a CDN answers what came through it alone: the firewall that stands there would mean nothing else.

import { GreenprintError } from '../errors.ts'

/** By which the CDN shows that it is the one. */
export const ORIGIN_HEADER = 'x-origin-secret'

/**
 * Every secret is compared, in constant time.
 *
 * @param secrets any of which will do, so that one can be changed for another; none = whoever asks is answered
 * @throws {GreenprintError} `misdirected`
 */
export function requireOrigin(
  headers: readonly (readonly [name: string, value: string])[],
  secrets: readonly string[],
  publicUrl: string | null,
): void {
  if (secrets.length === 0) return
  const given = headers.find(([name]) => name.toLowerCase() === ORIGIN_HEADER)?.[1] ?? ''
  const { createHash, timingSafeEqual } = process.getBuiltinModule('node:crypto')
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const matches = secrets.filter((secret) => timingSafeEqual(digest(secret), digest(given)))
  if (matches.length > 0) return
  const where = publicUrl === null ? 'the address of its CDN' : publicUrl
  throw new GreenprintError('misdirected', `This deployment is not asked here: ask ${where}.`)
}
