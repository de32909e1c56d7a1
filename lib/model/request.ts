// What a caller asks for, as it was read and checked.

import type { ColormapName } from './colormap.ts'
import type { Bbox } from './grid.ts'
import type { Json, JsonObject } from './json.ts'
import type { ScaleMode } from './radiometry.ts'
import type { Resampling } from './resampling.ts'
import type { ResolvedName, Trust } from './scene.ts'

export const maskClasses = [
  'dilated_cloud',
  'cirrus',
  'cloud',
  'cloud_shadow',
  'snow',
  'water',
] as const
export type MaskClass = (typeof maskClasses)[number]

/** The classes that `clouds` stands for. */
export const cloudClasses = ['dilated_cloud', 'cirrus', 'cloud', 'cloud_shadow'] as const

export const outputKinds = ['figure', 'layer', 'cog', 'item'] as const
export type OutputKind = (typeof outputKinds)[number]

/** CRSs other than the scene's own in which a layer can be drawn. */
export const layerCrses = ['EPSG:3857'] as const
export type LayerCrs = (typeof layerCrses)[number]

/**
 * Up to this size the GeoTIFF is an output by default: by the request alone, so that an id does not depend on the
 * scene.
 */
const LARGEST_WITH_COG = 1024

/** The outputs of a request that names none. */
export function defaultOutputs({
  max_size,
  layer_crs,
}: {
  readonly max_size: NdviRequest['max_size']
  readonly layer_crs?: LayerCrs | undefined
}): readonly OutputKind[] {
  const hasCog = max_size !== 'full' && max_size <= LARGEST_WITH_COG
  const layers = layer_crs === undefined ? [] : (['layer'] as const)
  return ['figure', ...(hasCog ? (['cog'] as const) : []), 'item', ...layers]
}

/** The names of a STAC API item search; `api` is the root URL of the API. */
export interface SceneSearch {
  readonly api?: string
  readonly collections?: readonly string[]
  readonly ids?: readonly string[]
  readonly bbox?: Bbox
  readonly intersects?: JsonObject
  readonly datetime?: string
  readonly query?: JsonObject
  readonly filter?: Json
  readonly 'filter-lang'?: string
  readonly 'filter-crs'?: string
  readonly sortby?: Json
  readonly limit?: number
}

/** Rings of longitude and latitude, outer ones and holes alike. */
export type Ring = readonly (readonly [lon: number, lat: number])[]

export type AreaGeometry =
  | { readonly type: 'Polygon'; readonly coordinates: readonly Ring[] }
  | { readonly type: 'MultiPolygon'; readonly coordinates: readonly (readonly Ring[])[] }

/** Bands that the caller names: `key` of an asset, or `key:band` of a file of several. */
export interface AskedAssets {
  readonly red?: string
  readonly nir?: string
  readonly qa?: string
}

/** What decides the pixels, and nothing else: two equal requests have one result. */
export interface NdviRequest {
  /** A STAC item, or its `https:` or `ipfs:` URL. Exactly one of `item` and `search` is set. */
  readonly item?: JsonObject | string
  readonly search?: SceneSearch
  /** Whether IPNS names in the item or a hit are resolved: the result is that of the CIDs that they stand for. */
  readonly names?: boolean
  /** Where absent, bands are found by the names that products give them. */
  readonly assets?: AskedAssets
  /** Area of interest in WGS84 degrees; the whole scene when absent. */
  readonly bbox?: Bbox
  /** GeoJSON Polygon or MultiPolygon in WGS84 degrees: crops, and masks what lies outside. Not beside `bbox`. */
  readonly geometry?: AreaGeometry
  readonly scale: ScaleMode
  readonly mask: readonly MaskClass[]
  /** Most pixels on the longest side of the grid that is read. */
  readonly max_size: number | 'full'
  readonly colormap_name: ColormapName
  readonly rescale: readonly [number, number]
  readonly outputs: readonly OutputKind[]
  /** Where the layer is drawn; on the grid itself when absent. */
  readonly layer_crs?: LayerCrs
  /** Pixels of the pictures: the layer, the map of the figure. One alone keeps the shape; absent = those of the grid. */
  readonly width?: number
  readonly height?: number
  /** How pictures take their pixels, where these are not those of the grid; nearest when absent. */
  readonly resampling?: Resampling
}

/** An item that this system itself looked up and put into the request: where it was read, and why it was chosen. */
export interface ResolvedItem {
  readonly href: string | null
  readonly chosen: string
  /** IPNS names that stood in it. */
  readonly names?: readonly ResolvedName[]
}

/** A request with what is to be done with its result. Nothing here changes a pixel. */
export interface NdviOrder {
  readonly kind?: 'ndvi'
  readonly request: NdviRequest
  /** Whether the result is to be published. */
  readonly pin: boolean
  /** The least that is accepted; `fingerprint` where it is absent. Only `transport` changes what is computed. */
  readonly trust?: Trust
  /** Name of the caller's token, for the record of what is published. No caller writes it. */
  readonly by?: string
  /** Where the request's item was looked up before; absent for an item, address or search as the caller gave it. */
  readonly resolved?: ResolvedItem
}
