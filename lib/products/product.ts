// What an item says of the product it belongs to: family, sensor, level, baseline, day.

import { asText, type JsonObject } from '../model/json.ts'
import type { Product, Scene } from '../model/scene.ts'

/** The fields of an item or a scene that tell its product. */
export type Described = Pick<Scene, 'id' | 'collection' | 'properties' | 'productNames'>

/** `tm` stands for TM and ETM+, which number their bands alike; `l30` and `s30` are the two halves of HLS. */
export type Sensor = 'oli' | 'tm' | 'mss' | 'msi' | 'l30' | 's30'

const HLS_NAME = /^HLS\.(L30|S30)\./i
/** Landsat, old (L[sensor][mission]) and new: https://www.usgs.gov/landsat-missions/landsat-collection-2 */
const LANDSAT_NAME = /^L([COTEM])0?([1-9])_/
const SENTINEL_2_NAME = /^S2[A-D]_/
/** Geoscience Australia's analysis-ready data of Landsat and Sentinel-2, as its collections are named. */
const GA_ARD = /^ga_(ls|s2)\w*_ard_\d/
/** USGS's analysis-ready tiles of Collection 2: surface reflectance on the grids of the United States. */
const LANDSAT_ARD = /^L[COTE]0[4-9]_(?:CU|AK|HI)_\d{6}_\d{8}_\d{8}_02_SR$/
/** Collections of Landsat Collection 2 Level 2: Digital Earth Africa's, those of USGS and Planetary Computer, Earth Engine's. */
const LANDSAT_LEVEL_2 =
  /^(?:ls[5-9]_sr|landsat-(?:\d-)?c2-?(?:l2|l2alb|ard)(?:-sr)?|landsat\/l[cte]0\d\/c02\/t[12]_l2)$/i

const products: Readonly<Record<Product['family'], Product>> = {
  landsat: { family: 'landsat', fill: 0, saturates: true },
  'sentinel-2': { family: 'sentinel-2', fill: 0, saturates: true },
  hls: { family: 'hls', fill: -9999, saturates: false },
  'ga-ard': { family: 'ga-ard', fill: -999, saturates: false },
  unknown: { family: 'unknown', fill: null, saturates: false },
}

/**
 * Fill values and saturation are docs/numbers.md#n11. HLS and Geoscience Australia are asked first: their items name a
 * Landsat or Sentinel-2 platform too.
 */
export function productOf(item: Described): Product {
  const { collection, properties } = item
  const platform = `${asText(properties['platform'])} ${asText(properties['constellation'])}`
  const isNamed = (pattern: RegExp) => item.productNames.some((name) => pattern.test(name))
  if (isNamed(HLS_NAME) || hlsProduct(item) !== '') return products.hls
  if (catalogueNames(item).some((name) => GA_ARD.test(name))) return products['ga-ard']
  if (
    isNamed(LANDSAT_NAME) ||
    properties['landsat:correction'] !== undefined ||
    /landsat/i.test(platform) ||
    /^landsat/i.test(collection ?? '')
  ) {
    return products.landsat
  }
  if (
    isNamed(SENTINEL_2_NAME) ||
    /sentinel-?2/i.test(platform) ||
    /^(sentinel-?(s2|2)|copernicus\/s2)/i.test(collection ?? '')
  ) {
    return products['sentinel-2']
  }
  return products.unknown
}

/** How catalogues name the product of an item: collection, and the product of Open Data Cube. */
function catalogueNames({ collection, properties }: Described): string[] {
  return [collection ?? '', asText(properties['odc:product'])]
}

/** null where the item does not tell; band numbers mean nothing then. */
export function sensorOf(item: Described): Sensor | null {
  const { family } = productOf(item)
  if (family === 'sentinel-2') return 'msi'
  if (family === 'hls') return hlsSensor(item)
  if (family === 'ga-ard' && catalogueNames(item).some((name) => name.startsWith('ga_s2')))
    return 'msi'
  return family === 'landsat' || family === 'ga-ard' ? landsatSensor(item) : null
}

/** `landsat:correction`, else the level part of a product's name (`L2SP`, `L1TP`); '' where neither tells. */
export function landsatCorrection(item: Described): string {
  const stated = asText(item.properties['landsat:correction']).toUpperCase()
  if (stated !== '') return stated
  if (catalogueNames(item).some((name) => LANDSAT_LEVEL_2.test(name))) return 'L2SP'
  if (firstMatch(item, LANDSAT_ARD) !== undefined) return 'L2SR'
  return firstMatch(item, /^L[COTEM][0-9]{2}_(L[12][A-Z]{2})(_|$)/)?.[1] ?? ''
}

/** In the names of an item's product, its id among them. */
export function firstMatch(
  { productNames }: Pick<Described, 'productNames'>,
  pattern: RegExp,
): RegExpExecArray | undefined {
  return productNames.map((name) => pattern.exec(name)).find((match) => match !== null)
}

/** Whether a Landsat item says that it is of Collection 1, whose QA bits and level-2 scale differ. */
export function isLandsatCollection1({ productNames, properties }: Described): boolean {
  const stated = properties['landsat:collection_number']
  if (stated !== undefined) return Number(stated) === 1
  return productNames.some((name) => /_01_(T1|T2|RT)(_|$)/.test(name))
}

/** `L1C` or `L2A`, or '' where a Sentinel-2 item tells neither. */
export function sentinel2Level(item: Described): string {
  const { collection, properties } = item
  const told =
    /MSI(1C|2A)$/.exec(asText(properties['s2:product_type'])) ??
    firstMatch(item, /(?:MSI|_)L(1C|2A)(?:_|$)/) ??
    /^(?:L|Level-)(1C|2A)$/i.exec(asText(properties['processing:level'])) ??
    /(?:^|[-_])l(1c|2a)(?:$|[-_])/i.exec(collection ?? '')
  if (told !== null) return `L${told[1]?.toUpperCase()}`
  // Earth Engine's COPERNICUS/S2 and COPERNICUS/S2_SR, each with and without _HARMONIZED.
  const ofEngine = /^copernicus\/s2(_sr)?(?:_harmonized)?$/i.exec(collection ?? '')
  if (ofEngine === null) return ''
  return ofEngine[1] === undefined ? 'L1C' : 'L2A'
}

/** `YYYY-MM-DD` of the acquisition as a product's name writes it, or null. */
export function acquisitionDay({ productNames }: Pick<Described, 'productNames'>): string | null {
  for (const name of productNames) {
    const calendar =
      /^L[COTEM]\d{2}_(?:L\w{3}_|CU_|AK_|HI_)?\d{6}_(\d{4})(\d{2})(\d{2})(?:_|$)/.exec(name) ??
      /^S2[A-D]_(?:MSIL\w{2}_|T?\w{5}_)(\d{4})(\d{2})(\d{2})/.exec(name)
    if (calendar !== null) return calendar.slice(1, 4).join('-')
    const [, year, day] = /^HLS\.[LS]30\.T\w{5}\.(\d{4})(\d{3})T/.exec(name) ?? []
    if (year === undefined) continue
    return new Date(Date.UTC(Number(year), 0, Number(day))).toISOString().slice(0, 10)
  }
  return null
}

function landsatSensor(item: Described): Sensor | null {
  const { properties } = item
  const [, letter, digit] = firstMatch(item, LANDSAT_NAME) ?? []
  const platform = asText(properties['platform'])
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
  const half = firstMatch(item, HLS_NAME)?.[1] ?? /[LS]30/i.exec(hlsProduct(item))?.[0]
  if (half === undefined) return null
  return half.toUpperCase() === 'L30' ? 'l30' : 's30'
}

/** Words of the item that name an HLS product, or ''. */
function hlsProduct({ collection, properties }: Described): string {
  const stated = asText(properties['hls:product'])
  if (stated !== '') return stated
  return /^hls(2?-?[ls]30|$|[-_.])/i.test(collection ?? '') ? (collection ?? '') : ''
}

function instruments(properties: JsonObject): readonly unknown[] {
  return Array.isArray(properties.instruments) ? properties.instruments : []
}
