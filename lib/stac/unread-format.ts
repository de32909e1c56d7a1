// Formats that producers give scenes in and that are not read here, told by what an item says of an asset.

import { GreenprintError } from '../errors.ts'
import { cogsElsewhere } from '../products/elsewhere.ts'
import type { Item, ItemAsset } from './item.ts'

/** The format's name; null for all that may be a GeoTIFF. */
export function unreadFormat({ key, href, fields }: ItemAsset): 'JPEG 2000' | 'Zarr' | null {
  const type = typeof fields.type === 'string' ? fields.type : ''
  const path = (href ?? '').replace(/[?#].*$/s, '')
  if (/-jp2$/i.test(key) || /^image\/(jp2|jpx)\b/i.test(type) || /\.jp2$/i.test(path)) {
    return 'JPEG 2000'
  }
  // A store of many files: none of them is the band.
  const isZarr = /^application\/(vnd\+zarr|vnd\.zarr|x-zarr|zarr)\b/i.test(type)
  return isZarr || /\.zarr(\/|$)/i.test(path) ? 'Zarr' : null
}

/** @param advice what to give instead, where nobody is known to have the scene as GeoTIFFs */
export function formatRefused(item: Item, asset: ItemAsset, advice: string): GreenprintError {
  const what = `Asset "${asset.key}" of item ${item.id} is ${unreadFormat(asset)}, which is not read here.`
  return new GreenprintError('asset_unusable', `${what} ${cogsElsewhere(item) ?? advice}`)
}
