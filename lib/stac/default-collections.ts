// The collections of a search that names none: those of an API whose scenes are known to be readable.

import type { SceneSearch } from '../model/request.ts'

/** Earth Search: of its collections, the one with public files, checksums and one radiometry. */
const byHost: Readonly<Record<string, readonly string[]>> = {
  'earth-search.aws.element84.com': ['sentinel-2-c1-l2a'],
}

/** @param root of the API that is asked */
export function withDefaultCollections(search: SceneSearch, root: URL): SceneSearch {
  if (search.collections !== undefined || search.ids !== undefined) return search
  const collections = byHost[root.hostname]
  return collections === undefined ? search : { ...search, collections }
}
