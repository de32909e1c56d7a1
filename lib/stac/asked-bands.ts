// Bands that the caller names (the key of an asset, with a band of its file), before those that names of items tell.

import { GreenprintError } from '../errors.ts'
import { namesOfBand, numbersByName } from './asset-bands.ts'
import { type BandRole, bandNamesOf } from './band-names.ts'
import { bandNamed, type FoundBand, findBand, findQa } from './bands.ts'
import type { Item, ItemAsset } from './item.ts'
import { formatRefused, unreadFormat } from './unread-format.ts'

/**
 * @param asked what the caller names, if anything
 * @param red the chosen red band, for the grid of near infrared
 * @returns null where nothing was asked and the item has none
 * @throws {GreenprintError} `asset_missing` where what was asked is not there; `asset_unusable` for JPEG 2000 and Zarr
 */
export function askedOrFoundBand(
  item: Item,
  role: BandRole,
  asked: string | undefined,
  red: FoundBand | null,
): FoundBand | null {
  return asked === undefined ? findBand(item, role, red) : findAsked(item, role, asked)
}

/** As `askedOrFoundBand`, for the quality band. */
export function askedOrFoundQa(item: Item, asked: string | undefined): FoundBand | null {
  return asked === undefined ? findQa(item) : findAsked(item, 'qa', asked)
}

/**
 * Reads `key` or `key:band`. The whole text is tried as a key first; else what follows its last colon is the number of
 * a band from 1, as GDAL counts, or the name of one: that of the item or, where it describes no band, of the file.
 *
 * @throws {GreenprintError} `asset_missing`, telling what the item has; `asset_unusable` for JPEG 2000 and Zarr
 */
function findAsked(item: Item, role: 'red' | 'nir' | 'qa', text: string): FoundBand {
  const found = locate(item, role, text)
  if (unreadFormat(found.asset) === null) return found
  throw formatRefused(item, found.asset, 'Name a GeoTIFF.')
}

function locate(item: Item, role: 'red' | 'nir' | 'qa', text: string): FoundBand {
  const whole = item.assets.find(({ key }) => key === text)
  if (whole !== undefined) {
    const names = role === 'qa' ? null : bandNamesOf(item, role)
    return { asset: whole, band: names && bandNamed(whole, [...names.own, ...names.common]) }
  }
  const colon = text.lastIndexOf(':')
  const [key, name] = [text.slice(0, Math.max(colon, 0)), text.slice(colon + 1)]
  const asset = item.assets.find((candidate) => candidate.key === key)
  if (asset === undefined) throw missing(item, text)
  return { asset, band: bandOf(item, asset, name) }
}

/** A description is a line, and is published. */
const MOST_NAME = 256

function bandOf(item: Item, asset: ItemAsset, name: string): number | string {
  if (/^[1-9]\d{0,4}$/.test(name)) return Number(name)
  const number = numbersByName(asset.bands).get(name.toLowerCase())
  if (number !== undefined) return number
  const isNumber = /^[+-]?\d*$/.test(name)
  // What an item says of bands without names (`raster:bands` have a scale and a fill) is found by their number alone.
  if (asset.bands.length === 0 && !isNumber && name.length <= MOST_NAME) return name
  const first = asset.bands.slice(0, 60)
  const described = first.map((band, at) => namesOfBand(band)[0] ?? String(at + 1))
  const known = described.length === 0 ? 'It names none.' : `Its bands are ${described.join(', ')}.`
  throw new GreenprintError(
    'asset_missing',
    `Asset "${asset.key}" of item ${item.id} has no band "${name.slice(0, MOST_NAME)}". ${known} A number counts from 1.`,
  )
}

function missing(item: Item, text: string): GreenprintError {
  const keys = item.assets.map(({ key }) => key).slice(0, 60)
  const known =
    keys.length === 0 ? 'It has no assets at all.' : `Its assets are ${keys.join(', ')}.`
  return new GreenprintError('asset_missing', `Item ${item.id} has no asset "${text}". ${known}`)
}
