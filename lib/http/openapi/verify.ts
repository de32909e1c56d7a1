// POST /verify as its callers see it.

import type { Difference, PublishedDirectory } from '../../model/verification.ts'
import { verifySchema } from '../../request/schema.ts'
import * as z from '../../request/zod.ts'
import type { VerifyReply } from '../reply.ts'
import { acceptedReply } from './accepted.ts'
import { proofSchema } from './ndvi-reply.ts'
import type { Operation } from './operation.ts'
import { orderProblems } from './problem-lists.ts'
import { publishedFields, sourceSchema } from './published.ts'

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

export const verifyReplySchema = z
  .object({
    id: z.string(),
    cached: z.boolean(),
    reproduced: z.boolean().meta({
      description: 'whether every file and every number of the item came out again',
    }),
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
      'Exactly one of `cid` and `item`. What is computed follows from the published item alone, whoever made it; bytes may come from anywhere, for each block is hashed.',
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
