// Reads what an item says of the file of one band: its content, nodata, scale, unit and checksum.

import { GreenprintError } from '../errors.ts'
import { isJsonObject } from '../model/json.ts'
import type { LinearScale } from '../model/radiometry.ts'
import type { BandAsset } from '../model/scene.ts'
import { type BandFields, bandFields } from './asset-bands.ts'
import { contentOf } from './asset-content.ts'
import { georeferenceOf } from './band-grid.ts'
import type { FoundBand } from './bands.ts'
import { findContentReference } from './content-reference.ts'
import type { Item, ItemAsset } from './item.ts'

/**
 * Content reference, plain copies and metadata of one band.
 *
 * @throws {GreenprintError} `asset_unusable` when the asset has no content reference that can be checked
 */
export function readBand(item: Item, { asset, band }: FoundBand): BandAsset {
  const { content, refused } = contentOf(asset)
  if (content === null) throw withoutContent(item, asset, refused)
  const described = bandFields(asset.bands, band)
  const nodata = readNodata(asset, described)
  const scale = readScale(asset, described)
  const unit = firstText(described.common.unit, asset.fields.unit, described.raster.unit)
  const georeference = georeferenceOf(item, asset)
  const checksum = firstText(asset.fields['file:checksum'])
  return {
    key: asset.key,
    band,
    content,
    mirrors: readMirrors(asset),
    ...(nodata === undefined ? {} : { nodata }),
    ...(scale === undefined ? {} : { scale }),
    ...(unit === undefined ? {} : { unit }),
    ...(checksum === undefined ? {} : { checksum }),
    ...(georeference === undefined ? {} : { georeference }),
  }
}

/**
 * https and s3 addresses of the asset and of its alternates that name no content themselves: STAC says of
 * alternates that they are exactly the same file.
 */
function readMirrors({ fields, href, url }: ItemAsset): string[] {
  const alternates = Object.values(isJsonObject(fields.alternate) ? fields.alternate : {})
  const texts = [
    url,
    href,
    ...alternates.map((value) => (isJsonObject(value) ? value.href : value)),
  ]
  const plain = texts.filter(
    (text): text is string =>
      typeof text === 'string' && /^(https|s3):\/\//i.test(text) && !namesContent(text),
  )
  return [...new Set(plain)]
}

function namesContent(text: string): boolean {
  try {
    return findContentReference(text) !== null
  } catch {
    return true
  }
}

function withoutContent(item: Item, asset: ItemAsset, refused: readonly string[]): GreenprintError {
  const name = `Asset "${asset.key}" of item ${item.id}`
  if (refused.length > 0) {
    const message = `${name} cannot be read by content: ${refused.join('; ')}`
    return new GreenprintError('asset_unusable', message, { details: refused })
  }
  return new GreenprintError(
    'asset_unusable',
    `${name} has no IPFS CID${asset.href === null ? '' : ` (its href is ${asset.href})`}: only assets with one can be read. Add "alternate": {"IPFS": {"href": "ipfs://<CID>"}} to it.`,
  )
}

/** STAC spells what JSON cannot: "nan", "inf", "-inf". Items in the wild write numbers as text, too. */
function readNodata({ fields }: ItemAsset, { raster, common }: BandFields): number | undefined {
  const value = raster.nodata ?? common.nodata ?? fields.nodata
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return undefined
  const text = value.trim().toLowerCase()
  if (text === 'nan') return Number.NaN
  if (/^[+-]?inf(inity)?$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined
}

/**
 * raster v2 (`raster:scale` of the band, else of the asset) before raster v1 (`raster:bands[].scale`). A scale that
 * is not a positive number, or an offset that is not a number, does not count.
 */
function readScale({ fields }: ItemAsset, { raster, common }: BandFields): LinearScale | undefined {
  const second = { ...fields, ...common }
  const [scale, offset] =
    second['raster:scale'] === undefined
      ? [raster.scale, raster.offset ?? 0]
      : [second['raster:scale'], second['raster:offset'] ?? 0]
  if (typeof scale !== 'number' || !(scale > 0)) return undefined
  if (typeof offset !== 'number' || !Number.isFinite(offset)) return undefined
  return { scale, offset }
}

function firstText(...values: unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === 'string' && value !== '')
}
