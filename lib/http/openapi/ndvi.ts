// POST and GET /ndvi as their callers see them.

import { ndviSchema } from '../../request/schema.ts'
import * as z from '../../request/zod.ts'
import { acceptedReply } from './accepted.ts'
import { computingHeaders } from './header-parameters.ts'
import { ndviReplySchema, statisticsReplySchema } from './ndvi-reply.ts'
import type { Operation, Parameter, Reply } from './operation.ts'
import { computingProblems } from './problem-lists.ts'
import { queryOf } from './query-parameters.ts'

const search = { collections: ['landsat-c2l2-sr'] }
const bbox = [-59.93, -3.16, -59.87, -3.1]

const fields = queryOf(ndviSchema.shape, { search, bbox })

const format: Parameter = {
  in: 'query',
  name: 'f',
  description:
    '`png` answers the figure itself, as `Accept: image/png` does, or the layer where the outputs name that alone; `webp` the same pixels as WebP, never published',
  schema: z.enum(['json', 'png', 'webp']).default('json'),
}

const replies: Readonly<Record<number, Reply>> = {
  200: {
    description: 'The result, or its picture',
    content: {
      'application/json': z.union([ndviReplySchema, statisticsReplySchema]),
      'image/png': null,
      'image/webp': null,
    },
    headers: { 'Server-Timing': 'how long each step took' },
  },
  202: acceptedReply,
}

export const ndviOperations: readonly Operation[] = [
  {
    method: 'post',
    path: '/ndvi',
    id: 'computeNdvi',
    summary: 'NDVI of one scene',
    description: 'Exactly one of `item` and `search`. Publishes whenever the caller may.',
    parameters: [format, ...computingHeaders],
    body: {
      schema: ndviSchema,
      examples: {
        search: { search, bbox },
        item: { item: 'ipfs://bafy…/item.json', mask: ['clouds'], max_size: 512 },
      },
    },
    replies,
    problems: computingProblems,
  },
  {
    method: 'get',
    path: '/ndvi',
    id: 'getNdvi',
    summary: 'NDVI of one scene, by a link',
    description: 'The same names in the query. Publishes only with `pin=true`.',
    parameters: [...fields, format, ...computingHeaders],
    replies,
    problems: computingProblems,
  },
]
