// The collections of a search that names none: those of an API whose scenes are known to be readable.

import type { SceneSearch } from '../model/request.ts'

/** Earth Search: of its collections, the one with public files, checksums and one radiometry. */
const byHost: Readonly<Record<string, readonly string[]>> = {
  'earth-search.aws.element84.com': ['sentinel-2-c1-l2a'],
}

/** @param fallback the API of a search that has none of its own */
export function withDefaultCollections(search: SceneSearch, fallback: string): SceneSearch {
  if (search.collections !== undefined || search.ids !== undefined) return search
  const api = search.api ?? fallback
  const collections = URL.canParse(api) ? byHost[new URL(api).hostname] : undefined
  return collections === undefined ? search : { ...search, collections }
}
