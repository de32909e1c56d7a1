// A STAC item reduced to what an NDVI needs.

import type { Bbox } from './grid.ts'
import type { JsonObject } from './json.ts'
import type { LinearScale } from './radiometry.ts'

/** Content named by hash: `ipfs://<cid>[/<path>]`. The path has no leading slash; '' where there is none. */
export interface ContentReference {
  readonly cid: string
  readonly path: string
}

export interface BandAsset {
  /** Key of the asset in the item. */
  readonly key: string
  readonly content: ContentReference
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
}

/** One field of `classification:bitfields`: `length` bits from bit `offset`, counted from the lowest. */
export interface QaBitfield {
  readonly name: string
  readonly offset: number
  readonly length: number
}

/** A quality band, and how its numbers are to be read. */
export interface QaAsset extends BandAsset {
  readonly layout: 'landsat-c2' | 'landsat-c1' | 'hls-fmask' | 'sentinel-2-scl'
  /** As the item describes them; absent where it does not, and the layout's own table holds. */
  readonly bitfields?: readonly QaBitfield[]
}

/** What the radiometry and mask rules need to know of a product. */
export interface Product {
  readonly family: 'landsat' | 'sentinel-2' | 'hls' | 'unknown'
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
  readonly red: BandAsset
  readonly nir: BandAsset
  readonly qa: QaAsset | null
  /** Why `qa` is null, in one sentence. */
  readonly qaUnavailable?: string
  readonly properties: JsonObject
  readonly warnings: readonly string[]
}
