// JSON in the one spelling of RFC 8785, so that equal values have equal hashes everywhere.

import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Json } from '../model/json.ts'

/** RFC 8785 text; keys whose value is undefined are left out. */
export function canonicalJson(value: Json | object): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('nothing to write as JSON')
  return text
}

/** Lower-case hexadecimal SHA-256 of the canonical text in UTF-8. */
export function canonicalDigest(value: Json | object): string {
  return createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex')
}
