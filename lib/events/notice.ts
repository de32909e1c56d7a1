// Reads a message as a notice: which scene it announces, and in which of the known forms.

import { parseS3Address } from '../copies/open-copy.ts'
import { GreenprintError } from '../errors.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import { stacKind } from '../stac/objects.ts'
import type { Message, ObjectMessage } from './message.ts'
import { readProductId, type UsgsProduct } from './usgs-product.ts'

export type Notice =
  /** A new Landsat scene by its product id. */
  | { readonly kind: 'product'; readonly product: UsgsProduct }
  /** A STAC item, and where it was read; null for one that came itself. */
  | { readonly kind: 'item'; readonly item: unknown; readonly href: string | null }
  /** A whole request, as POST /ndvi takes it. */
  | {
      readonly kind: 'request'
      readonly body: JsonObject
      /** Whether the operator's own hand made it: it came by no topic and no queue. */
      readonly isOwn: boolean
    }
  | { readonly kind: 'filtered'; readonly reason: string }

/** Where STAC items are: an https: or ipfs: address, or an object in S3. */
export type Reference = { readonly kind: 'address'; readonly href: string } | ObjectMessage

/** @throws {GreenprintError} `invalid_request` for a message that is not a notice of a known kind */
export function readNotice(message: Message): Notice | Reference {
  if (message.kind === 'object') return message
  const { body, attributes, isOwn } = message
  if (!isJsonObject(body)) throw unreadable('it is not a JSON object')
  if ([body['action'], attributes['action']].includes('archived')) {
    return filtered('archived: the scene was taken out of its collection')
  }
  if ('landsat_product_id' in body) return readUsgs(body['landsat_product_id'])
  if ('record' in body) return readIngest(body, attributes)
  return readDocument(body) ?? readOther(body, isOwn)
}

/** USGS public-c2-notify-v2. Its `s3_location` adds nothing to the product id. */
function readUsgs(id: unknown): Notice {
  if (typeof id !== 'string') throw unreadable('its landsat_product_id is not a string')
  const product = readProductId(id)
  return typeof product === 'string' ? filtered(product) : { kind: 'product', product }
}

/** stac-server after an ingest: `{record, error?}`. */
function readIngest({ record, error }: JsonObject, attributes: Record<string, string>): Notice {
  const failed = (error !== undefined && error !== null) || attributes['ingestStatus'] === 'failed'
  if (failed) {
    const reason = typeof error === 'string' ? `: ${error.slice(0, 200)}` : ''
    return filtered(`failed ingest: the catalogue rejected the record${reason}`)
  }
  const notice = isJsonObject(record) ? readDocument(record) : null
  if (notice === null) throw unreadable('its record is not a STAC Item or Collection')
  return notice
}

/** A STAC document by its own type; a snippet of id and assets counts as an item. */
function readDocument(value: JsonObject): Notice | null {
  const kind = stacKind(value)
  if (kind === 'Collection' || kind === 'Catalog') return filtered(`no scene: a STAC ${kind}`)
  const isSnippet = kind === null && value['type'] === undefined && isJsonObject(value['assets'])
  return kind === 'Item' || isSnippet ? { kind: 'item', item: value, href: null } : null
}

function readOther(body: JsonObject, isOwn: boolean): Notice | Reference {
  if ('item' in body || 'search' in body) return { kind: 'request', body, isOwn }
  if (typeof body['granule_ur'] === 'string') {
    return filtered('no CID: a granule of NASA CMR, which names files by address only')
  }
  if (Array.isArray(body['tiles']) && Array.isArray(body['datastrips'])) {
    return filtered('no CID: a new Sentinel-2 product in a bucket that names files by address only')
  }
  if (['utmZone', 'latitudeBand', 'gridSquare'].every((name) => name in body)) {
    return filtered('no CID: a new Sentinel-2 tile in a bucket that names files by address only')
  }
  if (typeof body['href'] === 'string') return readReference(body['href'])
  const keys = Object.keys(body).slice(0, 12).join(', ').slice(0, 200)
  throw unreadable(`it has ${keys === '' ? 'no fields' : `the fields ${keys}`}`)
}

function readReference(href: string): Reference {
  const object = parseS3Address(href)
  if (object !== null) return { kind: 'object', ...object, version: null }
  if (/^(https?|ipfs):/i.test(href)) return { kind: 'address', href }
  throw unreadable(`its href "${href.slice(0, 120)}" is not an https:, ipfs: or s3: address`)
}

export function filtered(reason: string): Notice {
  return { kind: 'filtered', reason }
}

function unreadable(why: string): GreenprintError {
  return new GreenprintError(
    'invalid_request',
    `The message is not a notice of a scene: ${why}. Accepted are a USGS notice (landsat_product_id), a STAC Item, {record}, {href}, an S3 object and a request with item or search.`,
  )
}
