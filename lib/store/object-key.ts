// Which keys a store accepts, so that none can name a file outside its folder or prefix.

import { GreenprintError } from '../errors.ts'

const SEGMENT = /^[A-Za-z0-9._-]+$/

/**
 * The segments of a key.
 *
 * @throws {GreenprintError} `store_failed` for an empty segment, `.`, `..` or any other character
 */
export function keySegments(key: string): readonly string[] {
  const segments = key.split('/')
  const sound = segments.every(
    (segment) => SEGMENT.test(segment) && segment !== '.' && segment !== '..',
  )
  if (sound) return segments
  throw new GreenprintError(
    'store_failed',
    `"${key.slice(0, 200)}" is not a valid key: keys are segments of letters, digits, ".", "_" and "-" joined by "/".`,
  )
}
