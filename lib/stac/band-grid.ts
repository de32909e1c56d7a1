// What an item says of the grid of an asset's file: its resolution, and where its pixels lie.

import { canonicalJson } from '../ipld/canonical-json.ts'
import type { Transform } from '../model/grid.ts'
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'
import type { BandAsset, ItemGeoreference } from '../model/scene.ts'
import { bandFields } from './asset-bands.ts'
import type { Item, ItemAsset } from './item.ts'

/** Whether the metadata of both assets tells their pixel size or shape, and tells it differently. */
export function gridsDiffer(a: ItemAsset, b: ItemAsset): boolean {
  return [shape, resolution].some((read) => {
    const [left, right] = [read(a), read(b)]
    return left !== undefined && right !== undefined && left !== right
  })
}

function shape({ fields }: ItemAsset): string | undefined {
  return fields['proj:shape'] === undefined ? undefined : JSON.stringify(fields['proj:shape'])
}

function resolution({ fields, bands }: ItemAsset): unknown {
  const { common, eo, raster } = bandFields(bands, 1)
  return (
    raster.spatial_resolution ??
    common['raster:spatial_resolution'] ??
    fields['raster:spatial_resolution'] ??
    fields.gsd ??
    eo.gsd
  )
}

/** Ground sample distance in metres: of the band, its asset or the whole item; null where none tells it. */
export function gsdOf({ properties }: Item, { fields, bands }: ItemAsset, band: BandAsset['band']) {
  const { common, eo } = bandFields(bands, band)
  const told = [common.gsd, eo.gsd, fields.gsd, properties.gsd, properties['eo:gsd']]
  return told.find((value): value is number => typeof value === 'number' && value > 0) ?? null
}

/** `proj:*` of the asset, each field else of the item; undefined where neither tells anything. */
export function georeferenceOf(
  { properties }: Item,
  { fields }: ItemAsset,
): ItemGeoreference | undefined {
  const found = {
    crs: readCrs(fields) ?? readCrs(properties),
    transform: readTransform(fields) ?? readTransform(properties),
    shape: readShape(fields) ?? readShape(properties),
  }
  return Object.values(found).every((value) => value === null) ? undefined : found
}

/** `proj:code` since projection 2.0, `proj:epsg` before; a definition where there is no code. */
function readCrs(from: JsonObject): string | null {
  const { 'proj:wkt2': wkt, 'proj:projjson': json } = from
  const code = readCode(from['proj:code']) ?? readCode(from['proj:epsg'])
  if (code !== null) return code
  if (typeof wkt === 'string' && wkt !== '') return wkt
  return isJsonObject(json) ? canonicalJson(json) : null
}

/** `EPSG:32631`, or its number in either field. Tools write `EPSG:None` where there is no code. */
function readCode(value: Json | undefined): string | null {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : ''
  if (/^\d+$/.test(text)) return `EPSG:${text}`
  return /^(?:EPSG:\d+|(?!EPSG:)[A-Z]+:\w+)$/i.test(text) ? text.toUpperCase() : null
}

/** Six numbers, or nine: the last row of a matrix is always 0 0 1. */
function readTransform(from: JsonObject): Transform | null {
  const numbers = numbersIn(from['proj:transform'])
  const [a, b, c, d, e, f] = numbers
  if (numbers.length !== 6 && numbers.length !== 9) return null
  return [a ?? 0, b ?? 0, c ?? 0, d ?? 0, e ?? 0, f ?? 0]
}

function readShape(from: JsonObject): readonly [number, number] | null {
  const [rows, cols, ...more] = numbersIn(from['proj:shape'])
  return rows === undefined || cols === undefined || more.length > 0 ? null : [rows, cols]
}

function numbersIn(value: Json | undefined): number[] {
  if (!Array.isArray(value)) return []
  const numbers = value.filter((each): each is number => typeof each === 'number')
  return numbers.length === value.length ? numbers : []
}
