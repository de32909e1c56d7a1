// Chooses the band of a file that is red, near infrared or the quality band. By name, never by role.

import type { BandAsset, QaLayout } from '../model/scene.ts'
import { isLandsatCollection1, productOf } from '../products/product.ts'
import { numbersByName } from './asset-bands.ts'
import { contentOf } from './asset-content.ts'
import { gridsDiffer } from './band-grid.ts'
import { type BandNames, type BandRole, bandNamesOf, nameInKey } from './band-names.ts'
import type { Item, ItemAsset } from './item.ts'
import { formatRefused, unreadFormat } from './unread-format.ts'

/** A band of an asset's file. */
export interface FoundBand {
  readonly asset: ItemAsset
  /** From 1, or by the file's description of it; null where the file is left to tell. */
  readonly band: BandAsset['band']
}

/**
 * The band, or null where the item has none. In this order: the product's own names, then the common names, each as
 * asset key, then as name of the asset's only band, each on red's grid before others; then files of several bands that
 * have both red and near infrared. JPEG 2000 and Zarr come last, and are refused. Among assets of one rank the first
 * with a content reference wins, so that a mirror listed beside the original is found.
 *
 * @param red the chosen red band, for the grid of near infrared
 * @throws {GreenprintError} `asset_unusable` when the band is there as JPEG 2000 or Zarr only
 */
export function findBand(item: Item, role: BandRole, red: FoundBand | null): FoundBand | null {
  const names = bandNamesOf(item, role)
  const [own, common] = [named(item, names.own), named(item, names.common)]
  const onGrid = (asset: ItemAsset) => red === null || !gridsDiffer(asset, red.asset)
  const ranks = [own.filter(onGrid), own, common.filter(onGrid)]
  // Where the very band is there in a format that is not read, saying so helps more than a band on another grid.
  if (own.every(isRead)) ranks.push(common)
  const readable = ranks.map((assets) => assets.filter(isRead)).find((assets) => assets.length > 0)
  if (readable !== undefined) return found(firstUsable(readable), names)
  const inStack = findInStack(item, role, names)
  if (inStack !== null) return inStack
  const refused = [...own, ...common][0] ?? item.assets.find((asset) => isUnreadStack(asset, names))
  if (refused === undefined) return null
  const advice = `Give an item whose ${role} band is a Cloud Optimized GeoTIFF.`
  throw formatRefused(item, refused, advice)
}

function isRead(asset: ItemAsset): boolean {
  return unreadFormat(asset) === null
}

/** Several bands in one store, this one among them. */
function isUnreadStack(asset: ItemAsset, names: BandNames): boolean {
  return !isRead(asset) && bandNamed(asset, [...names.own, ...names.common]) !== null
}

/** A key that names the band may be of a file of several: then the one of that name counts. */
function found(asset: ItemAsset | null, names: BandNames): FoundBand | null {
  return asset && { asset, band: bandNamed(asset, [...names.own, ...names.common]) }
}

/** A file of several bands with both red and near infrared; a true-colour image has the first alone. */
function findInStack(item: Item, role: BandRole, names: BandNames): FoundBand | null {
  const other = bandNamesOf(item, role === 'red' ? 'nir' : 'red')
  const stacks = item.assets.filter(
    (asset) =>
      isRead(asset) &&
      bandNamed(asset, [...names.own, ...names.common]) !== null &&
      bandNamed(asset, [...other.own, ...other.common]) !== null,
  )
  return found(firstUsable(stacks), names)
}

/** Number of the band of one of these names, the best first; null where the asset names none of them. */
export function bandNamed({ bands }: ItemAsset, names: readonly string[]): number | null {
  if (bands.length < 2) return null
  const numbers = numbersByName(bands)
  const known = names.find((name) => numbers.has(name))
  return known === undefined ? null : (numbers.get(known) ?? null)
}

/** The names of quality bands, the ones that only declared meanings make one last. */
const qaNames = ['qa_pixel', 'pixel_quality', 'fmask', 'oa_fmask', 'scl', 'bqa'] as const
const declaredNames = ['qa', 'quality', 'cloud_mask', 'cloudmask', 'mask'] as const

/** The quality band by its usual names; null where there is none. */
export function findQa(item: Item): FoundBand | null {
  for (const name of [...qaNames, ...declaredNames]) {
    const asset = named(item, [name]).find(isRead)
    if (asset !== undefined) return { asset, band: bandNamed(asset, [name]) }
  }
  return null
}

/** How the numbers of a quality band of this name are read in this item's product; null where it has none such. */
export function qaLayoutOf(item: Item, { asset }: FoundBand): QaLayout | null {
  const inFile = numbersByName(asset.bands)
  const inKey = nameInKey(asset.key)
  const isNamed = (...wanted: string[]) => wanted.some((name) => name === inKey || inFile.has(name))
  const { family } = productOf(item)
  if (isNamed('bqa')) return 'landsat-c1'
  if (family === 'landsat' && isNamed('qa_pixel', 'pixel_quality')) {
    return isLandsatCollection1(item) ? 'landsat-c1' : 'landsat-c2'
  }
  if (family === 'hls' && isNamed('fmask')) return 'hls-fmask'
  if (family === 'ga-ard' && isNamed('fmask', 'oa_fmask')) return 'ga-fmask'
  return family === 'sentinel-2' && isNamed('scl') ? 'sentinel-2-scl' : null
}

/**
 * Assets that answer to one of the names, in the order of the names; a key counts before a band's name. Of several
 * bands, as in a true-colour image, none speaks for the file.
 */
function named(item: Item, wanted: readonly string[]): ItemAsset[] {
  const answering = wanted.flatMap((name) => [
    ...item.assets.filter(({ key }) => key.toLowerCase() === name),
    ...item.assets.filter(({ key }) => nameInKey(key) === name),
    ...item.assets.filter(({ bands }) => bands.length === 1 && numbersByName(bands).has(name)),
  ])
  return [...new Set(answering)]
}

function firstUsable(assets: readonly ItemAsset[]): ItemAsset | null {
  return assets.find((asset) => contentOf(asset).content !== null) ?? assets[0] ?? null
}
