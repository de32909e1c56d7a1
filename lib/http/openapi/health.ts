// GET /health as its callers see it.

import * as z from '../../request/zod.ts'
import type { Operation } from './operation.ts'

const healthSchema = z
  .object({
    status: z.enum(['ok', 'differs', 'store_unfit', 'jobs_failed', 'jobs_late']).meta({
      description:
        '`differs`: the sample came out with another CID than it should; `store_unfit`: the bucket takes writes whatever their conditions; `jobs_…`: its job failed, or was not done in time',
    }),
    software: z.string(),
    node: z.string(),
    gateways: z.array(z.string()).meta({ description: 'origins, without paths and keys' }),
    stac_api: z.string(),
    store: z.enum(['disk', 's3']),
    publishers: z.array(z.string()),
    publishing: z.enum(['open', 'by token', 'off']),
    sample: z
      .object({ root: z.string(), expected: z.string() })
      .exactOptional()
      .meta({ description: 'with `deep=1`: the CID that was computed, and the one known' }),
    store_heeds_conditions: z
      .boolean()
      .exactOptional()
      .meta({ description: 'with `deep=1`: whether `If-None-Match` and `If-Match` are heeded' }),
    jobs: z
      .object({
        status: z.enum(['ok', 'failed', 'late']),
        ms: z.int(),
        reason: z.string().exactOptional(),
      })
      .exactOptional()
      .meta({ description: 'with `deep=1`, deployed: the sample as a job of its own' }),
  })
  .meta({ id: 'Health' })

export const healthOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/health',
    id: 'getHealth',
    summary: 'Version and configuration',
    parameters: [
      {
        in: 'query',
        name: 'deep',
        description:
          '`1` computes the sample, once per process, and compares its CID; deployed, a worker does it too',
        schema: z.enum(['1']).optional(),
      },
    ],
    replies: { 200: { description: 'How it is', content: { 'application/json': healthSchema } } },
    problems: [
      'cross_site',
      'content_unavailable',
      'content_unusable',
      'raster_unusable',
      'car_invalid',
      'store_failed',
      'queue_failed',
      'deadline_exceeded',
    ],
  },
]
