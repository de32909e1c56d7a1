// The headers of every answer of /ipfs: for browsers of any origin, for caches, and so that no content runs here.

import { createHash } from 'node:crypto'

/** A year and more, as gateways say it: what a CID names does not change. */
export const IMMUTABLE = 'public, max-age=29030400, immutable'

/** On faults too: a page of another origin must be able to read why. */
const always = {
  'x-content-type-options': 'nosniff',
  // Whatever the bytes claim to be, they execute nothing under this origin.
  'content-security-policy':
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'",
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, HEAD, OPTIONS',
  'access-control-allow-headers':
    'Accept, Cache-Control, Content-Type, If-None-Match, Range, User-Agent, X-Requested-With',
  'access-control-expose-headers':
    'Content-Disposition, Content-Length, Content-Range, ETag, Server-Timing, X-Chunked-Output, X-Ipfs-Path, X-Ipfs-Roots, X-Stream-Output',
} as const

/** What every answer of /ipfs has, its own headers aside. */
export function addContentHeaders({ headers }: Response): void {
  for (const [name, value] of Object.entries(always)) headers.set(name, value)
}

/** `Content-Disposition` by RFC 6266: the name as ASCII, and as it is where that is not the same. */
export function disposition(kind: 'inline' | 'attachment', name: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is replaced
  const clean = name.slice(0, 255).replace(/[\u0000-\u001f\u007f/\\]/g, '_')
  const ascii = clean.replace(/[^\u0020-\u007e]|["%]/g, '_')
  if (ascii === clean) return `${kind}; filename="${ascii}"`
  const encoded = encodeURIComponent(clean.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${encoded}`
}

/** If-Match and If-None-Match are `*` or a list, and a proxy may have made its tags weak: RFC 9110, 13.1. */
export function isKnown(header: string | null, etag: string): boolean {
  const tags = (header ?? '').split(',').map((tag) => tag.trim())
  return tags.some((tag) => tag === '*' || tag.replace(/^W\//, '') === etag)
}

/** A short name for what tells one form of the same content from another. */
export function digestOf(form: readonly (string | number | boolean | null)[]): string {
  return createHash('sha256').update(JSON.stringify(form)).digest('hex').slice(0, 16)
}
