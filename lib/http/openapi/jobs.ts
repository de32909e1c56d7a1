// GET /jobs/{id} as its callers see it.

import { steps } from '../../model/progress.ts'
import * as z from '../../request/zod.ts'
import type { FingerprintReply } from '../fingerprint-reply.ts'
import type { JobReply } from '../jobs.ts'
import type { JointReply } from '../joint-reply.ts'
import type { NdviReply, VerifyReply } from '../reply.ts'
import type { ZonesReply } from '../zones-reply.ts'
import { linksSchema, statusSchema } from './accepted.ts'
import { jointReplySchema } from './change.ts'
import { compositeReplySchema } from './composite.ts'
import { fingerprintReplySchema } from './fingerprint.ts'
import { ndviReplySchema } from './ndvi-reply.ts'
import type { Operation } from './operation.ts'
import { problemSchema } from './problems.ts'
import { zonesReplySchema } from './series.ts'
import { verifyReplySchema } from './verify.ts'

const progress = z.object({
  step: z.enum(steps),
  share: z.number().min(0).max(1).nullable().meta({ description: 'how much of the step is done' }),
  bytes: z.int().min(0).exactOptional().meta({ description: 'read so far' }),
  blocks: z.int().min(0).exactOptional().meta({ description: 'verified so far' }),
  sources: z
    .record(z.string(), z.int().min(0))
    .exactOptional()
    .meta({ description: 'blocks by who served them' }),
})

type Results = NdviReply | FingerprintReply | VerifyReply | ZonesReply | JointReply

const jobSchema: z.ZodType<JobReply<Results>> = z
  .object({
    id: z.string(),
    status: statusSchema.meta({
      description: '`accepted`, `running`, `successful`, `failed`, `dismissed`',
    }),
    progress: progress.nullable().meta({
      description: `while it runs: \`step\` (${steps.map((step) => `\`${step}\``).join(', ')}), its \`share\`, 0 to 1, and what was read so far: \`bytes\`, verified \`blocks\`, \`sources\` by blocks`,
    }),
    created: z.iso.datetime().meta({ description: 'when it was asked for' }),
    updated: z.iso.datetime().meta({ description: 'when it last changed' }),
    result: z
      .union([
        ndviReplySchema,
        fingerprintReplySchema,
        verifyReplySchema,
        zonesReplySchema,
        jointReplySchema,
        compositeReplySchema,
      ])
      .exactOptional()
      .meta({
        description: 'of a success: the whole reply that the request itself would have had',
      }),
    error: problemSchema.exactOptional().meta({ description: 'of a failure: the problem' }),
    links: linksSchema.meta({ description: '`self`, and `result` where there is one' }),
  })
  .meta({ id: 'Job' })

const parameters: Operation['parameters'] = [
  { in: 'path', name: 'id', description: 'as the 202 named it', schema: z.string() },
]
const replies: Operation['replies'] = {
  200: { description: 'The job', content: { 'application/json': jobSchema } },
}
const problems = [
  'invalid_request',
  'unauthorized',
  'publishing_disabled',
  'not_found',
  'store_failed',
  'deadline_exceeded',
] as const

export const jobOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/jobs/{id}',
    id: 'getJob',
    summary: 'What became of a request that was answered later',
    parameters,
    replies,
    problems,
  },
  {
    method: 'delete',
    path: '/jobs/{id}',
    id: 'dismissJob',
    summary: 'Ends a job that nobody else waits for',
    description: 'Its `status` tells whether it was: `dismissed`. What others wait for goes on.',
    parameters,
    replies,
    problems: [...problems, 'cross_site'],
  },
]
