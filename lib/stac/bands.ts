// Chooses the asset that holds red, near infrared or the quality band. By name, never by role.

import { GreenprintError } from '../errors.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import { type Sensor, sensorOf } from '../products/product.ts'
import { contentOf } from './asset-content.ts'
import type { Item, ItemAsset } from './item.ts'

export type BandRole = 'red' | 'nir'

/**
 * Names of the band in each product's own numbering (docs/numbers.md#n1), best first. A number without its sensor
 * names nothing: B4 is red on OLI and near infrared on TM, B05 is near infrared on HLS L30 and red edge on S30.
 */
const names: Readonly<Record<BandRole, Readonly<Record<Sensor, readonly string[]>>>> = {
  red: {
    oli: ['red', 'B4'],
    tm: ['red', 'B3'],
    mss: ['red'],
    msi: ['red', 'B04'],
    l30: ['red', 'B04'],
    s30: ['red', 'B04'],
  },
  nir: {
    oli: ['nir08', 'B5'],
    tm: ['nir08', 'B4'],
    mss: ['nir08'],
    // Its nir08 is B8A at 20 m, another grid than red's 10 m.
    msi: ['nir', 'B08'],
    l30: ['B05', 'nir_narrow', 'nir08'],
    s30: ['B8A', 'nir08', 'nir_narrow'],
  },
}

/**
 * Common names of the eo extension, for products that are not in the table and as the second choice for those in it.
 */
const commonNames: Readonly<Record<BandRole, readonly string[]>> = {
  red: ['red'],
  nir: ['nir', 'nir08'],
}

/** Every name that is looked for, best first, for the error that says so. */
export function namesOf(role: BandRole, item: Item): string[] {
  const sensor = sensorOf(item)
  return [...new Set([...(sensor === null ? [] : names[role][sensor]), ...commonNames[role]])]
}

/**
 * The asset of a band, or null where the item has none. In this order: the product's own names, then the common names,
 * each as asset key, then as name of the asset's only band, each on red's grid before others. JPEG 2000 comes last, and
 * is refused. Among assets of one rank the first with a content reference wins, so that a mirror listed beside the
 * original is found.
 *
 * @param red the chosen red band, for the grid of near infrared
 * @throws {GreenprintError} `asset_unusable` when the band is there as JPEG 2000 only
 */
export function findBand(item: Item, role: BandRole, red: ItemAsset | null): ItemAsset | null {
  const sensor = sensorOf(item)
  const own = sensor === null ? [] : named(item, names[role][sensor])
  const common = named(item, commonNames[role])
  const onGrid = (asset: ItemAsset) => red === null || !gridsDiffer(asset, red)
  const ranks = [own.filter(onGrid), own, common.filter(onGrid)]
  // Where the very band is there as JPEG 2000, saying so helps more than a band on another grid.
  if (!own.some(isJpeg2000)) ranks.push(common)
  const readable = ranks
    .map((assets) => assets.filter((asset) => !isJpeg2000(asset)))
    .find((assets) => assets.length > 0)
  if (readable !== undefined) return firstUsable(readable)
  const refused = [...own, ...common][0]
  if (refused === undefined) return null
  throw new GreenprintError(
    'asset_unusable',
    `Asset "${refused.key}" of item ${item.id} is JPEG 2000, which is not read here. Give an item whose ${role} band is a Cloud Optimized GeoTIFF.`,
  )
}

/** The quality band by its usual names, with the layout that the name stands for; null where there is none. */
export function findQa(
  item: Item,
): { asset: ItemAsset; name: 'qa_pixel' | 'bqa' | 'fmask' | 'scl' } | null {
  for (const name of ['qa_pixel', 'fmask', 'scl', 'bqa'] as const) {
    const asset = named(item, [name]).find((candidate) => !isJpeg2000(candidate))
    if (asset !== undefined) return { asset, name }
  }
  return null
}

/** First object of `eo:bands`, `bands` or `raster:bands`; {} where the list is absent or empty. */
export function firstBand(asset: ItemAsset, list: string): JsonObject {
  const bands = asset.fields[list]
  const first: unknown = Array.isArray(bands) ? bands[0] : undefined
  return isJsonObject(first) ? first : {}
}

/** Assets that answer to one of the names, in the order of the names; a key counts before a band's name. */
function named(item: Item, wanted: readonly string[]): ItemAsset[] {
  const found = wanted.flatMap((name) => [
    ...item.assets.filter(
      ({ key }) => key.replace(/-jp2$/i, '').toLowerCase() === name.toLowerCase(),
    ),
    ...item.assets.filter((asset) => bandNames(asset).includes(name)),
  ])
  return [...new Set(found)]
}

/**
 * Own and common name of the only band of an asset. Of several, as in a true-colour image, none speaks for the file.
 */
function bandNames(asset: ItemAsset): unknown[] {
  return ['eo:bands', 'bands'].flatMap((list) => {
    const bands = asset.fields[list]
    if (!Array.isArray(bands) || bands.length !== 1) return []
    const band = firstBand(asset, list)
    return [band.name, band['eo:common_name'], band.common_name]
  })
}

function firstUsable(assets: readonly ItemAsset[]): ItemAsset | null {
  return assets.find((asset) => contentOf(asset).content !== null) ?? assets[0] ?? null
}

function isJpeg2000({ key, href, fields }: ItemAsset): boolean {
  return (
    /-jp2$/i.test(key) ||
    (typeof fields.type === 'string' && /^image\/(jp2|jpx)\b/i.test(fields.type)) ||
    /\.jp2$/i.test((href ?? '').replace(/[?#].*$/s, ''))
  )
}

/** Whether the metadata of both assets tells their pixel size or shape, and tells it differently. */
function gridsDiffer(a: ItemAsset, b: ItemAsset): boolean {
  return [shape, resolution].some((read) => {
    const [left, right] = [read(a), read(b)]
    return left !== undefined && right !== undefined && left !== right
  })
}

function shape({ fields }: ItemAsset): string | undefined {
  return fields['proj:shape'] === undefined ? undefined : JSON.stringify(fields['proj:shape'])
}

function resolution(asset: ItemAsset): unknown {
  return (
    firstBand(asset, 'raster:bands').spatial_resolution ??
    firstBand(asset, 'bands')['raster:spatial_resolution'] ??
    asset.fields['raster:spatial_resolution'] ??
    asset.fields.gsd ??
    firstBand(asset, 'eo:bands').gsd
  )
}
