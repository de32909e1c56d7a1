// GET /point as its callers see it.

import type { PointBand, PointResult } from '../../model/point.ts'
import { trusts } from '../../model/scene.ts'
import { pointSchema } from '../../request/point-schema.ts'
import * as z from '../../request/zod.ts'
import { transportSchema } from './ndvi-reply.ts'
import type { Operation } from './operation.ts'
import { readingProblems } from './problem-lists.ts'
import { queryOf } from './query-parameters.ts'
import { mapConflicts, mapExamples } from './tiles.ts'

const trust = z.enum(trusts)

const band: z.ZodType<PointBand> = z
  .object({
    raw: z.number().nullable().meta({ description: 'the number in the file' }),
    reflectance: z.number().nullable().meta({ description: 'raw × scale + offset' }),
    trust,
    cid: z.string().nullable().meta({ description: 'of the file' }),
    transport: transportSchema.exactOptional(),
    leaves: z
      .array(z.string())
      .meta({ description: 'CIDs of the blocks of the file that hold the pixel' }),
  })
  .meta({ id: 'PointBand' })

const pointReply: z.ZodType<PointResult> = z
  .object({
    value: z.number().nullable().meta({ description: 'NDVI; null where the pixel has none' }),
    reason: z.enum(['fill', 'saturation', 'mask', 'denominator']).nullable().meta({
      description: 'why it has none',
    }),
    pixel: z
      .object({ lon: z.number(), lat: z.number(), row: z.int(), col: z.int() })
      .meta({ description: 'that holds the place: its centre, and where it is in the file' }),
    scene: z.string().nullable().meta({ description: 'its id; null of a published result' }),
    bands: z.record(z.string(), band).meta({
      description:
        '`red`, `nir` and, where it is read, `qa`; `ndvi` of a published result, `difference` of a change',
    }),
    trust: trust.meta({ description: 'the least of all bands' }),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'Point' })

export const pointOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/point',
    id: 'getPoint',
    summary: 'NDVI at one place',
    description:
      'Of the full resolution, with the numbers it is made of and the blocks that hold them. Exactly one of `item`, `search` and `root`.',
    parameters: queryOf(pointSchema.shape, mapExamples),
    replies: {
      200: { description: 'The pixel', content: { 'application/json': pointReply } },
    },
    problems: readingProblems,
    conflicts: mapConflicts,
  },
]
