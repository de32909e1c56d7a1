// Reads what an item says of the file of one band: its content, nodata, scale, unit and checksum.

import { GreenprintError } from '../errors.ts'
import type { Json } from '../model/json.ts'
import type { LinearScale } from '../model/radiometry.ts'
import type { BandAsset } from '../model/scene.ts'
import { unsignedUrl } from '../model/unsigned-url.ts'
import { type BandFields, bandFields } from './asset-bands.ts'
import { contentOf } from './asset-content.ts'
import { georeferenceOf } from './band-grid.ts'
import type { FoundBand } from './bands.ts'
import { readFileAsset } from './file-asset.ts'
import type { Item, ItemAsset } from './item.ts'

/**
 * Content reference, plain copies and metadata of one band.
 *
 * @throws {GreenprintError} `asset_unusable` when the asset has neither content nor a plain copy that can be read
 */
export function readBand(item: Item, { asset, band }: FoundBand): BandAsset {
  const { content, refused } = contentOf(asset)
  const file = readFileAsset(item, asset)
  // What claims to name content and does not is no mere lack of it.
  const isUnreadable = refused.length > 0 || file.mirrors.length === 0
  if (content === null && isUnreadable) throw withoutContent(item, asset, refused)
  const described = bandFields(asset.bands, band)
  const nodata = readNodata(asset, described)
  const scale = readScale(item, asset, described)
  const unit = firstText(described.common.unit, asset.fields.unit, described.raster.unit)
  const georeference = georeferenceOf(item, asset)
  return {
    ...file,
    band,
    content,
    ...(nodata === undefined ? {} : { nodata }),
    ...(scale === undefined ? {} : { scale }),
    ...(unit === undefined || unit.length > MOST_UNIT ? {} : { unit }),
    ...(georeference === undefined ? {} : { georeference }),
  }
}

/** A longer text is not a unit. */
const MOST_UNIT = 64

function withoutContent(item: Item, asset: ItemAsset, refused: readonly string[]): GreenprintError {
  const name = `Asset "${asset.key}" of item ${item.id}`
  if (refused.length > 0) {
    const message = `${name} cannot be read by content: ${refused.join('; ')}`
    return new GreenprintError('asset_unusable', message, { details: refused })
  }
  return new GreenprintError(
    'asset_unusable',
    `${name} has neither an IPFS CID nor a plain copy at an https: or s3: address${asset.href === null ? '' : ` (its href is ${unsignedUrl(asset.href)})`}: nothing can be read of it.`,
  )
}

/** STAC spells what JSON cannot: "nan", "inf", "-inf". Items in the wild write numbers as text, too. */
function readNodata({ fields }: ItemAsset, { raster, common }: BandFields): number | undefined {
  const value = raster.nodata ?? common.nodata ?? fields.nodata
  const text = typeof value === 'string' ? value.trim().toLowerCase() : ''
  if (text === 'nan') return Number.NaN
  if (/^[+-]?inf(inity)?$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  return readNumber(value)
}

/**
 * raster v2 (`raster:scale` of the band, else of the asset) before raster v1 (`raster:bands[].scale`), before what the
 * item says of all its assets. A scale that is not a positive number, or an offset that is no number, does not count.
 */
function readScale(
  { properties }: Item,
  { fields }: ItemAsset,
  { raster, common }: BandFields,
): LinearScale | undefined {
  const places = [
    { scale: common['raster:scale'], offset: common['raster:offset'] ?? fields['raster:offset'] },
    { scale: fields['raster:scale'], offset: fields['raster:offset'] },
    raster,
    { scale: properties['raster:scale'], offset: properties['raster:offset'] },
  ]
  const told = places.find((place) => (place.scale ?? null) !== null)
  const [scale, offset] = [readNumber(told?.scale), readNumber(told?.offset ?? 0)]
  return scale === undefined || offset === undefined || !(scale > 0) ? undefined : { scale, offset }
}

function readNumber(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'string' || value.trim() === '') return undefined
  return Number.isFinite(Number(value)) ? Number(value) : undefined
}

function firstText(...values: unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === 'string' && value !== '')
}
