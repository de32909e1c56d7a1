// One found scene as GET /scenes tells it.

import type { SceneSearch } from '../model/request.ts'
import type { ListedScene, SceneListRequest } from '../model/scene-list.ts'
import type { RankedItem } from '../stac/ranking.ts'

export function listScene(
  { item, cloud, coverage }: RankedItem,
  bands: ListedScene['bands'],
  { search: { api }, assets }: Pick<SceneListRequest, 'search' | 'assets'>,
): ListedScene {
  const { id, collection, datetime, bbox, geometry, href } = item
  const search: SceneSearch = {
    ...(api === undefined ? {} : { api }),
    ...(collection === null ? {} : { collections: [collection] }),
    ids: [id],
  }
  return {
    id,
    collection,
    datetime,
    cloud_cover: cloud,
    coverage,
    bbox,
    geometry,
    href,
    bands,
    request: { search, ...(assets === undefined ? {} : { assets }) },
  }
}
