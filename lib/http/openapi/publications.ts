// GET /publications/{root} and POST /publications/{root}/checks as their callers see them.

import * as z from '../../request/zod.ts'
import type { PublicationReply } from '../publications.ts'
import type { Operation, Parameter, Reply } from './operation.ts'
import { publicationSchema } from './published.ts'

const ROOT = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi'

const root: Parameter = {
  in: 'path',
  name: 'root',
  description: 'CID of a published directory',
  schema: z.string(),
  example: ROOT,
}

const retrieval = { operator: z.string(), at: z.iso.datetime() }

const schema: z.ZodType<PublicationReply> = z
  .object({
    root: z.string(),
    publications: z.array(publicationSchema),
    retrievable: z.array(z.object(retrieval)).meta({
      description: 'operators whose gateways gave out the root and a leaf of each file, and when',
    }),
    missing: z.array(z.object({ ...retrieval, reason: z.string() })).meta({
      description: 'operators who did not when they were asked last, and why',
    }),
  })
  .meta({ id: 'PublicationRecord' })

const example: PublicationReply = {
  root: ROOT,
  publications: [{ service: 'kubo', status: 'held', cid: ROOT }],
  retrievable: [{ operator: 'gateway.example.org', at: '2026-11-26T10:31:15.500Z' }],
  missing: [],
}

const replies: Readonly<Record<number, Reply>> = {
  200: {
    description: 'What is known of it',
    content: { 'application/json': schema },
    example,
  },
}

export const publicationOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/publications/{root}',
    id: 'getPublication',
    summary: 'Who holds a published result, and from whom it could be retrieved',
    parameters: [root],
    replies,
    problems: ['invalid_request', 'not_found', 'store_failed', 'deadline_exceeded'],
  },
  {
    method: 'post',
    path: '/publications/{root}/checks',
    id: 'checkPublication',
    summary: 'Asks the gateways of other operators now',
    parameters: [root],
    replies,
    problems: [
      'invalid_request',
      'unauthorized',
      'publishing_disabled',
      'not_found',
      'store_failed',
      'deadline_exceeded',
    ],
  },
]
