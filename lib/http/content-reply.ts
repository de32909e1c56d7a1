// What every answer of /ipfs has, and how much one may carry.

import { GreenprintError } from '../errors.ts'

/** Lambda answers at most 6 MB, base64 included. */
export const MAX_BODY = 4 * 1024 * 1024

export const always = {
  'x-content-type-options': 'nosniff',
  // Whatever the bytes claim to be, they run nothing under this origin.
  'content-security-policy':
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'",
  'access-control-allow-origin': '*',
  'cache-control': 'public, max-age=29030400, immutable',
}

export function tooLarge(size: number, advice: string): GreenprintError {
  return new GreenprintError(
    'too_large',
    `The answer has ${size} bytes; one reply carries at most ${MAX_BODY}. ${advice}`,
  )
}
