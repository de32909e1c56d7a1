// Which files of an item are fingerprinted: those that the caller names, else the bands that an NDVI reads.

import { GreenprintError } from '../errors.ts'
import type { FingerprintRequest } from '../model/fingerprint-request.ts'
import type { AskedAssets } from '../model/request.ts'
import { askedOrFoundBand, askedOrFoundQa } from '../stac/asked-bands.ts'
import { type FileAsset, readFileAsset } from '../stac/file-asset.ts'
import type { Item, ItemAsset } from '../stac/item.ts'

/** @throws {GreenprintError} `asset_missing`; `asset_unusable` when a band is there as JPEG 2000 or Zarr only */
export function chooseFiles(item: Item, asked: FingerprintRequest['assets'] = {}): FileAsset[] {
  const assets = isList(asked) ? asked.map((key) => assetOf(item, key)) : bandsOf(item, asked)
  return [...new Set(assets)].map((asset) => readFileAsset(item, asset))
}

/** Whether assets are named one by one, whatever they hold. */
export function isList(
  asked: NonNullable<FingerprintRequest['assets']>,
): asked is readonly string[] {
  return Array.isArray(asked)
}

function bandsOf(item: Item, asked: AskedAssets): ItemAsset[] {
  const red = askedOrFoundBand(item, 'red', asked.red, null)
  const nir = askedOrFoundBand(item, 'nir', asked.nir, red)
  if (red === null || nir === null) {
    const band = red === null ? 'red' : 'near-infrared'
    throw missing(item, `Item ${item.id} has no asset that is known as its ${band} band`)
  }
  const qa = askedOrFoundQa(item, asked.qa)
  return [red.asset, nir.asset, ...(qa === null ? [] : [qa.asset])]
}

function assetOf(item: Item, key: string): ItemAsset {
  const asset = item.assets.find((each) => each.key === key)
  if (asset === undefined) throw missing(item, `Item ${item.id} has no asset "${key}"`)
  return asset
}

function missing({ assets }: Item, what: string): GreenprintError {
  const keys = assets.map(({ key }) => key).slice(0, 60)
  const there =
    keys.length === 0 ? 'It has no assets at all.' : `Its assets are ${keys.join(', ')}.`
  return new GreenprintError('asset_missing', `${what}. ${there} Name them: "assets": ["…"].`)
}
