// GET /results/{root}/sources.json as its callers see it.

import * as z from '../../request/zod.ts'
import type { SourcesReply } from '../results.ts'
import type { Operation } from './operation.ts'
import { count } from './published.ts'

const band = z.object({
  asset: z.string(),
  cid: z.string(),
  path: z.string(),
  size: count,
  copies: z.array(z.string()).meta({ description: 'without what signs them' }),
  outboard: z.string().nullable().meta({ description: 'of its DAG without leaves, a CAR' }),
})

const sources: z.ZodType<SourcesReply> = z
  .object({
    root: z.string(),
    bands: z.record(z.string(), band),
    verify: z
      .object({
        cid: z.string(),
        copies: z.record(z.string(), z.array(z.string())),
        outboards: z.array(z.string()),
      })
      .meta({ description: 'a body for `POST /verify`, of any deployment' }),
  })
  .meta({ id: 'ResultSources' })

export const resultOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/results/{root}/sources.json',
    id: 'getResultSources',
    summary: 'Where the bands of a result can be read',
    description: 'As it was known when the result was made; nothing of it is covered by a CID.',
    parameters: [
      { in: 'path', name: 'root', description: 'of a result made here', schema: z.string() },
    ],
    replies: { 200: { description: 'Its sources', content: { 'application/json': sources } } },
    problems: ['not_found', 'store_failed', 'deadline_exceeded'],
  },
]
