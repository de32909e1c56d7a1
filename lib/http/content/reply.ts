// The headers of every answer of /ipfs, and the error where an answer would be too large.

import { GreenprintError } from '../../errors.ts'
import { MAX_REPLY } from '../../ipfs/whole-files.ts'

export const always = {
  'x-content-type-options': 'nosniff',
  // Whatever the bytes claim to be, they execute nothing under this origin.
  'content-security-policy':
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'",
  'access-control-allow-origin': '*',
  'cache-control': 'public, max-age=29030400, immutable',
}

export function tooLarge(size: number, advice: string): GreenprintError {
  return new GreenprintError(
    'too_large',
    `The answer has ${size} bytes; one reply carries at most ${MAX_REPLY}. ${advice}`,
  )
}
