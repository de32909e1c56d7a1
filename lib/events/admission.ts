// Which announced scenes are computed: not those that are preliminary, outside WATCH, or cannot be read.

import { GreenprintError } from '../errors.ts'
import { boxGeometry, touches } from '../geo/antimeridian.ts'
import type { WatchedArea } from '../geo/watch-area.ts'
import { contentOf } from '../stac/asset-content.ts'
import type { Item } from '../stac/item.ts'
import { readScene } from '../stac/scene.ts'
import { isRealTimeId, realTime } from './usgs-product.ts'

/**
 * Why the item's scene is not computed, or null where it is.
 *
 * @param watch null = everywhere
 */
export function whyNot(item: Item, watch: readonly WatchedArea[] | null): string | null {
  const { id, properties } = item
  if (properties['landsat:collection_category'] === 'RT' || isRealTimeId(id)) return realTime(id)
  return whyNotThere(item, watch) ?? whyUnusable(item)
}

function whyNotThere({ id, geometry, bbox }: Item, watch: readonly WatchedArea[] | null) {
  if (watch === null) return null
  const outline = geometry ?? (bbox === null ? null : boxGeometry(bbox))
  if (outline === null) return `not watched: ${id} has neither geometry nor bbox`
  return watch.some((area) => touches(area, outline))
    ? null
    : `not watched: ${id} lies outside WATCH`
}

function whyUnusable(item: Item): string | null {
  if (item.assets.every((asset) => contentOf(asset).content === null)) {
    return `no CID: no asset of ${item.id} names content on IPFS`
  }
  try {
    readScene(item)
    return null
  } catch (error) {
    if (!(error instanceof GreenprintError)) throw error
    return `cannot be used: ${error.message}`
  }
}
