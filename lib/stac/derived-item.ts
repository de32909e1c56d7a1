// Builds the STAC item that is published with a result. A pure function: the same result gives the same bytes.

import { type Bbox, type Grid, gridBounds } from '../model/grid.ts'
import type { Json, JsonObject } from '../model/json.ts'
import type { Radiometry } from '../model/radiometry.ts'
import type { Scene } from '../model/scene.ts'
import type { Statistics } from '../model/statistics.ts'
import { acquisitionDay } from '../products/product.ts'
import { ndviBand, ndviExpression } from './ndvi-band.ts'

export interface PublishedAsset {
  /** Key in the item: `figure`, `layer`, `cog`. */
  readonly key: string
  /** Name in the published directory. */
  readonly file: string
  /** Of the file itself. */
  readonly cid: string
  readonly type: string
  /** Bytes. */
  readonly size: number
  /** Lower-case hexadecimal multihash of the whole file. */
  readonly checksum: string
  readonly roles: readonly string[]
  readonly title: string
  /** Whether its pixels are those of the grid, one for one: a figure's are not. */
  readonly onGrid: boolean
}

export interface DerivedItemInput {
  readonly scene: Scene
  readonly itemId: string
  /** The canonical request, without item or search. */
  readonly request: JsonObject
  /** What recomputation needs, per band. */
  readonly inputs: JsonObject
  readonly grid: Grid
  /** Degrees WGS84. */
  readonly footprint: { readonly bbox: Bbox; readonly geometry: JsonObject }
  readonly statistics: Statistics
  readonly radiometry: Radiometry
  readonly mask: readonly string[]
  /** Name and version, as `greenprint 0.1.0`. */
  readonly software: string
  readonly assets: readonly PublishedAsset[]
}

const extension = (name: string) => `https://stac-extensions.github.io/${name}/schema.json`

/**
 * A STAC 1.1.0 Item with processing 1.2.0, projection 2.0.0, raster 2.0.0, file 2.1.0 and alternate-assets 1.2.0
 * (and render 2.0.0 where a data asset is there to be rendered). Nothing in it tells the time or place of making.
 */
export function deriveItem(input: DerivedItemInput): JsonObject {
  const { scene, itemId, footprint, assets } = input
  const data = assets.find(({ roles }) => roles.includes('data'))
  const carrier = data ?? assets.find(({ key }) => key === 'layer') ?? assets[0]
  return {
    type: 'Feature',
    stac_version: '1.1.0',
    stac_extensions: [
      ...(carrier === undefined
        ? []
        : [extension('alternate-assets/v1.2.0'), extension('file/v2.1.0')]),
      extension('processing/v1.2.0'),
      extension('projection/v2.0.0'),
      ...(carrier === undefined ? [] : [extension('raster/v2.0.0')]),
      ...(data === undefined ? [] : [extension('render/v2.0.0')]),
    ],
    id: itemId,
    bbox: footprint.bbox.map(roundDegrees),
    geometry: roundGeometry(footprint.geometry),
    properties: {
      ...sourceProperties(scene),
      ...gridProperties(input.grid),
      ...processingProperties(input),
      ...(data === undefined ? {} : { renders: { ndvi: render(data, input.request) } }),
    },
    links:
      scene.canonical === null
        ? []
        : [{ rel: 'derived_from', href: scene.canonical, type: 'application/geo+json' }],
    assets: Object.fromEntries(
      assets.map((asset) => [
        asset.key,
        {
          ...fileFields(asset),
          ...(asset.onGrid ? gridFields(input.grid) : {}),
          ...(asset === carrier ? { bands: [ndviBand(input.statistics, asset === data)] } : {}),
        },
      ]),
    ),
  }
}

/** When and by what the scene was taken. Its cloud cover is left out: it is of the whole scene, not of this crop. */
export function sourceProperties(scene: Scene): JsonObject {
  const { properties } = scene
  const kept = ['platform', 'constellation', 'instruments'].filter(
    (name) => properties[name] !== undefined && properties[name] !== null,
  )
  return {
    ...acquisition(scene),
    ...Object.fromEntries(kept.map((name) => [name, properties[name]])),
  }
}

/** STAC wants a datetime, or null with a start and an end: a scene whose id alone tells the day has that day. */
function acquisition({ id, datetime, properties }: Scene): JsonObject {
  const { start_datetime, end_datetime } = properties
  if (typeof properties.datetime === 'string') return { datetime }
  if (typeof start_datetime === 'string' && typeof end_datetime === 'string') {
    return { datetime: null, start_datetime, end_datetime }
  }
  const day = acquisitionDay(id)
  if (datetime !== null || day === null) return { datetime }
  return { datetime: null, start_datetime: `${day}T00:00:00Z`, end_datetime: `${day}T23:59:59Z` }
}

function gridProperties({ crs, transform, shape }: Grid): JsonObject {
  return { 'proj:code': crs, 'proj:shape': shape, 'proj:transform': transform }
}

/** A PNG has no georeference of its own, so its bounds stand here; those of all assets on the grid are alike. */
function gridFields(grid: Grid): JsonObject {
  return { ...gridProperties(grid), 'proj:bbox': gridBounds(grid) }
}

function processingProperties(input: DerivedItemInput): JsonObject {
  const { scene, request, inputs, grid, radiometry, mask, software } = input
  const [name, version] = splitSoftware(software)
  const level = grid.level === 0 ? 'full resolution' : `overview level ${grid.level}`
  return {
    'processing:lineage': `NDVI of red (A = asset ${scene.red.key}) and near infrared (B = asset ${scene.nir.key}) of ${scene.id} at ${level}. ${radiometry.reason} Masked: ${mask.join(', ') || 'nothing'}. Clipped to [-1, 1].`,
    'processing:expression': { format: 'gdal-calc', expression: ndviExpression(radiometry) },
    'processing:software': { [name]: version },
    'greenprint:request': request,
    'greenprint:inputs': inputs,
    'greenprint:radiometry': {
      applied: radiometry.applied,
      red: { ...radiometry.red },
      nir: { ...radiometry.nir },
      reason: radiometry.reason,
    },
    'greenprint:mask': mask,
  }
}

function splitSoftware(software: string): [string, string] {
  const space = software.lastIndexOf(' ')
  return space < 0 ? [software, ''] : [software.slice(0, space), software.slice(space + 1)]
}

function fileFields(asset: PublishedAsset): JsonObject {
  return {
    href: `./${asset.file}`,
    type: asset.type,
    title: asset.title,
    roles: asset.roles,
    'file:size': asset.size,
    'file:checksum': asset.checksum,
    alternate: { IPFS: { href: `ipfs://${asset.cid}`, 'alternate:name': 'IPFS' } },
  }
}

function render(data: PublishedAsset, request: JsonObject): JsonObject {
  return {
    title: 'NDVI',
    assets: [data.key],
    ...(Array.isArray(request.rescale) ? { rescale: [request.rescale] } : {}),
    ...(typeof request.colormap_name === 'string' ? { colormap_name: request.colormap_name } : {}),
  }
}

/** Seven decimals of a degree, about a centimetre, and never -0. */
function roundDegrees(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7 + 0
}

function roundGeometry(geometry: JsonObject): JsonObject {
  return { ...geometry, coordinates: roundPositions(geometry.coordinates ?? []) }
}

function roundPositions(value: Json): Json {
  if (typeof value === 'number') return roundDegrees(value)
  return Array.isArray(value) ? value.map(roundPositions) : value
}
