// Reduces an item to the scene that an NDVI needs: two bands, a quality band, and what they mean.

import { GreenprintError } from '../errors.ts'
import { isJsonObject } from '../model/json.ts'
import type { QaAsset, QaBitfield, Scene } from '../model/scene.ts'
import { isLandsatCollection1, productOf } from '../products/product.ts'
import { readBand } from './band-asset.ts'
import { findBand, findQa, firstBand, namesOf } from './bands.ts'
import type { Item, ItemAsset } from './item.ts'

/**
 * Picks red, near infrared and the quality band of an item and reads their metadata. A quality band that cannot be
 * read is no fault here: it is only needed once a mask is asked for.
 *
 * @throws {GreenprintError} `asset_missing` when a band is not there; `asset_unusable` when it is there but has no
 *   content reference that can be checked, or is JPEG 2000
 */
export function readScene(item: Item): Scene {
  const [red, nir] = findBands(item)
  const redBand = readBand(item, red)
  const nirBand = readBand(item, nir)
  if (
    redBand.content.cid === nirBand.content.cid &&
    redBand.content.path === nirBand.content.path
  ) {
    throw new GreenprintError(
      'asset_unusable',
      `Assets "${red.key}" and "${nir.key}" of item ${item.id} name the same content ${redBand.content.cid}: one of the references is wrong.`,
    )
  }
  const { platform } = item.properties
  return {
    id: item.id,
    collection: item.collection,
    datetime: item.datetime,
    platform: typeof platform === 'string' ? platform : null,
    href: item.href,
    canonical: item.canonical,
    bbox: item.bbox,
    geometry: item.geometry,
    product: productOf(item),
    red: redBand,
    nir: nirBand,
    ...readQa(item),
    properties: item.properties,
    warnings: item.warnings,
  }
}

function findBands(item: Item): [ItemAsset, ItemAsset] {
  const red = findBand(item, 'red', null)
  const nir = findBand(item, 'nir', red)
  if (red !== null && nir !== null) return [red, nir]
  const missing = [
    ...(red === null ? [`red (looked for ${namesOf('red', item).join(', ')})`] : []),
    ...(nir === null ? [`near infrared (looked for ${namesOf('nir', item).join(', ')})`] : []),
  ]
  const keys = item.assets.map(({ key }) => key).slice(0, 60)
  throw new GreenprintError(
    'asset_missing',
    `Item ${item.id} has no asset for ${missing.join(' and ')}. ${
      keys.length === 0 ? 'It has no assets at all.' : `Its assets are ${keys.join(', ')}.`
    }`,
  )
}

function readQa(item: Item): Pick<Scene, 'qa' | 'qaUnavailable'> {
  const found = findQa(item)
  if (found === null) return { qa: null, qaUnavailable: `Item ${item.id} has no quality band.` }
  const collection1 = found.name === 'bqa' || isLandsatCollection1(item)
  const layouts = { fmask: 'hls-fmask', scl: 'sentinel-2-scl' } as const
  const layout: QaAsset['layout'] =
    found.name === 'fmask' || found.name === 'scl'
      ? layouts[found.name]
      : `landsat-c${collection1 ? 1 : 2}`
  const bitfields = readBitfields(found.asset)
  try {
    const band = readBand(item, found.asset)
    return { qa: { ...band, layout, ...(bitfields.length === 0 ? {} : { bitfields }) } }
  } catch (error) {
    if (!(error instanceof GreenprintError)) throw error
    return { qa: null, qaUnavailable: error.message }
  }
}

function readBitfields(asset: ItemAsset): QaBitfield[] {
  const name = 'classification:bitfields'
  const places = [asset.fields, firstBand(asset, 'bands'), firstBand(asset, 'raster:bands')]
  const list: unknown = places.map((place) => place[name]).find(Array.isArray)
  return (Array.isArray(list) ? list : []).filter(isJsonObject).flatMap((field) => {
    const { name, offset, length } = field
    if (typeof name !== 'string' || !isBit(offset) || !isBit(length)) return []
    return [{ name, offset, length }]
  })
}

function isBit(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 64
}
