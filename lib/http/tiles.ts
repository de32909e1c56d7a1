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
import { mayPublish, tokenOf } from './auth.ts'
import { callerOf } from './caller.ts'
import { digestOf, IMMUTABLE, isKnown } from './content/headers.ts'
import { LightResponse } from './light/response.ts'
import type { AppEnv } from './observe.ts'
import { readFields } from './query.ts'
import { signTiles, type TileSigner, tileSigner } from './tile-signature.ts'
import {
  describeTiles,
  readTileForm,
  type TileForm,
  type TilePlace,
  tileQuery,
} from './tilejson.ts'
import { withRequestLimit } from './time-limit.ts'
import { isFingerprintNeeded, withMapWays } from './ways.ts'
import { describeWmts, withoutClientFields } from './wmts.ts'

/** Of what may be another scene soon. */
const SOON_AGE = 'max-age=300'
const SOON = `public, ${SOON_AGE}`

export function answerTile(
  c: Context<AppEnv>,
  path: Readonly<Record<string, string | undefined>>,
  services: AppServices,
  config: Config,
): Promise<Response> {
  const { address, form, isNamed } = readTilePath(path, c.req.header('accept'))
  const query = new URL(c.req.url).searchParams
  const source = readSource(query, ['sig'])
  const signed = signedCaller(c, source, query.get('sig'), services, config)
  const isClosed = !config.computesForAnyone && source.kind !== 'result'
  return answerFromSource(c, source, services, config, signed, async (caller, signal) => {
    const map = await findMap(source, services, caller, signal)
    const { z, x, y } = address
    const etag = `"${digestOf([map.id, z, x, y, form.size, form.format])}"`
    const varies = [...(isNamed ? [] : ['Accept']), ...(isClosed ? ['Authorization'] : [])]
    const headers = {
      etag,
      'cache-control': cacheControl(map, signed, isClosed),
      ...(varies.length > 0 ? { vary: varies.join(', ') } : {}),
    }
    if (isKnown(c.req.header('if-none-match') ?? null, etag))
      return new LightResponse(null, { status: 304, headers })
    const bytes = await drawTile(map, address, form, config.maxPixelsSync, signal)
    return new LightResponse(bytes, {
      headers: { ...headers, 'content-type': `image/${form.format}` },
    })
  })
}

/** What a signature or a token opens is kept by nobody else; of a signature, no longer than it is good. */
function cacheControl(
  { isFixed }: Pick<TileMap, 'isFixed'>,
  signed: TileSigner | null,
  isClosed: boolean,
): string {
  if (signed !== null) return `private, max-age=${signed.left}`
  const kept = isFixed ? IMMUTABLE : SOON
  return isClosed ? kept.replace('public', 'private') : kept
}

export function answerTileJson(
  c: Context<AppEnv>,
  services: AppServices,
  config: Config,
): Promise<Response> {
  const { searchParams } = new URL(c.req.url)
  return withDescription(c, searchParams, services, config, (described, headers) =>
    LightResponse.json(describeTiles(...described), { headers }),
  )
}

export function answerWmts(
  c: Context<AppEnv>,
  services: AppServices,
  config: Config,
): Promise<Response> {
  const searchParams = withoutClientFields(new URL(c.req.url).searchParams)
  return withDescription(c, searchParams, services, config, (described, headers) => {
    const body = describeWmts(...described)
    return new LightResponse(body, { headers: { ...headers, 'content-type': 'application/xml' } })
  })
}

type Described = readonly [map: TileMap, extent: MapExtent, form: TileForm, place: TilePlace]

/** Where the tiles of a map are, in one of its forms. */
function withDescription(
  c: Context<AppEnv>,
  searchParams: URLSearchParams,
  services: AppServices,
  config: Config,
  write: (described: Described, headers: Readonly<Record<string, string>>) => Response,
): Promise<Response> {
  const form = readTileForm(searchParams)
  const source = readSource(searchParams, ['tile_format', 'tile_scale'])
  return answerFromSource(c, source, services, config, null, async (caller, signal) => {
    const found = await findMap(source, services, caller, signal)
    const extent = await extentOf(found, config.maxPixelsSync, signal)
    // In the list of layers of a program that is all that can be seen of it.
    const name = extent.trust === 'transport' ? `${found.name}, not verified` : found.name
    const map = { ...found, name }
    const { base, authorization } = callerOf(c, config)
    const query = tileQuery(searchParams, map)
    const token = config.computesForAnyone ? null : tokenOf(authorization, config.tokens)
    if (token === null) {
      return write([map, extent, form, { base, query }], { 'cache-control': SOON })
    }
    query.set('sig', signTiles(readSource(query), token, services.clock.now()))
    const headers = { 'cache-control': `private, ${SOON_AGE}`, vary: 'Authorization' }
    return write([map, extent, form, { base, query }], headers)
  })
}

/**
 * Who signed the address of a tile, for a caller without a token; null where no signature is needed or given.
 *
 * @throws {GreenprintError} `unauthorized` for a signature that is not good
 */
function signedCaller(
  c: Context<AppEnv>,
  source: TileSource,
  signature: string | null,
  services: AppServices,
  config: Config,
): TileSigner | null {
  const { refusal, isForeign } = callerOf(c, config)
  if (refusal === null || isForeign || signature === null) return null
  return tileSigner(signature, source, config.tokens, services.clock.now())
}

/**
 * What reads a scene or a published result for a map. Where nothing is made for the caller: what was published here
 * alone.
 *
 * @param signed whose token stands behind the address; null where none does
 * @throws {GreenprintError} why nothing is read of a scene for the caller, and what `answer` throws
 */
export function answerFromSource(
  c: Context<AppEnv>,
  source: TileSource,
  services: AppServices,
  config: Config,
  signed: TileSigner | null,
  answer: (caller: MapCaller, signal: AbortSignal) => Promise<Response>,
): Promise<Response> {
  const { base, authorization, token, refusal } = callerOf(c, config)
  c.get('findings').token = signed?.name ?? token
  const isRefused = refusal !== null && signed === null
  if (isRefused && source.kind !== 'result') throw refusal
  const isTrusted = signed !== null || mayPublish(authorization, config)
  const caller = { isTrusted, ownOnly: isRefused }
  return withRequestLimit(c.env, services, async (signal) => {
    try {
      return await answer(caller, signal)
    } catch (error) {
      if (!isFingerprintNeeded(error)) throw error
      throw withMapWays(error, c.req.url, source, base)
    }
  })
}

/** @param others parameters that are not the source's */
function readSource(query: URLSearchParams, others: readonly string[] = []): TileSource {
  const own = new URLSearchParams(query)
  for (const name of others) own.delete(name)
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
