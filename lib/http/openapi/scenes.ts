// GET and POST /scenes as their callers see them.

import { readablePlaces } from '../../model/scene-list.ts'
import { scenesSchema } from '../../request/schema.ts'
import * as z from '../../request/zod.ts'
import type { ScenesReply } from '../scenes.ts'
import type { Operation } from './operation.ts'
import { count } from './published.ts'
import { queryOf } from './query-parameters.ts'

const examples = { bbox: [-59.93, -3.16, -59.87, -3.1] }
const parameters = queryOf(scenesSchema.shape, examples, { fields: 'json' })

const band = z
  .object({
    asset: z.string().nullable(),
    from: z.enum(readablePlaces).meta({
      description:
        'the best that is known: `cid` of the item, a `fingerprint` here, a `plain` copy whose host answers, `login_needed`, or `none`',
    }),
    cid: z.string().nullable(),
    href: z.string().nullable().meta({ description: 'of its first plain copy' }),
    size: count.nullable().meta({ description: 'bytes' }),
    reason: z.string().exactOptional(),
  })
  .meta({ id: 'ReadableBand' })

const scene = z
  .object({
    id: z.string(),
    collection: z.string().nullable(),
    datetime: z.string().nullable(),
    cloud_cover: z.number().nullable().meta({ description: 'percent' }),
    coverage: z.number().min(0).max(1).nullable().meta({
      description: 'share of the asked area that the footprint of its data covers',
    }),
    bbox: z.array(z.number()).nullable(),
    geometry: z.record(z.string(), z.json()).nullable(),
    href: z.string().nullable().meta({ description: 'of the item' }),
    bands: z.object({ red: band, nir: band, qa: band }),
    request: z
      .object({
        search: z.record(z.string(), z.json()),
        assets: z.record(z.string(), z.string()).exactOptional(),
      })
      .meta({ description: 'finds this scene again, with the same bands: for `POST /ndvi`' }),
  })
  .meta({ id: 'ListedScene' })

const scenesReplySchema = z
  .object({
    api: z.string().meta({ description: 'where the search was asked' }),
    matched: count.nullable().meta({ description: 'how many match there, where it says so' }),
    compared: count.meta({ description: 'how many were looked at, and put in order' }),
    page: count,
    more: z.boolean(),
    scenes: z.array(scene),
    warnings: z.array(z.string()),
    links: z.array(
      z.object({
        rel: z.enum(['next', 'prev']),
        href: z.string(),
        method: z.literal('POST').exactOptional(),
        body: z.record(z.string(), z.json()).exactOptional(),
      }),
    ),
  })
  .meta({ id: 'ScenesReply' })

/** What is answered is told. */
export type ToldScenes = ScenesReply extends z.input<typeof scenesReplySchema> ? true : never

const listing = {
  replies: {
    200: {
      description: 'A page of scenes',
      content: { 'application/json': scenesReplySchema },
    },
  },
  problems: [
    'invalid_request',
    'cross_site',
    'unauthorized',
    'publishing_disabled',
    'host_refused',
    'too_large',
    'store_failed',
    'search_failed',
    'deadline_exceeded',
  ],
} as const satisfies Partial<Operation>

export const sceneOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/scenes',
    id: 'listScenes',
    summary: 'The scenes of a search, and where each can be read from',
    description:
      'The names of a STAC API item search in the query. The best scene comes first: the one that `/ndvi` takes for the same search. Nothing is computed.',
    parameters,
    ...listing,
  },
  {
    method: 'post',
    path: '/scenes',
    id: 'listScenesOfArea',
    summary: 'The same, of a search in the body',
    description: 'For areas whose outline is longer than an address may be.',
    body: { schema: scenesSchema, examples: { box: examples } },
    ...listing,
  },
]
