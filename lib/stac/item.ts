// Checks that a value is a STAC Item and gives the parts of it that this project reads.

import { GreenprintError } from '../errors.ts'
import { hasFewPositions, hasPosition, MOST_POSITIONS } from '../geo/position-count.ts'
import type { Bbox } from '../model/grid.ts'
import { jsonFault } from '../model/i-json.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import { unsignedUrl } from '../model/unsigned-url.ts'
import { type BandFields, bandsOfAsset } from './asset-bands.ts'
import { boundsOfGeometry } from './geometry.ts'
import { type ItemAddresses, itemAddresses, stacKind } from './objects.ts'
import { productNamesOf } from './product-names.ts'

export interface ItemAsset {
  readonly key: string
  /** As written, or null. */
  readonly href: string | null
  /** Absolute, or null where the item has no URL to resolve it against. */
  readonly url: string | null
  /** Everything the asset says, untouched. */
  readonly fields: JsonObject
  /** What it says of the bands of its file, in their order; [] where it describes none. */
  readonly bands: readonly BandFields[]
}

export interface Item {
  readonly id: string
  readonly collection: string | null
  /** Where it was read, else its self link, else null. */
  readonly href: string | null
  /** Its own link to itself that holds anywhere: rel canonical, self or via, in this order; or null. */
  readonly canonical: string | null
  /** Its bbox, else the box of its geometry. */
  readonly bbox: Bbox | null
  readonly geometry: JsonObject | null
  /** RFC 3339 as written: `datetime`, else `start_datetime`. */
  readonly datetime: string | null
  readonly properties: JsonObject
  /** Names of its product: its id, and what its properties give as one. */
  readonly productNames: readonly string[]
  /** Names of products that its links and assets mention. */
  readonly mentionedNames: readonly string[]
  /** In the item's order. */
  readonly assets: readonly ItemAsset[]
  /** The whole item as it was given. */
  readonly source: JsonObject
  readonly warnings: readonly string[]
}

/** Published files and titles carry it. */
const MOST_ID = 256
/** The most of any catalogue that is known are some dozens. */
const MOST_ASSETS = 1000

/**
 * Reads an Item of any STAC version, or a snippet of `id` and `assets` alone (with a warning).
 * The value is neither changed nor migrated.
 *
 * @param href where it was read, or null for an inline item
 * @throws {GreenprintError} `item_invalid`, telling what the value is instead
 */
export function readItem(value: unknown, href: string | null): Item {
  const source = itemObject(value)
  const { id } = source
  if (typeof id !== 'string' || id === '') {
    throw invalid('The STAC Item has no id. Give it one: results are named after it.')
  }
  if (id.length > MOST_ID) {
    throw invalid(`The id of the STAC Item has ${id.length} characters: at most ${MOST_ID}.`)
  }
  const addresses = itemAddresses(source, href)
  const properties = isJsonObject(source.properties) ? source.properties : {}
  const given = isJsonObject(source.geometry) ? source.geometry : null
  const isTooFine = given !== null && !hasFewPositions(given)
  const geometry = isTooFine || !hasPosition(given) ? null : given
  return {
    id,
    collection: text(source.collection),
    href: href ?? addresses.url,
    canonical: canonicalUrl(addresses),
    bbox: addresses.bbox ?? boundsOfGeometry(geometry),
    geometry,
    datetime: text(properties.datetime) ?? text(properties.start_datetime),
    properties,
    ...productNamesOf(id, source, properties),
    assets: readAssets(source, properties, addresses),
    source,
    warnings: [
      ...missingParts(source),
      ...(isTooFine
        ? [
            `the geometry of the item has more than ${MOST_POSITIONS} positions: it is not looked at`,
          ]
        : []),
    ],
  }
}

function itemObject(value: unknown): JsonObject {
  if (!isJsonObject(value)) throw invalid(`Expected a STAC Item, got ${describeOther(value)}`)
  const kind = stacKind(value)
  const name = typeof value.id === 'string' ? ` "${value.id}"` : ''
  if (kind === 'Collection') {
    throw invalid(
      `This is the STAC Collection${name}, not an Item. Give the Item of one scene in it, or search with "collections".`,
    )
  }
  if (kind === 'Catalog') {
    throw invalid(`This is the STAC Catalog${name}, not an Item. Give the Item of one scene in it.`)
  }
  if (kind === 'ItemCollection') {
    const count = Array.isArray(value.features) ? value.features.length : 0
    throw invalid(
      `This is a FeatureCollection of ${count} features, not an Item. Give one of its features, or use "search".`,
    )
  }
  if (value.assets !== undefined && !isJsonObject(value.assets)) {
    throw invalid(`The "assets" of the STAC Item${name} are not an object of assets by key.`)
  }
  if (kind === null && value.type !== undefined) {
    throw invalid(
      `Expected a STAC Item ("type": "Feature"), got "type": ${JSON.stringify(value.type).slice(0, 60)}.`,
    )
  }
  if (value.assets === undefined && (kind === null || value.stac_version === undefined)) {
    throw invalid(
      'Expected a STAC Item, got an object without "assets". Give the whole Item, with the assets that hold the bands.',
    )
  }
  const assets = Object.keys(isJsonObject(value.assets) ? value.assets : {}).length
  if (assets > MOST_ASSETS) {
    throw invalid(`The STAC Item${name} has ${assets} assets: at most ${MOST_ASSETS}.`)
  }
  const unfit = jsonFault(value)
  if (unfit !== null) throw invalid(`The STAC Item ${unfit}.`)
  return value
}

function describeOther(value: unknown): string {
  const give = 'Give an Item (a JSON object) or its URL.'
  if (value === null || value === undefined) return `nothing. ${give}`
  if (Array.isArray(value)) return `an array of ${value.length}. Give one Item, not a list.`
  if (typeof value !== 'string') return `a ${typeof value}. ${give}`
  if (!/^\s*</.test(value)) return `text that is not JSON. ${give}`
  return 'an HTML or XML page. Give the URL of the Item as JSON, not of the page that shows it.'
}

function readAssets(
  source: JsonObject,
  properties: JsonObject,
  addresses: ItemAddresses,
): ItemAsset[] {
  return Object.entries(isJsonObject(source.assets) ? source.assets : {}).flatMap(
    ([key, fields]) =>
      isJsonObject(fields)
        ? {
            key,
            href: text(fields.href),
            url: addresses.assetUrl(key),
            fields,
            bands: bandsOfAsset(fields, properties),
          }
        : [],
  )
}

function missingParts(source: JsonObject): string[] {
  const missing = ['type', 'properties'].filter((name) => source[name] === undefined)
  if (missing.length === 0) return []
  return [
    `the item has no ${missing.join(' and no ')}: read as a snippet of id and assets, so time, place and product are known from the id at most`,
  ]
}

/** A server on this machine is nobody else's: a link to it would put the place of making into what is published. */
function canonicalUrl(addresses: ItemAddresses): string | null {
  const urls = ['canonical', 'self', 'via'].flatMap((rel) => addresses.linkUrls(rel))
  const url = urls
    // What signs an address, and whose it was, is nobody's to publish.
    .map(unsignedUrl)
    .find((each) => !/^https?:\/\/(localhost|127\.[\d.]+|\[::1\])([:/]|$)/i.test(each))
  return url?.replace(/\s/g, encodeURIComponent) ?? null
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function invalid(message: string): GreenprintError {
  return new GreenprintError('item_invalid', message)
}
