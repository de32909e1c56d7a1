// The TileJSON of a map: https://github.com/mapbox/tilejson-spec/tree/master/3.0.0

import { GreenprintError } from '../errors.ts'
import type { MapExtent } from '../steps/map-extent.ts'
import type { TileMap } from '../tiles.ts'

/** How the tiles are asked for that a description leads to. */
export interface TileForm {
  readonly format: 'png' | 'webp'
  /** 2 = twice as many pixels along a side. */
  readonly scale: 1 | 2
}

/** Where the tiles are. */
export interface TilePlace {
  /** Address of this deployment, without a trailing slash. */
  readonly base: string
  /** What each tile is asked with. */
  readonly query: URLSearchParams
}

export interface TileJson {
  readonly tilejson: '3.0.0'
  readonly name: string
  readonly scheme: 'xyz'
  readonly tiles: readonly string[]
  readonly bounds: readonly number[]
  readonly center: readonly number[]
  readonly minzoom: number
  readonly maxzoom: number
  readonly trust: string
}

/** @throws {GreenprintError} `invalid_request` */
export function readTileForm(query: URLSearchParams): TileForm {
  const format = query.get('tile_format') ?? 'png'
  const scale = query.get('tile_scale') ?? '1'
  if (format !== 'png' && format !== 'webp')
    throw new GreenprintError('invalid_request', 'tile_format must be png or webp.')
  if (scale !== '1' && scale !== '2')
    throw new GreenprintError('invalid_request', 'tile_scale must be 1 or 2.')
  return { format, scale: scale === '2' ? 2 : 1 }
}

/** The same query for each tile, which looks for no scene: two of them might find two. */
export function tileQuery(
  asked: URLSearchParams,
  { again }: Pick<TileMap, 'again'>,
): URLSearchParams {
  const query = new URLSearchParams(asked)
  for (const name of ['tile_format', 'tile_scale']) query.delete(name)
  if (again === null) return query
  query.delete('search')
  for (const [name, text] of Object.entries(again)) query.set(name, text)
  return query
}

/** @param column a template's name for the column, `{x}` for instance */
export function tileTemplate(
  { format, scale }: TileForm,
  { base, query }: TilePlace,
  [zoom, column, row]: readonly [string, string, string],
): string {
  const text = query.toString()
  const size = scale === 2 ? '@2x' : ''
  return `${base}/tiles/${zoom}/${column}/${row}${size}.${format}${text === '' ? '' : `?${text}`}`
}

export function describeTiles(
  { name }: Pick<TileMap, 'name'>,
  { bounds, minZoom, maxZoom, trust }: MapExtent,
  form: TileForm,
  place: TilePlace,
): TileJson {
  const [west, south, east, north] = bounds
  const crosses = east < west
  const middle = (west + (crosses ? east + 360 : east)) / 2
  return {
    tilejson: '3.0.0',
    name,
    scheme: 'xyz',
    tiles: [tileTemplate(form, place, ['{z}', '{x}', '{y}'])],
    // Readers take bounds for a plain box: one that crosses the antimeridian goes all around.
    bounds: crosses ? [-180, south, 180, north] : [west, south, east, north],
    center: [middle > 180 ? middle - 360 : middle, (south + north) / 2, minZoom],
    minzoom: minZoom,
    maxzoom: maxZoom,
    trust,
  }
}
