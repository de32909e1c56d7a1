// What every published item says in the same words: its grid, its files, its rules.

import { type Grid, gridBounds } from '../model/grid.ts'
import type { Json, JsonObject } from '../model/json.ts'
import type { PixelRules } from './lineage.ts'

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
  /** Where its pixels lie; null for a figure, which has more on it than those. */
  readonly grid: Grid | null
  /** Of a raster beside the one that the item is of. */
  readonly bands?: readonly JsonObject[]
}

/** A CRS that has no code. */
export interface ItemDefinition {
  readonly wkt2: string | null
  readonly projjson: JsonObject | null
}

export const extension = (name: string) => `https://stac-extensions.github.io/${name}/schema.json`

export function gridProperties({ crs, transform, shape }: Grid): JsonObject {
  return { 'proj:code': crs, 'proj:shape': shape, 'proj:transform': transform }
}

/** The projection extension asks for one of them where there is no code. */
export function definitionProperties(definition: ItemDefinition | null): JsonObject {
  if (definition === null) return {}
  const { wkt2, projjson } = definition
  return {
    ...(wkt2 === null ? {} : { 'proj:wkt2': wkt2 }),
    ...(projjson === null ? {} : { 'proj:projjson': projjson }),
  }
}

/** A PNG has no georeference of its own, so its bounds stand here. */
export function gridFields(grid: Grid): JsonObject {
  const { 'proj:code': code = null, ...properties } = gridProperties(grid)
  // Without a code, what the item says of the CRS holds for its assets.
  const coded = code === null ? {} : { 'proj:code': code }
  return { ...coded, ...properties, 'proj:bbox': gridBounds(grid) }
}

export function rulesJson({ red, nir, qa, ...rest }: PixelRules): JsonObject {
  return {
    ...rest,
    red: { ...red },
    nir: { ...nir },
    ...(qa === undefined
      ? {}
      : { qa: { ...qa, fields: qa.fields.map((field) => ({ ...field })) } }),
  }
}

export function splitSoftware(software: string): [string, string] {
  const space = software.lastIndexOf(' ')
  return space < 0 ? [software, ''] : [software.slice(0, space), software.slice(space + 1)]
}

export function fileFields(asset: PublishedAsset): JsonObject {
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

/** Seven decimals of a degree, about a centimetre, and never -0. */
export function roundDegrees(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7 + 0
}

export function roundGeometry(geometry: JsonObject): JsonObject {
  return { ...geometry, coordinates: roundPositions(geometry.coordinates ?? []) }
}

function roundPositions(value: Json): Json {
  if (typeof value === 'number') return roundDegrees(value)
  return Array.isArray(value) ? value.map(roundPositions) : value
}
