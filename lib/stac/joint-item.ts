// Builds the STAC item that is published with a raster of several scenes, in the same words as that of one.

import type { BandNumbers, JointKind, PixelSource } from '../model/joint.ts'
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'
import type { Radiometry } from '../model/radiometry.ts'
import type { Scene } from '../model/scene.ts'
import type { Statistics } from '../model/statistics.ts'
import { acquisitionOf } from './acquisition.ts'
import type { DerivedItemInput } from './derived-item.ts'
import {
  definitionProperties,
  extension,
  fileFields,
  gridFields,
  gridProperties,
  type PublishedAsset,
  roundDegrees,
  roundGeometry,
  rulesJson,
  splitSoftware,
} from './item-parts.ts'
import { isVerified, type PixelRules } from './lineage.ts'
import { bandHistogram, bandStatistics } from './ndvi-band.ts'

/** One of the scenes. */
export interface JointItemScene {
  readonly scene: Scene
  /** What recomputation needs of it: which content, and what its item says. */
  readonly inputs: JsonObject
  readonly rules: PixelRules
  readonly radiometry: Radiometry
  readonly mask: readonly string[]
  /** Rows and columns of its level that were read. */
  readonly window: JsonObject
}

/** A band of the GeoTIFF. */
export interface JointItemBand {
  readonly name: string
  readonly description: string
  readonly statistics: Statistics
  /** SHA-256 of its pixels as little-endian float32, row by row; null where nobody made it. */
  readonly digest: string | null
}

export interface JointItemInput
  extends Pick<
    DerivedItemInput,
    'itemId' | 'request' | 'grid' | 'definition' | 'gsd' | 'footprint' | 'software' | 'assets'
  > {
  readonly kind: JointKind
  readonly title: string
  /** One sentence: what a pixel is made of. */
  readonly lineage: string
  /** The same for gdal_calc.py. */
  readonly expression?: string
  /** By what each is in the result. */
  readonly scenes: Readonly<Record<string, JointItemScene>>
  /** The observations of a composite, by time; null of a change. */
  readonly sources: readonly PixelSource[] | null
  /** The first is drawn. */
  readonly bands: readonly JointItemBand[]
  /** What was asked for; the numbers are of it alone. */
  readonly area: { readonly geometry: JsonObject; readonly coveredPercent: number }
}

/** A STAC 1.1.0 Item, of the extensions of deriveItem. Nothing in it tells the time or place of making. */
export function jointItem(input: JointItemInput): JsonObject {
  const { kind, title, footprint, assets, scenes, grid } = input
  const data = assets.find(({ key }) => key === 'cog')
  const all = Object.values(scenes)
  return {
    type: 'Feature',
    stac_version: '1.1.0',
    stac_extensions: [
      ...(assets.length === 0
        ? []
        : [extension('alternate-assets/v1.2.0'), extension('file/v2.1.0')]),
      extension('processing/v1.2.0'),
      extension('projection/v2.0.0'),
      ...(data === undefined ? [] : [extension('raster/v2.0.0'), extension('render/v2.0.0')]),
    ],
    id: input.itemId,
    bbox: footprint.bbox.map(roundDegrees),
    geometry: roundGeometry(footprint.geometry),
    properties: {
      ...timesOf(all),
      ...common(all),
      gsd: input.gsd,
      ...gridProperties(grid),
      ...definitionProperties(input.definition),
      ...processing(input),
      ...(data === undefined ? {} : { renders: { [kind]: render(title, data, input.request) } }),
    },
    links: all.flatMap(({ scene: { canonical } }) =>
      canonical === null
        ? []
        : [{ rel: 'derived_from', href: canonical, type: 'application/geo+json' }],
    ),
    assets: Object.fromEntries(
      assets.map((asset) => [
        asset.key,
        {
          ...fileFields(asset),
          ...(asset.grid === null ? {} : gridFields(asset.grid)),
          ...(asset === data
            ? { bands: input.bands.map((band) => describeBand(band, input)) }
            : asset.bands === undefined
              ? {}
              : { bands: asset.bands }),
        },
      ]),
    ),
  }
}

/** From the first moment of any of them to the last. */
function timesOf(scenes: readonly JointItemScene[]): JsonObject {
  const times = scenes.flatMap(({ scene }) =>
    Object.values(acquisitionOf(scene) ?? {}).filter((time) => typeof time === 'string'),
  )
  const sorted = times.toSorted((one, other) => Date.parse(one) - Date.parse(other))
  const [start = null] = sorted
  const end = sorted.at(-1) ?? null
  return start === end
    ? { datetime: start }
    : { datetime: null, start_datetime: start, end_datetime: end }
}

/** What all of them say alike. */
function common(scenes: readonly JointItemScene[]): JsonObject {
  const named = ['platform', 'constellation'].flatMap((name) => {
    const values = new Set(scenes.map(({ inputs }) => sceneOf(inputs)[name]))
    const [only] = values
    return values.size === 1 && typeof only === 'string' ? [[name, only] as const] : []
  })
  return Object.fromEntries(named)
}

/** What of the source's properties is valid STAC. */
function sceneOf({ scene }: JsonObject): JsonObject {
  return isJsonObject(scene) ? scene : {}
}

function describeBand(
  { name, description, statistics }: JointItemBand,
  { grid: { shape } }: JointItemInput,
): JsonObject {
  return {
    name,
    description,
    unit: '1',
    data_type: 'float32',
    nodata: 'nan',
    statistics: bandStatistics(statistics, shape),
    'raster:sampling': 'area',
    'raster:histogram': bandHistogram(statistics),
  }
}

function processing({
  kind,
  lineage,
  expression,
  request,
  scenes,
  sources,
  bands,
  area,
  software,
}: JointItemInput): JsonObject {
  const [name, version] = splitSoftware(software)
  const ofEach = (tell: (scene: JointItemScene) => Json) =>
    Object.fromEntries(Object.entries(scenes).map(([role, scene]) => [role, tell(scene)]))
  const isChecked = Object.values(scenes).every(({ scene }) => isVerified(scene))
  const digests = bands.flatMap(({ name: band, digest }) =>
    digest === null ? [] : [[band, { data_type: 'float32', sha256: digest }] as const],
  )
  return {
    'processing:lineage': lineage,
    ...(expression === undefined
      ? {}
      : { 'processing:expression': { format: 'gdal-calc', expression } }),
    'processing:software': { [name]: version },
    ...(isChecked ? {} : { 'greenprint:trust': 'transport' }),
    'greenprint:kind': kind,
    'greenprint:request': request,
    'greenprint:inputs': ofEach(({ inputs }) => inputs),
    'greenprint:radiometry': ofEach(({ radiometry: { applied, red, nir, reason } }) => ({
      applied,
      red: { ...red },
      nir: { ...nir },
      reason,
    })),
    'greenprint:mask': ofEach(({ mask }) => mask),
    'greenprint:rules': ofEach(({ rules }) => rulesJson(rules)),
    'greenprint:window': ofEach(({ window }) => window),
    ...(sources === null ? {} : { 'greenprint:sources': sources.map((each) => ({ ...each })) }),
    ...(digests.length === 0 ? {} : { 'greenprint:pixels': Object.fromEntries(digests) }),
    'greenprint:area': {
      geometry: roundGeometry(area.geometry),
      covered_percent: area.coveredPercent,
      statistics: Object.fromEntries(
        bands.map(({ name: band, statistics }) => [band, numbersJson(statistics)]),
      ),
    },
  }
}

/** Without reasons: those are told by scene. */
export function bandNumbers(statistics: Statistics): BandNumbers {
  const { invalid: _, clipped_count: __, ...numbers } = statistics
  return numbers
}

function numbersJson(statistics: Statistics): JsonObject {
  const { percentiles, histogram, ...numbers } = bandNumbers(statistics)
  return { ...numbers, percentiles: { ...percentiles }, histogram: { ...histogram } }
}

function render(title: string, data: PublishedAsset, request: JsonObject): JsonObject {
  return {
    title,
    assets: [data.key],
    // Of the bands the first: an option of titiler's.
    bidx: [1],
    ...(Array.isArray(request.rescale) ? { rescale: [request.rescale] } : {}),
    ...(typeof request.colormap_name === 'string' ? { colormap_name: request.colormap_name } : {}),
  }
}
