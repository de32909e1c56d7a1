// POST and GET /ndvi as their callers see them.

import type { ErrorCode } from '../../errors.ts'
import { ndviSchema } from '../../request/schema.ts'
import { z } from '../../request/zod.ts'
import { acceptedReply } from './accepted.ts'
import { ndviReplySchema, statisticsReplySchema } from './ndvi-reply.ts'
import type { Operation, Parameter, Reply } from './operation.ts'

const search = { collections: ['landsat-c2l2-sr'] }
const bbox = [-59.93, -3.16, -59.87, -3.1]

/** How each field is written in a query; what is not here is plain text. */
export const written: Readonly<Record<string, Parameter['written']>> = {
  item: 'json',
  search: 'json',
  assets: 'json',
  geometry: 'json',
  bbox: 'list',
  mask: 'list',
  rescale: 'list',
  outputs: 'list',
}

const fields = Object.entries(ndviSchema.shape).map(([name, schema]): Parameter => {
  const how = written[name]
  return {
    in: 'query',
    name,
    description: schema.description ?? '',
    schema,
    ...(how === undefined ? {} : { written: how }),
    ...(name === 'search' ? { example: search } : {}),
    ...(name === 'bbox' ? { example: bbox } : {}),
  }
})

const format: Parameter = {
  in: 'query',
  name: 'f',
  description: '`png` answers the figure itself, as `Accept: image/png` does',
  schema: z.enum(['json', 'png']).default('json'),
}

const headers: readonly Parameter[] = [
  {
    in: 'header',
    name: 'Prefer',
    description: '`respond-async` makes a job of the request',
    schema: z.string().optional(),
  },
  {
    in: 'header',
    name: 'Cache-Control',
    description: '`no-cache` computes a known result anew',
    schema: z.string().optional(),
  },
]

const replies: Readonly<Record<number, Reply>> = {
  200: {
    description: 'The result, or its figure',
    content: {
      'application/json': z.union([ndviReplySchema, statisticsReplySchema]),
      'image/png': null,
    },
    headers: { 'Server-Timing': 'how long each step took' },
  },
  202: acceptedReply,
}

const problems: readonly ErrorCode[] = [
  'invalid_request',
  'cross_site',
  'host_refused',
  'unauthorized',
  'publishing_disabled',
  'fingerprint_needed',
  'not_found',
  'scene_not_found',
  'too_large',
  'item_invalid',
  'asset_missing',
  'asset_unusable',
  'content_unusable',
  'checksum_mismatch',
  'login_needed',
  'raster_unusable',
  'grids_differ',
  'outside_scene',
  'radiometry_unknown',
  'mask_unavailable',
  'invalid_configuration',
  'car_invalid',
  'store_failed',
  'queue_failed',
  'item_unreachable',
  'search_failed',
  'content_unavailable',
  'source_changed',
  'publishing_failed',
  'deadline_exceeded',
]

export const ndviOperations: readonly Operation[] = [
  {
    method: 'post',
    path: '/ndvi',
    id: 'computeNdvi',
    summary: 'NDVI of one scene',
    description: 'Exactly one of `item` and `search`. Publishes whenever the caller may.',
    parameters: [format, ...headers],
    body: {
      schema: ndviSchema,
      examples: {
        search: { search, bbox },
        item: { item: 'ipfs://bafy…/item.json', mask: ['clouds'], max_size: 512 },
      },
    },
    replies,
    problems,
  },
  {
    method: 'get',
    path: '/ndvi',
    id: 'getNdvi',
    summary: 'NDVI of one scene, by a link',
    description: 'The same names in the query. Publishes only with `pin=true`.',
    parameters: [...fields, format, ...headers],
    replies,
    problems,
  },
]
