// What the page may load and ask: its own origin, the ground of the map, and where whole files are redirected to.

import type { Config } from '../../config/config.ts'

/** The value of Content-Security-Policy: https://www.w3.org/TR/CSP3/ */
export function securityPolicy(config: Pick<Config, 'baseMapUrl' | 's3'>): string {
  const ground = config.baseMapUrl === null ? [] : [originOf(config.baseMapUrl)]
  const store = storeOrigins(config.s3)
  const rules = {
    'default-src': ["'self'"],
    'img-src': ["'self'", 'data:', 'blob:', ...ground],
    'connect-src': ["'self'", ...store, ...ground],
    'worker-src': ["'self'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
    'object-src': ["'none'"],
  }
  return Object.entries(rules)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ')
}

/** A template's braces are no part of its origin. */
function originOf(template: string): string {
  return new URL(template.replaceAll(/[{}]/g, '')).origin
}

/** Both spellings of a bucket's address. */
function storeOrigins(s3: Config['s3']): string[] {
  if (s3 === null) return []
  const { bucket, region, endpoint } = s3
  if (endpoint === undefined) return [`https://${bucket}.s3.${region}.amazonaws.com`]
  const { protocol, host } = new URL(endpoint)
  return [`${protocol}//${host}`, `${protocol}//${bucket}.${host}`]
}
