// GET /tiles, /tilejson.json and /WMTSCapabilities.xml: from the HTTP request to the page of tiles.

import type { Context } from 'hono'
import type { Config } from '../config/config.ts'
import { GreenprintError } from '../errors.ts'
import { MOST_ZOOM, TILE_SIZE } from '../geo/web-mercator.ts'
import type { TileAddress, TileSource } from '../model/tile.ts'
import { readTileSource } from '../request/tile-schema.ts'
import type { AppServices } from '../services.ts'
import type { ImageForm } from '../steps/encode-image.ts'
import type { MapExtent } from '../steps/map-extent.ts'
import { drawTile, extentOf, findMap, type MapCaller, type TileMap } from '../tiles.ts'
import { negotiate } from './accept.ts'
import { mayPublish } from './auth.ts'
import { callerOf } from './caller.ts'
import { digestOf, IMMUTABLE, isKnown } from './content/headers.ts'
import type { AppEnv } from './observe.ts'
import { readFields } from './query.ts'
import {
  describeTiles,
  readTileForm,
  type TileForm,
  type TilePlace,
  tileQuery,
} from './tilejson.ts'
import { withRequestLimit } from './time-limit.ts'
import { isFingerprintNeeded, withMapWays } from './ways.ts'
import { describeWmts } from './wmts.ts'

/** Of what may be another scene soon. */
const SOON = 'public, max-age=300'

export function answerTile(
  c: Context<AppEnv>,
  path: Readonly<Record<string, string | undefined>>,
  services: AppServices,
  config: Config,
): Promise<Response> {
  const { address, form, isNamed } = readTilePath(path, c.req.header('accept'))
  const varies = isNamed ? {} : { vary: 'Accept' }
  return withMap(c, services, config, async (map, signal) => {
    const { z, x, y } = address
    const etag = `"${digestOf([map.id, z, x, y, form.size, form.format])}"`
    const headers = { etag, 'cache-control': map.isFixed ? IMMUTABLE : SOON, ...varies }
    if (isKnown(c.req.header('if-none-match') ?? null, etag))
      return new Response(null, { status: 304, headers })
    const bytes = await drawTile(map, address, form, config.maxPixelsSync, signal)
    return new Response(bytes, { headers: { ...headers, 'content-type': `image/${form.format}` } })
  })
}

export function answerTileJson(
  c: Context<AppEnv>,
  services: AppServices,
  config: Config,
): Promise<Response> {
  return withDescription(c, services, config, (map, extent, form, place) =>
    c.json(describeTiles(map, extent, form, place), 200, { 'cache-control': SOON }),
  )
}

export function answerWmts(
  c: Context<AppEnv>,
  services: AppServices,
  config: Config,
): Promise<Response> {
  return withDescription(
    c,
    services,
    config,
    (map, extent, form, place) =>
      new Response(describeWmts(map, extent, form, place), {
        headers: { 'content-type': 'application/xml', 'cache-control': SOON },
      }),
  )
}

/** Where the tiles of a map are, in one of its forms. */
function withDescription(
  c: Context<AppEnv>,
  services: AppServices,
  config: Config,
  write: (map: TileMap, extent: MapExtent, form: TileForm, place: TilePlace) => Response,
): Promise<Response> {
  const { searchParams } = new URL(c.req.url)
  const form = readTileForm(searchParams)
  return withMap(c, services, config, async (map, signal) => {
    const extent = await extentOf(map, signal)
    const { base } = callerOf(c, config)
    return write(map, extent, form, { base, query: tileQuery(searchParams, map) })
  })
}

/** What the query asks for, found. */
function withMap(
  c: Context<AppEnv>,
  services: AppServices,
  config: Config,
  answer: (map: TileMap, signal: AbortSignal) => Promise<Response>,
): Promise<Response> {
  const source = readSource(new URL(c.req.url).searchParams)
  return answerFromSource(c, source, services, config, async (caller, signal) =>
    answer(await findMap(source, services, caller, signal), signal),
  )
}

/**
 * What reads a scene or a published result for a map. Where nothing is made for the caller: what was published here
 * alone.
 *
 * @throws {GreenprintError} why nothing is read of a scene for the caller, and what `answer` throws
 */
export function answerFromSource(
  c: Context<AppEnv>,
  source: TileSource,
  services: AppServices,
  config: Config,
  answer: (caller: MapCaller, signal: AbortSignal) => Promise<Response>,
): Promise<Response> {
  const { base, authorization, token, refusal } = callerOf(c, config)
  c.get('findings').token = token
  if (refusal !== null && source.kind !== 'result') throw refusal
  const caller = { isTrusted: mayPublish(authorization, config), ownOnly: refusal !== null }
  return withRequestLimit(c.env, services, async (signal) => {
    try {
      return await answer(caller, signal)
    } catch (error) {
      if (!isFingerprintNeeded(error)) throw error
      throw withMapWays(error, c.req.url, source, base)
    }
  })
}

function readSource(query: URLSearchParams): TileSource {
  const own = new URLSearchParams(query)
  for (const name of ['tile_format', 'tile_scale']) own.delete(name)
  return readTileSource(readFields(own))
}

/** @throws {GreenprintError} `not_found` for an address that no tile has */
function readTilePath(
  { z, x, tile }: Readonly<Record<string, string | undefined>>,
  accept: string | undefined,
): {
  readonly address: TileAddress
  readonly form: ImageForm
  /** Whether the address says what it is answered as. */
  readonly isNamed: boolean
} {
  const [, row, twice, named] = /^(\d{1,8})(@2x)?(?:\.(png|webp))?$/.exec(tile ?? '') ?? []
  const isNumber = (text: string | undefined) => /^\d{1,8}$/.test(text ?? '')
  if (isNumber(z) && isNumber(x) && row !== undefined && Number(z) <= MOST_ZOOM) {
    const address = { z: Number(z), x: Number(x), y: Number(row) }
    const most = 2 ** address.z
    if (address.x < most && address.y < most) {
      const size = twice === undefined ? TILE_SIZE : 2 * TILE_SIZE
      const types = ['image/png', 'image/webp'] as const
      const accepted = negotiate(accept, types, 'header') === 'image/webp' ? 'webp' : 'png'
      const format = named === undefined ? accepted : named === 'webp' ? 'webp' : 'png'
      return { address, form: { size, format }, isNamed: named !== undefined }
    }
  }
  throw new GreenprintError(
    'not_found',
    `There is no such tile: it is /tiles/{z}/{x}/{y}.png, with @2x before the dot for ${2 * TILE_SIZE} px and .webp for WebP, or without an ending as Accept says; z up to ${MOST_ZOOM}, x and y from 0 to 2^z - 1.`,
  )
}
