// What an item says of the product it belongs to: family, sensor, level, baseline, day.

import type { JsonObject } from '../model/json.ts'
import type { Product, Scene } from '../model/scene.ts'

/** The fields of an item or a scene that tell its product. */
export type Described = Pick<Scene, 'id' | 'collection' | 'properties'>

/** `tm` stands for TM and ETM+, which number their bands alike; `l30` and `s30` are the two halves of HLS. */
export type Sensor = 'oli' | 'tm' | 'mss' | 'msi' | 'l30' | 's30'

/** Landsat, old (L[sensor][mission]) and new product ids: https://www.usgs.gov/landsat-missions/landsat-collection-2 */
const LANDSAT_ID = /^L([COTEM])0?([1-9])_/
const SENTINEL_2_ID = /^S2[A-D]_/
const HLS_ID = /^HLS\.(L30|S30)\./i

const products: Readonly<Record<Product['family'], Product>> = {
  landsat: { family: 'landsat', fill: 0, saturates: true },
  'sentinel-2': { family: 'sentinel-2', fill: 0, saturates: true },
  hls: { family: 'hls', fill: -9999, saturates: false },
  unknown: { family: 'unknown', fill: null, saturates: false },
}

/**
 * Fill values and saturation are docs/numbers.md#n11. HLS is asked first: its items name a Landsat or
 * Sentinel-2 platform too.
 */
export function productOf(item: Described): Product {
  const { id, collection, properties } = item
  const platform = `${string(properties, 'platform')} ${string(properties, 'constellation')}`
  if (HLS_ID.test(id) || hlsProduct(item) !== '') return products.hls
  if (
    LANDSAT_ID.test(id) ||
    properties['landsat:correction'] !== undefined ||
    /landsat/i.test(platform) ||
    /^landsat/i.test(collection ?? '')
  ) {
    return products.landsat
  }
  if (
    SENTINEL_2_ID.test(id) ||
    /sentinel-?2/i.test(platform) ||
    /^sentinel-?(s2|2)/i.test(collection ?? '')
  ) {
    return products['sentinel-2']
  }
  return products.unknown
}

/** null where the item does not tell; band numbers mean nothing then. */
export function sensorOf(item: Described): Sensor | null {
  const { family } = productOf(item)
  if (family === 'sentinel-2') return 'msi'
  if (family === 'hls') return hlsSensor(item)
  return family === 'landsat' ? landsatSensor(item) : null
}

/** `landsat:correction`, else the level part of the product id (`L2SP`, `L1TP`); '' where neither tells. */
export function landsatCorrection({ id, properties }: Described): string {
  const stated = string(properties, 'landsat:correction').toUpperCase()
  if (stated !== '') return stated
  return /^L[COTEM][0-9]{2}_(L[12][A-Z]{2})(_|$)/.exec(id)?.[1] ?? ''
}

/** Whether a Landsat item says that it is of Collection 1, whose QA bits and level-2 scale differ. */
export function isLandsatCollection1({ id, properties }: Described): boolean {
  const stated = properties['landsat:collection_number']
  if (stated !== undefined) return Number(stated) === 1
  return /_01_(T1|T2|RT)(_|$)/.test(id)
}

/** `L1C` or `L2A`, or '' where a Sentinel-2 item tells neither. */
export function sentinel2Level({ id, collection, properties }: Described): string {
  const told =
    /MSI(1C|2A)$/.exec(string(properties, 's2:product_type')) ??
    /(?:MSI|_)L(1C|2A)(?:_|$)/.exec(id) ??
    /^(?:L|Level-)(1C|2A)$/i.exec(string(properties, 'processing:level')) ??
    /(?:^|[-_])l(1c|2a)(?:$|[-_])/i.exec(collection ?? '')
  return told === null ? '' : `L${told[1]?.toUpperCase()}`
}

/** Sentinel-2 processing baseline as a number (4 for 04.00), or null where the item does not tell. */
export function sentinel2Baseline({ id, properties }: Described): number | null {
  for (const name of ['s2:processing_baseline', 'processing:version']) {
    const stated = properties[name]
    if (typeof stated === 'number') return stated
    if (typeof stated === 'string' && /^\d{1,2}\.\d{2}$/.test(stated)) return Number(stated)
  }
  for (const name of [id, string(properties, 's2:product_uri')]) {
    const digits = /_N(\d{2})(\d{2})_/.exec(name)
    if (digits !== null) return Number(`${digits[1]}.${digits[2]}`)
  }
  return null
}

/** `YYYY-MM-DD` of the acquisition as the product id writes it, or null. */
export function acquisitionDay(id: string): string | null {
  const calendar =
    /^L[COTEM]\d{2}_(?:L\w{3}_)?\d{6}_(\d{4})(\d{2})(\d{2})(?:_|$)/.exec(id) ??
    /^S2[A-D]_(?:MSIL\w{2}_|T?\w{5}_)(\d{4})(\d{2})(\d{2})/.exec(id)
  if (calendar !== null) return calendar.slice(1, 4).join('-')
  const ordinal = /^HLS\.[LS]30\.T\w{5}\.(\d{4})(\d{3})T/.exec(id)
  if (ordinal === null) return null
  return new Date(Date.UTC(Number(ordinal[1]), 0, Number(ordinal[2]))).toISOString().slice(0, 10)
}

function landsatSensor({ id, properties }: Described): Sensor | null {
  const [, letter, digit] = LANDSAT_ID.exec(id) ?? []
  const platform = string(properties, 'platform')
  const mission = Number(digit ?? /landsat[-_ ]?0?([1-9])/i.exec(platform)?.[1])
  if (letter === 'M') return 'mss'
  // LT08 is a thermal product of Landsat 8: it has neither band.
  if (letter === 'T' && mission >= 8) return null
  if (mission >= 8) return 'oli'
  if (letter === undefined && instruments(properties).includes('mss')) return 'mss'
  if (mission >= 4) return 'tm'
  return mission >= 1 ? 'mss' : null
}

function hlsSensor(item: Described): Sensor | null {
  const half = HLS_ID.exec(item.id)?.[1] ?? /[LS]30/i.exec(hlsProduct(item))?.[0]
  if (half === undefined) return null
  return half.toUpperCase() === 'L30' ? 'l30' : 's30'
}

/** Words of the item that name an HLS product, or ''. */
function hlsProduct({ collection, properties }: Described): string {
  const stated = string(properties, 'hls:product')
  if (stated !== '') return stated
  return /^hls(2?-?[ls]30|$|[-_.])/i.test(collection ?? '') ? (collection ?? '') : ''
}

function instruments(properties: JsonObject): readonly unknown[] {
  return Array.isArray(properties.instruments) ? properties.instruments : []
}

function string(properties: JsonObject, name: string): string {
  const value = properties[name]
  return typeof value === 'string' ? value : ''
}
