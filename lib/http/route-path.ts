// The path by which a request finds its route.

/**
 * As it is written; in the catalogue without a slash at its end, with which many write the address of an API. Elsewhere
 * it means something: a directory, or what the links of a page are relative to.
 */
export function routePath(path: string): string {
  return path.startsWith('/stac/') ? path.replace(/\/$/, '') : path
}
