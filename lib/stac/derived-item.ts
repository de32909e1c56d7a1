// Builds the STAC item that is published with a result. A pure function: the same result gives the same bytes.

import type { Bbox, Grid } from '../model/grid.ts'
import type { JsonObject } from '../model/json.ts'
import type { Radiometry } from '../model/radiometry.ts'
import type { Scene } from '../model/scene.ts'
import type { Statistics } from '../model/statistics.ts'
import {
  definitionProperties,
  extension,
  fileFields,
  gridFields,
  gridProperties,
  type ItemDefinition,
  type PublishedAsset,
  roundDegrees,
  roundGeometry,
  rulesJson,
  splitSoftware,
} from './item-parts.ts'
import { isVerified, lineageOf, type PixelRules } from './lineage.ts'
import { ndviBand, ndviExpression } from './ndvi-band.ts'
import { sourceProperties } from './source-properties.ts'

export interface DerivedItemInput {
  readonly scene: Scene
  readonly itemId: string
  /** The canonical request. */
  readonly request: JsonObject
  /** What recomputation needs of the source: which content, and what the item says of it. */
  readonly inputs: JsonObject
  /** What every pixel goes through. */
  readonly rules: PixelRules
  readonly grid: Grid
  /** Of its CRS, where that has no code. */
  readonly definition: ItemDefinition | null
  /** Metres on the ground between the centres of two pixels of the grid. */
  readonly gsd: number
  /** The pixels of `grid.level` that the grid is made of. */
  readonly window: JsonObject
  /** SHA-256 of the pixels as little-endian float32, row by row; null where nobody made it. */
  readonly digest: string | null
  /** Of what is not fill, cut by the asked polygon. Degrees WGS84. */
  readonly footprint: { readonly bbox: Bbox; readonly geometry: JsonObject }
  /** What was asked for; the numbers are of it alone. */
  readonly area: { readonly geometry: JsonObject; readonly coveredPercent: number }
  readonly statistics: Statistics
  readonly radiometry: Radiometry
  readonly mask: readonly string[]
  /** Name and version, as `greenprint 0.1.0`. */
  readonly software: string
  readonly assets: readonly PublishedAsset[]
}

/**
 * A STAC 1.1.0 Item with processing 1.2.0, projection 2.0.0, raster 2.0.0, file 2.1.0 and alternate-assets 1.2.0
 * (and, where a data asset is there, render 2.0.0 and eo 1.1.0, by whose names odc-stac finds bands). Nothing in it
 * tells the time or place of making.
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
      ...(data === undefined ? [] : [extension('eo/v1.1.0')]),
      extension('processing/v1.2.0'),
      extension('projection/v2.0.0'),
      ...(carrier === undefined ? [] : [extension('raster/v2.0.0')]),
      ...(data === undefined ? [] : [extension('render/v2.0.0')]),
    ],
    id: itemId,
    bbox: footprint.bbox.map(roundDegrees),
    geometry: roundGeometry(footprint.geometry),
    properties: {
      ...sourceProperties(scene).properties,
      gsd: input.gsd,
      ...gridProperties(input.grid),
      ...definitionProperties(input.definition),
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
          ...(asset.grid === null ? {} : gridFields(asset.grid)),
          ...(asset === carrier ? bandFields(input, asset === data) : {}),
        },
      ]),
    ),
  }
}

function bandFields({ statistics, grid }: DerivedItemInput, isData: boolean): JsonObject {
  const band = ndviBand(statistics, grid.shape, isData)
  const { name = 'ndvi', description = '' } = band
  return { bands: [band], ...(isData ? { 'eo:bands': [{ name, description }] } : {}) }
}

function processingProperties(input: DerivedItemInput): JsonObject {
  const { request, inputs, rules, window, digest, area, statistics } = input
  const { radiometry, mask, software } = input
  const [name, version] = splitSoftware(software)
  return {
    'processing:lineage': lineageOf(input),
    'processing:expression': { format: 'gdal-calc', expression: ndviExpression(rules) },
    'processing:software': { [name]: version },
    ...(isVerified(input.scene) ? {} : { 'greenprint:trust': 'transport' }),
    'greenprint:request': request,
    'greenprint:inputs': inputs,
    'greenprint:radiometry': {
      applied: radiometry.applied,
      red: { ...radiometry.red },
      nir: { ...radiometry.nir },
      reason: radiometry.reason,
    },
    'greenprint:mask': mask,
    'greenprint:rules': rulesJson(rules),
    'greenprint:window': window,
    ...(digest === null ? {} : { 'greenprint:pixels': { data_type: 'float32', sha256: digest } }),
    'greenprint:area': {
      geometry: roundGeometry(area.geometry),
      covered_percent: area.coveredPercent,
      statistics: {
        ...statistics,
        invalid: { ...statistics.invalid },
        percentiles: { ...statistics.percentiles },
        histogram: { ...statistics.histogram },
      },
    },
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
