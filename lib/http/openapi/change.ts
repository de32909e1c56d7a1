// POST /change as its callers see it.

import type { BandNumbers, JointKind, JointScene } from '../../model/joint.ts'
import { trusts } from '../../model/scene.ts'
import { changeSchema } from '../../request/change-schema.ts'
import * as z from '../../request/zod.ts'
import type { JointReply } from '../joint-reply.ts'
import { acceptedReply } from './accepted.ts'
import { computingHeaders } from './header-parameters.ts'
import {
  areaSchema,
  gridSchema,
  layerSchema,
  proofSchema,
  radiometrySchema,
  statisticsSchema,
} from './ndvi-reply.ts'
import type { Operation, Parameter } from './operation.ts'
import { computingProblems } from './problem-lists.ts'
import { publishedFields, sourceSchema } from './published.ts'

const numbers: z.ZodType<BandNumbers> = statisticsSchema
  .omit({ invalid: true, clipped_count: true })
  .meta({ id: 'BandNumbers', description: 'of the pixels that all scenes have a value of' })

const scene: z.ZodType<JointScene> = z
  .object({
    item: sourceSchema,
    radiometry: radiometrySchema,
    mask: z.array(z.string()),
    pixels: statisticsSchema
      .pick({
        valid_count: true,
        total_count: true,
        valid_percent: true,
        invalid: true,
        clipped_count: true,
      })
      .exactOptional()
      .meta({ description: 'of the scene by itself, whatever the other has there' }),
    proof: proofSchema.omit({ software: true }),
  })
  .meta({ id: 'JointScene' })

const kinds = ['change', 'composite'] as const satisfies readonly JointKind[]

export const jointReplySchema = z
  .object({
    id: z
      .string()
      .meta({ description: 'of the result: the SHA-256 of everything that decides its bytes' }),
    cached: z.boolean().meta({ description: 'whether it was known already' }),
    kind: z.enum(kinds).meta({ description: '`change`' }),
    item: sourceSchema.meta({ description: 'the later scene' }),
    scenes: z.record(z.string(), scene).meta({
      description:
        '`before` and `after`: of each its `item`, `radiometry`, `mask`, how many `pixels` have a value and why the others have none, and its `proof` as in `/ndvi`',
    }),
    statistics: z.record(z.string(), numbers).meta({
      description:
        'of `difference`, `before` and `after`, as in `/ndvi`, over the pixels that have a value in both scenes; the histogram of the difference has 40 bins on [-2, 2]',
    }),
    grid: gridSchema.meta({ description: 'as in `/ndvi`, of the ground that both scenes cover' }),
    layer: layerSchema.exactOptional().meta({ description: 'as in `/ndvi`' }),
    area: areaSchema.meta({
      description: '`covered_percent`: how much of the requested area lies on both scenes',
    }),
    ...publishedFields,
    proof: z.object({ software: z.string(), trust: z.enum(trusts) }).meta({
      description: '`software`, and the least `trust` of both scenes',
    }),
  })
  .meta({ id: 'ChangeReply' })

/** Checked by the compiler: what the handler answers and what is published here are one. */
jointReplySchema satisfies z.ZodType<JointReply>

export const jointParameters: readonly Parameter[] = [
  {
    in: 'query',
    name: 'f',
    description:
      '`png` or `webp` answers the figure itself, or the layer where the outputs name that alone',
    schema: z.enum(['json', 'png', 'webp']).default('json'),
  },
  ...computingHeaders,
]

export const changeOperations: readonly Operation[] = [
  {
    method: 'post',
    path: '/change',
    id: 'computeChange',
    summary: 'How NDVI changed from one scene to another',
    description: 'Of two scenes on one grid. Publishes whenever the caller may.',
    parameters: jointParameters,
    body: {
      schema: changeSchema,
      examples: {
        search: {
          search: { collections: ['landsat-c2l2-sr'] },
          before: { search: { datetime: '2022-07' } },
          after: { search: { datetime: '2023-07' } },
          bbox: [-59.93, -3.16, -59.87, -3.1],
        },
        items: {
          before: { item: 'ipfs://bafy…/item.json' },
          after: { item: 'ipfs://bafy…/item.json' },
          max_size: 512,
        },
      },
    },
    replies: {
      200: {
        description: 'The change, or its figure',
        content: { 'application/json': jointReplySchema, 'image/png': null, 'image/webp': null },
        headers: { 'Server-Timing': 'how long each step took' },
      },
      202: acceptedReply,
    },
    problems: computingProblems,
  },
]
