// Reduces an item to the scene that an NDVI needs: two bands, a quality band, and what they mean.

import { GreenprintError } from '../errors.ts'
import type { AskedAssets } from '../model/request.ts'
import type { BandAsset, Scene } from '../model/scene.ts'
import { unsignedUrl } from '../model/unsigned-url.ts'
import { productOf } from '../products/product.ts'
import { askedOrFoundBand, askedOrFoundQa } from './asked-bands.ts'
import { readBand } from './band-asset.ts'
import { gsdOf } from './band-grid.ts'
import { namesOf } from './band-names.ts'
import { type FoundBand, qaLayoutOf } from './bands.ts'
import { formatContentReference } from './content-reference.ts'
import type { Item } from './item.ts'
import { readClassification } from './qa-classification.ts'

/**
 * Picks red, near infrared and the quality band of an item and reads their metadata. A quality band that cannot be
 * read is not an error here: it is only needed once a mask is asked for.
 *
 * @param asked bands that the caller names
 * @throws {GreenprintError} `asset_missing` when a band is not there; `asset_unusable` when it is there but has no
 *   content reference that can be checked, or is JPEG 2000
 */
export function readScene(item: Item, asked: AskedAssets = {}): Scene {
  const [red, nir] = findBands(item, asked)
  const redBand = readBand(item, red)
  const nirBand = readBand(item, nir)
  refuseOneFile(item, redBand, nirBand)
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
    productNames: item.productNames,
    mentionedNames: item.mentionedNames,
    gsd: gsdOf(item, red.asset, red.band),
    red: redBand,
    nir: nirBand,
    ...readQa(item, asked.qa),
    properties: item.properties,
    warnings: item.warnings,
  }
}

/** @throws {GreenprintError} `asset_unusable` when red and near infrared are the same band of the same file */
function refuseOneFile({ id }: Item, red: BandAsset, nir: BandAsset): void {
  const isOneBand = String(red.band).toLowerCase() === String(nir.band).toLowerCase()
  if (isOneBand && isSameFile(red, nir)) throw oneBand(id, red, nir)
}

/** Whether two assets name one file, by its content or else by its first address. */
export function isSameFile(one: BandAsset, other: BandAsset): boolean {
  const name = nameOf(one)
  return name !== undefined && name === nameOf(other)
}

function nameOf({ content, mirrors: [first] }: BandAsset): string | undefined {
  return content === null ? first && unsignedUrl(first) : formatContentReference(content)
}

/** `asset_unusable`: what NDVI would be 0 of. */
export function oneBand(id: string, red: BandAsset, nir: BandAsset): GreenprintError {
  return new GreenprintError(
    'asset_unusable',
    `Assets "${red.key}" and "${nir.key}" of item ${id} name the same band of the same content ${nameOf(red)}: one of the references is wrong.`,
  )
}

function findBands(item: Item, asked: AskedAssets): [FoundBand, FoundBand] {
  const red = askedOrFoundBand(item, 'red', asked.red, null)
  const nir = askedOrFoundBand(item, 'nir', asked.nir, red)
  if (red !== null && nir !== null) return [red, nir]
  const missing = [
    ...(red === null ? [`red (looked for ${namesOf('red', item).join(', ')})`] : []),
    ...(nir === null ? [`near infrared (looked for ${namesOf('nir', item).join(', ')})`] : []),
  ]
  const keys = item.assets.map(({ key }) => key).slice(0, 60)
  throw new GreenprintError(
    'asset_missing',
    `Item ${item.id} has no asset for ${missing.join(' and ')}. ${
      keys.length === 0
        ? 'It has no assets at all.'
        : `Its assets are ${keys.join(', ')}. Name the bands in the request: "assets": {"red": …, "nir": …}.`
    }`,
  )
}

function readQa(item: Item, asked: string | undefined): Pick<Scene, 'qa' | 'qaUnavailable'> {
  const found = askedOrFoundQa(item, asked)
  if (found === null) return { qa: null, qaUnavailable: `Item ${item.id} has no quality band.` }
  try {
    const band = readBand(item, found)
    const layout = qaLayoutOf(item, found)
    return { qa: { ...band, layout, ...readClassification(found) } }
  } catch (error) {
    if (!(error instanceof GreenprintError)) throw error
    return { qa: null, qaUnavailable: error.message }
  }
}
