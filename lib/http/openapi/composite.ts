// POST /composite as its callers see it.

import { compositeSchema } from '../../request/composite-schema.ts'
import * as z from '../../request/zod.ts'
import type { JointReply } from '../joint-reply.ts'
import { acceptedReply } from './accepted.ts'
import { jointParameters, jointReplySchema } from './change.ts'
import type { Operation } from './operation.ts'
import { computingProblems } from './problem-lists.ts'
import { count, sourceSchema } from './published.ts'

export const compositeReplySchema = jointReplySchema
  .extend({
    kind: z.enum(['change', 'composite']).meta({ description: '`composite`' }),
    item: sourceSchema.meta({ description: 'the last scene' }),
    scenes: jointReplySchema.shape.scenes.meta({
      description:
        'by id: of each its `item`, `radiometry`, `mask`, and its `proof` with its own `trust` as in `/ndvi`',
    }),
    sources: z
      .array(
        z.object({ date: z.string(), scenes: z.array(z.string()), pixels: count.exactOptional() }),
      )
      .exactOptional()
      .meta({
        description:
          'each observation with its `date`, its `scenes` and, unless it is a median, how many `pixels` come from it',
      }),
    left_out: z
      .array(z.object({ id: z.string(), reason: z.string() }))
      .exactOptional()
      .meta({ description: 'scenes that were found but not used, each with the `reason`' }),
    statistics: jointReplySchema.shape.statistics.meta({
      description: 'of `ndvi`, as in `/ndvi`: those of the numbers in the GeoTIFF',
    }),
    grid: jointReplySchema.shape.grid.meta({
      description: 'as in `/ndvi`, that of the composed scenes',
    }),
    area: jointReplySchema.shape.area.meta({
      description: '`covered_percent`: how much of the requested area lies on the grid',
    }),
    proof: jointReplySchema.shape.proof.meta({
      description: '`software`, and the least `trust` of all scenes',
    }),
  })
  .meta({ id: 'CompositeReply' })

/** Checked by the compiler: what the handler answers and what is published here are one. */
compositeReplySchema satisfies z.ZodType<JointReply>

export const compositeOperations: readonly Operation[] = [
  {
    method: 'post',
    path: '/composite',
    id: 'composeScenes',
    summary: 'One raster of NDVI of all scenes of a search',
    description:
      'Per pixel the largest value, the latest or the median, and the day that it is of. Publishes whenever the caller may.',
    parameters: jointParameters,
    body: {
      schema: compositeSchema,
      examples: {
        summer: {
          search: { collections: ['landsat-c2l2-sr'], datetime: '2023-06/2023-08' },
          reduce: 'max_ndvi',
          bbox: [-59.93, -3.16, -59.87, -3.1],
        },
      },
    },
    replies: {
      200: {
        description: 'The composite, or its figure',
        content: {
          'application/json': compositeReplySchema,
          'image/png': null,
          'image/webp': null,
        },
        headers: { 'Server-Timing': 'how long each step took' },
      },
      202: acceptedReply,
    },
    problems: computingProblems,
  },
]
