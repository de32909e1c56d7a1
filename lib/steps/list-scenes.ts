// One found scene as GET /scenes tells it.

import type { ListedScene, SceneListRequest } from '../model/scene-list.ts'
import type { RankedItem } from '../stac/ranking.ts'
import { searchOfScene } from './scene-again.ts'

export function listScene(
  { item, cloud, coverage }: RankedItem,
  bands: ListedScene['bands'],
  { search, assets }: Pick<SceneListRequest, 'search' | 'assets'>,
): ListedScene {
  const { id, collection, datetime, bbox, geometry, href } = item
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
    request: { search: searchOfScene(search, item), ...(assets === undefined ? {} : { assets }) },
  }
}
