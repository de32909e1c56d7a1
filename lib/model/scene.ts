// A STAC item reduced to what an NDVI needs.

import type { Bbox, Transform } from './grid.ts'
import type { JsonObject } from './json.ts'
import type { LinearScale } from './radiometry.ts'

/** What an IPNS name stood for when it was resolved, by its owner's signed record. */
export interface ResolvedName {
  /** `k51…` */
  readonly name: string
  /** `/ipfs/<cid>[/path]` */
  readonly value: string
  /** Decimal; the highest that the gateways had. */
  readonly sequence: string
  /** Until when the record holds, RFC 3339. */
  readonly validity: string
  /** Gateways that had a valid record. */
  readonly sources: readonly string[]
}

/** Content named by hash: `ipfs://<cid>[/<path>]`. The path has no leading slash; '' where there is none. */
export interface ContentReference {
  readonly cid: string
  readonly path: string
}

/** How the bytes of a band are known to be the scene's own, the best first. */
export const trusts = ['cid', 'fingerprint', 'transport'] as const
export type Trust = (typeof trusts)[number]

/** The least of several; the best where there is none. */
export function leastOf(told: readonly Trust[]): Trust {
  const ranks = told.map((trust) => trusts.indexOf(trust))
  return trusts[Math.max(0, ...ranks)] ?? 'transport'
}

/** One version of a plain copy, whose bytes nobody checks. */
export interface TransportSource {
  /** Without what signs it. */
  readonly href: string
  /** Bytes. */
  readonly size: number
  readonly etag: string | null
  /** HTTP date. */
  readonly last_modified: string | null
}

/** Where an item says that the pixels of a file lie. */
export interface ItemGeoreference {
  /** A code as `EPSG:32620`, WKT, or PROJJSON as canonical JSON. */
  readonly crs: string | null
  readonly transform: Transform | null
  /** rows, cols */
  readonly shape: readonly [number, number] | null
}

export interface BandAsset {
  /** Key of the asset in the item. */
  readonly key: string
  /**
   * Which band of the file, from 1 as GDAL counts, or by the file's own description of it; null where neither item nor
   * caller tells: then the file must have one, alpha left out.
   */
  readonly band: number | string | null
  /** The file by its content; null where nobody has named it so. */
  readonly content: ContentReference | null
  /** How a file without content is read where that is accepted. */
  readonly transport?: TransportSource
  /** Addresses of plain copies of the same file, https: and s3:, in the item's order. */
  readonly mirrors: readonly string[]
  /** `raster:bands[0].nodata`, `bands[0].nodata` or `nodata` of the asset. */
  readonly nodata?: number
  /** Scale and offset that the item itself names, when it names a scale. */
  readonly scale?: LinearScale
  /** What the item says the scaled number is in, `W/(m2 sr um)` for instance. */
  readonly unit?: string
  /** `file:checksum` as the item carries it. */
  readonly checksum?: string
  /** `file:size`, bytes. */
  readonly size?: number
  /** The hash of a list of sums beside the files, which is known and not read. */
  readonly sums?: string
  /** `proj:*` of the asset, else of the item: for a file that has none itself. */
  readonly georeference?: ItemGeoreference
}

/** One of `classification:classes`: what a number stands for. */
export interface QaClass {
  readonly value: number
  readonly name: string
  /** Whether it says that there was no observation. */
  readonly nodata: boolean
}

/** One field of `classification:bitfields`: `length` bits from bit `offset`, counted from the lowest. */
export interface QaBitfield {
  readonly name: string
  readonly offset: number
  readonly length: number
  /** What its numbers stand for; empty where the item does not tell. */
  readonly classes: readonly QaClass[]
}

/** The quality bands whose numbers are known here, each of one product. */
export type QaLayout = 'landsat-c2' | 'landsat-c1' | 'hls-fmask' | 'sentinel-2-scl' | 'ga-fmask'

/** A quality band, and how its numbers are to be read: as the item declares, else by the layout. */
export interface QaAsset extends BandAsset {
  /** Of the product that the item is of; null where that product has no such band. */
  readonly layout: QaLayout | null
  readonly bitfields: readonly QaBitfield[]
  readonly classes: readonly QaClass[]
}

export const productFamilies = ['landsat', 'sentinel-2', 'hls', 'ga-ard', 'unknown'] as const

/** What the radiometry and mask rules need to know of a product. */
export interface Product {
  readonly family: (typeof productFamilies)[number]
  /** Numbers that mean "no observation" whatever the file says. */
  readonly fill: number | null
  /** Whether 65535 in uint16 means a saturated detector. */
  readonly saturates: boolean
}

export interface Scene {
  readonly id: string
  readonly collection: string | null
  /** RFC 3339, as the item has it. */
  readonly datetime: string | null
  readonly platform: string | null
  /** Where the item was read, or null for an inline item without a self link. */
  readonly href: string | null
  /** The item's own canonical link (rel canonical, self or via), or null. */
  readonly canonical: string | null
  readonly bbox: Bbox | null
  readonly geometry: JsonObject | null
  readonly product: Product
  /** Names of its product: its id, and what its properties give as one. They tell sensor, level and baseline. */
  readonly productNames: readonly string[]
  /** Names of products that the rest of the item mentions, in links and addresses. */
  readonly mentionedNames: readonly string[]
  /** Ground sample distance of the red band, in metres, where the item has it. */
  readonly gsd: number | null
  readonly red: BandAsset
  readonly nir: BandAsset
  readonly qa: QaAsset | null
  /** Why `qa` is null, in one sentence. */
  readonly qaUnavailable?: string
  readonly properties: JsonObject
  readonly warnings: readonly string[]
}
