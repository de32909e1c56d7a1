// The tiles of a map as their callers see them.

import type { ErrorCode } from '../../errors.ts'
import { trusts } from '../../model/scene.ts'
import { tileSchema } from '../../request/tile-schema.ts'
import * as z from '../../request/zod.ts'
import type { Operation, Parameter } from './operation.ts'
import { readingProblems } from './problem-lists.ts'
import { queryOf } from './query-parameters.ts'

/** Of the parameters that name a scene for a map. */
export const mapExamples = { item: 'https://example.com/item.json' } as const

const fields = queryOf(tileSchema.shape, mapExamples)

const form: readonly Parameter[] = [
  {
    in: 'query',
    name: 'tile_format',
    description: 'of the tiles whose addresses are answered',
    schema: z.enum(['png', 'webp']).default('png'),
  },
  {
    in: 'query',
    name: 'tile_scale',
    description: '2 for tiles of 512 pixels',
    schema: z.enum(['1', '2']).default('1'),
  },
]

const signature: Parameter = {
  in: 'query',
  name: 'sig',
  description: 'as the addresses have it that a holder of a token was told, instead of the token',
  schema: z.string().optional(),
}

/** What clients of WMTS add to an address by themselves. */
const ofClients: readonly Parameter[] = [
  {
    in: 'query',
    name: 'service',
    description: '`WMTS`, as clients add it',
    schema: z.string().optional(),
  },
  {
    in: 'query',
    name: 'request',
    description: '`GetCapabilities`, likewise',
    schema: z.string().optional(),
  },
  { in: 'query', name: 'version', description: 'likewise', schema: z.string().optional() },
]

const number = z.string().regex(/^\d{1,8}$/)
const path: readonly Parameter[] = [
  { in: 'path', name: 'z', description: 'zoom, 0 to 24', schema: number },
  { in: 'path', name: 'x', description: 'column, from the west', schema: number },
  {
    in: 'path',
    name: 'tile',
    description:
      'row from the north, with what it is answered as: `{y}.png` or `{y}.webp` of 256 pixels, `{y}@2x.png` or `{y}@2x.webp` of 512; without an ending `Accept` decides',
    schema: z.string().regex(/^\d{1,8}(@2x)?(\.(png|webp))?$/),
  },
]

const tileJson = z
  .object({
    tilejson: z.literal('3.0.0'),
    name: z.string().meta({ description: 'id of the scene, or CID of the result' }),
    scheme: z.literal('xyz'),
    tiles: z.array(z.string()).meta({ description: 'addresses with `{z}`, `{x}` and `{y}`' }),
    bounds: z.array(z.number()).meta({ description: 'west, south, east, north' }),
    center: z.array(z.number()).meta({ description: 'longitude, latitude, zoom' }),
    minzoom: z.int().meta({ description: 'one tile for all of it, or the first that may be read' }),
    maxzoom: z.int().meta({ description: 'its own pixels' }),
    trust: z.enum(trusts),
  })
  .meta({ id: 'TileJson' })

export const mapConflicts: readonly ErrorCode[] = ['fingerprint_needed']

export const tileOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/tiles/{z}/{x}/{tile}',
    id: 'getTile',
    summary: 'A tile of a map',
    description:
      'EPSG:3857, WebMercatorQuad. Transparent where there is no value. Exactly one of `item`, `search` and `root`.',
    parameters: [...path, ...fields, signature],
    replies: {
      200: {
        description: 'The picture',
        content: { 'image/png': null, 'image/webp': null },
        headers: { ETag: 'of the pixels', 'Cache-Control': 'how long it may be kept' },
      },
      304: { description: 'The caller has it', headers: { ETag: 'of the pixels' } },
    },
    problems: readingProblems,
    conflicts: mapConflicts,
  },
  {
    method: 'get',
    path: '/tilejson.json',
    id: 'getTileJson',
    summary: 'Where the tiles of a map are, as TileJSON',
    parameters: [...fields, ...form],
    replies: { 200: { description: 'TileJSON 3.0', content: { 'application/json': tileJson } } },
    problems: readingProblems,
    conflicts: mapConflicts,
  },
  {
    method: 'get',
    path: '/WMTSCapabilities.xml',
    id: 'getWmtsCapabilities',
    summary: 'The same as WMTS, for GIS programs',
    parameters: [...fields, ...form, ...ofClients],
    replies: {
      200: { description: 'WMTS 1.0 capabilities, RESTful', content: { 'application/xml': null } },
    },
    problems: readingProblems,
    conflicts: mapConflicts,
  },
]
