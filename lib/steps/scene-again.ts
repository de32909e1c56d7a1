// How a scene that a search found is asked for again, without another search for the best.

import type { SceneSearch } from '../model/request.ts'
import type { Scene } from '../model/scene.ts'
import { apiRoot } from '../stac/search-request.ts'

/** By its id, at the API that was searched. */
export function searchOfScene(
  { api }: Pick<SceneSearch, 'api'>,
  { id, collection }: Pick<Scene, 'id' | 'collection'>,
): SceneSearch {
  return {
    ...(api === undefined ? {} : { api }),
    ...(collection === null ? {} : { collections: [collection] }),
    ids: [id],
  }
}

/** Fields of a request, as a query has them. */
export type SceneAgain = Readonly<{ item: string } | { search: string }>

/**
 * By its address where that is of the server that was searched; else by its id there, for behind a proxy many APIs tell
 * addresses that nobody else can reach.
 *
 * @throws {GreenprintError} `invalid_request`
 */
export function sceneAgain(
  asked: Pick<SceneSearch, 'api'>,
  scene: Pick<Scene, 'id' | 'collection' | 'href'>,
  stacApiUrl: string,
): SceneAgain {
  const { origin } = apiRoot(asked.api ?? stacApiUrl)
  const { href } = scene
  if (href !== null && URL.parse(href)?.origin === origin) return { item: href }
  return { search: JSON.stringify(searchOfScene(asked, scene)) }
}
