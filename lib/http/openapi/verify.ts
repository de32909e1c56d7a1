// POST /verify as its callers see it.

import type { ReadRange } from '../../model/bytes.ts'
import type { Difference, PublishedDirectory, ReadVerdict } from '../../model/verification.ts'
import { verifySchema } from '../../request/schema.ts'
import * as z from '../../request/zod.ts'
import type { VerifyReply } from '../reply.ts'
import { acceptedReply } from './accepted.ts'
import { proofSchema, transportFields } from './ndvi-reply.ts'
import type { Operation } from './operation.ts'
import { orderProblems } from './problem-lists.ts'
import { count, publishedFields, sourceSchema } from './published.ts'

const difference: z.ZodType<Difference> = z
  .object({
    file: z.string().meta({ description: 'of the published directory; empty for itself' }),
    at: z.string().meta({ description: 'JSON pointer; empty for the whole file, by CID' }),
    published: z.json(),
    recomputed: z.json(),
  })
  .meta({ id: 'Difference' })

const published: z.ZodType<PublishedDirectory> = z.object({
  root: z.string().nullable(),
  files: z.record(z.string(), z.string()),
  item: z.string(),
  software: z.string(),
})

const readRange: z.ZodType<ReadRange> = z.object({
  offset: count,
  length: count,
  sha256: z.string(),
})

const checked = { ...transportFields, cid: z.string(), ranges: count }

const readVerdict: z.ZodType<ReadVerdict> = z
  .discriminatedUnion('status', [
    z.object({ ...checked, status: z.literal('confirmed') }),
    z.object({
      ...checked,
      status: z.literal('refuted'),
      differing: count.meta({ description: 'how many of the ranges the file does not hold' }),
      first: z.array(readRange).meta({ description: 'the first of them' }),
    }),
    z.object({ ...transportFields, status: z.literal('unknown'), reason: z.string() }),
  ])
  .meta({
    id: 'ReadVerdict',
    description:
      'what was read of a version of a file without being checked, held against its fingerprint',
  })

export const verifyReplySchema = z
  .object({
    id: z.string(),
    cached: z.boolean(),
    reproduced: z.boolean().nullable().meta({
      description:
        'whether every file and every number of the item came out again; null of a result by `transport`, which is not computed again',
    }),
    reads: z
      .record(z.string(), readVerdict)
      .exactOptional()
      .meta({ description: 'of a result by `transport`, by band that was read unchecked' }),
    differs: z.array(difference).meta({
      description:
        'the first places where it did not: `file`, `at` (a JSON pointer in it), what was `published` and what was `recomputed`',
    }),
    published: published.meta({
      description: 'what was verified: its `root`, CIDs of its `files`, its `item`, its `software`',
    }),
    item: sourceSchema.meta({ description: 'the scene that it was made of, of several the last' }),
    ...publishedFields,
    proof: proofSchema.meta({ description: 'of the bands as they were read for this' }),
  })
  .meta({ id: 'VerifyReply' })

verifyReplySchema satisfies z.ZodType<VerifyReply>

export const verifyOperations: readonly Operation[] = [
  {
    method: 'post',
    path: '/verify',
    id: 'verify',
    summary: 'A published result, computed again and compared',
    description:
      'Exactly one of `cid` and `item`. What is computed follows from the published item alone, whoever made it; bytes may come from anywhere, for each block is hashed. Of a result by `transport`, the ranges that were read are compared with fingerprints that are known here.',
    parameters: [
      {
        in: 'header',
        name: 'Prefer',
        description: '`respond-async` makes a job of it (with a token)',
        schema: z.string().optional(),
      },
    ],
    body: {
      schema: verifySchema,
      examples: {
        cid: { cid: 'bafybeiarh22x2zwgm4x2taqkammgapvxhf2mbhpv4ym3eim4vvlghukexe' },
        fingerprinted: {
          cid: 'bafybeiarh22x2zwgm4x2taqkammgapvxhf2mbhpv4ym3eim4vvlghukexe',
          copies: { red: ['https://data.example/B04.tif'], nir: ['https://data.example/B08.tif'] },
          outboards: ['https://ndvi.example/fingerprints/bafybeib….car'],
        },
      },
    },
    replies: {
      200: {
        description: 'What came out, and what did not',
        content: { 'application/json': verifyReplySchema },
      },
      202: acceptedReply,
    },
    problems: [
      ...orderProblems,
      'not_found',
      'item_invalid',
      'asset_unusable',
      'content_unusable',
      'login_needed',
      'source_refused',
      'raster_unusable',
      'grids_differ',
      'outside_scene',
      'mask_unavailable',
      'item_unreachable',
      'content_unavailable',
      'source_changed',
    ],
  },
]
