// The only door to stac-js: what kind of STAC a value is, where its links and assets lead, and its box.

// File by file: the package's own list of them brings the rewriting of old metadata along, which nothing here asks for.
import Catalog from 'stac-js/src/catalog.js'
import Item from 'stac-js/src/item.js'
import ItemCollection from 'stac-js/src/itemcollection.js'
import { boxAround } from '../geo/bbox.ts'
import type { Bbox } from '../model/grid.ts'
import { jsonFault } from '../model/i-json.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import { MOST_MEMBERS } from './page-text.ts'

export type StacKind = 'Item' | 'Collection' | 'Catalog' | 'ItemCollection'

const SCHEME = /^[a-z][a-z0-9+.-]*:/i

/** What STAC calls this object, or null where it is none of the four. */
export function stacKind(value: JsonObject): StacKind | null {
  const probe = new Catalog({ type: value.type })
  if (probe.isItem) return 'Item'
  if (probe.isCollection) return 'Collection'
  if (probe.isCatalog) return 'Catalog'
  if (probe.isItemCollection || ItemCollection.isResponse(value)) return 'ItemCollection'
  // Before STAC 1.0.0-rc.1 a Collection carried no type.
  if (value.type === undefined && isJsonObject(value.extent) && value.license !== undefined) {
    return 'Collection'
  }
  return null
}

/** Addresses and extent of an item. URLs are absolute, or null where nothing makes them so. */
export interface ItemAddresses {
  readonly url: string | null
  readonly bbox: Bbox | null
  assetUrl(key: string): string | null
  /** Of every link with this relation, in the item's order. */
  linkUrls(rel: string): string[]
}

/**
 * Only addresses go through stac-js, in a copy: `create()` would rewrite old metadata (`raster:bands`, `eo:bands`),
 * and its classes throw for an alternate that is a bare string.
 *
 * @param href where the item was read; its self link stands in for null
 */
export function itemAddresses(value: JsonObject, href: string | null): ItemAddresses {
  const assets = Object.entries(isJsonObject(value.assets) ? value.assets : {})
  const item = new Item(
    {
      type: 'Feature',
      bbox: value.bbox,
      properties: {},
      links: links(value.links),
      assets: Object.fromEntries(assets.map(([key, asset]) => [key, { href: hrefOf(asset) }])),
    },
    href,
  )
  const base = item.getAbsoluteUrl()
  return {
    url: base !== null && SCHEME.test(base) ? base : null,
    bbox: asBbox(item.getBoundingBox()),
    assetUrl: (key) => absoluteUrl(item.getAsset(key), base),
    linkUrls: (rel) =>
      item.getLinksWithRels([rel]).flatMap((link) => absoluteUrl(link, base) ?? []),
  }
}

export interface NextLink {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body: JsonObject | null
  /** Whether body and headers are added to those of the request before. */
  readonly merge: boolean
}

export interface Page {
  readonly features: readonly unknown[]
  readonly next: NextLink | null
  /** The address of a next page that is not asked, for it is another server's; else null. */
  readonly elsewhere: string | null
  /** How many items match on the server, where it says so. */
  readonly matched: number | null
}

/** One answer of a STAC API item search, or null where the value is none. */
export function readPage(value: unknown, href: string): Page | null {
  if (!isJsonObject(value) || !ItemCollection.isResponse(value)) return null
  const page = new ItemCollection(
    { type: 'FeatureCollection', features: [], links: links(value.links) },
    href,
  )
  const context = isJsonObject(value.context) ? value.context : {}
  const matched = value.numberMatched ?? context.matched
  return {
    features: value.features.slice(0, MOST_MEMBERS),
    ...nextLink(page, href),
    matched: typeof matched === 'number' ? matched : null,
  }
}

/** The smallest box around all boxes, across the antimeridian where that is smaller. */
export function unionOfBoxes(boxes: readonly Bbox[]): Bbox | null {
  const near = boxes.every(([west, , east]) => west <= east) ? boxAround(boxes) : null
  // Within half the globe no way around its other side is shorter. Boxes off the globe are none to stac-js.
  if (near !== null && isOnGlobe(near) && near[2] - near[0] < 180) return near
  const features = boxes.map((bbox) => ({ type: 'Feature', bbox: [...bbox] }))
  return asBbox(new ItemCollection({ type: 'FeatureCollection', features }).getBoundingBox())
}

function isOnGlobe([west, south, east, north]: Bbox): boolean {
  return west >= -180 && east <= 180 && south >= -90 && north <= 90
}

function nextLink(page: ItemCollection, base: string): Pick<Page, 'next' | 'elsewhere'> {
  const link = page.getPaginationLinks().next
  const told = link === null ? null : absoluteUrl(link, base)
  if (link === null || told === null || !/^https?:/i.test(told)) return NO_NEXT
  const url = atServer(told, base)
  if (url === null) return { next: null, elsewhere: told }
  const post = typeof link.method === 'string' && link.method.toUpperCase() === 'POST'
  const next: NextLink = {
    url,
    method: post ? 'POST' : 'GET',
    headers: sendableHeaders(link.headers),
    body: isJsonObject(link.body) ? link.body : null,
    merge: link.merge === true,
  }
  return jsonFault(next) === null ? { next, elsewhere: null } : NO_NEXT
}

const NO_NEXT = { next: null, elsewhere: null } as const

/**
 * An address at the server that was asked; null where it is another's, which would have this deployment ask, with the
 * search's own body, whom the API likes. A server behind a proxy writes the name that it has there: http for https, or
 * a host of its own with the path that was asked.
 */
function atServer(address: string, asked: string): string | null {
  const [url, base] = [URL.parse(address), URL.parse(asked)]
  if (url === null || base === null) return null
  if (url.origin === base.origin) return address
  const isItsOwn = url.hostname === base.hostname || url.pathname === base.pathname
  return isItsOwn && url.protocol === 'http:' ? `${base.origin}${url.pathname}${url.search}` : null
}

/** Of the connection, of a session, of who asks and on whose behalf. */
const NOT_ITS_OWN =
  /^(host|cookie|authorization|connection|content-.*|transfer-encoding|te|trailer|expect|upgrade|proxy-.*|forwarded|x-forwarded-.*|x-amz-.*|origin|referer|range|if-.*)$/i

/** A server may ask for headers of its own, not for those that carry the connection or a session. */
function sendableHeaders(headers: unknown): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(isJsonObject(headers) ? headers : {})) {
    if (typeof value !== 'string') continue
    if (NOT_ITS_OWN.test(name)) continue
    kept[name] = value
  }
  return kept
}

interface Reference {
  readonly href?: string
  getAbsoluteUrl(): string | null
}

function absoluteUrl(reference: Reference | null, base: string | null): string | null {
  const href = reference?.href
  if (reference === null || href === undefined || href === '') return null
  // stac-js normalises: it lower-cases the CID of ipfs://Qm… and re-encodes signed queries. Whole URLs stay as they
  // are.
  if (SCHEME.test(href)) return href
  try {
    if (base !== null && /^ipfs:/i.test(base)) return new URL(href, base).href
    const url = reference.getAbsoluteUrl()
    return url !== null && SCHEME.test(url) ? url : null
  } catch {
    return null
  }
}

/** Each is walked for every relation that is looked for. */
const MOST_LINKS = 1000

function links(value: unknown): object[] {
  if (!Array.isArray(value)) return []
  return value
    .slice(0, MOST_LINKS)
    .filter(isJsonObject)
    .map(({ rel, href, type, method, headers, body, merge }) => ({
      rel,
      href,
      type,
      method,
      headers,
      body,
      merge,
    }))
}

function hrefOf(asset: unknown): string | undefined {
  return isJsonObject(asset) && typeof asset.href === 'string' ? asset.href : undefined
}

function asBbox(box: readonly number[] | null): Bbox | null {
  const [west, south, east, north] = box ?? []
  if (west === undefined || south === undefined || east === undefined || north === undefined) {
    return null
  }
  return south <= north ? [west, south, east, north] : null
}
