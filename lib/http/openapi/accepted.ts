// The answer that names a job, of whichever route.

import { jobStatuses } from '../../jobs/job.ts'
import * as z from '../../request/zod.ts'
import type { Reply } from './operation.ts'

export const statusSchema = z.enum(jobStatuses)
export const linksSchema = z.array(z.object({ rel: z.string(), href: z.string() }))

const accepted = z
  .object({ id: z.string(), status: statusSchema, links: linksSchema })
  .meta({ id: 'AcceptedJob', description: 'a job that was made, or was there already' })

export const acceptedReply: Reply = {
  description: 'A job was made of it',
  content: { 'application/json': accepted },
  headers: {
    Location: 'address of the job',
    'Preference-Applied': 'respond-async',
    'Retry-After': 'seconds until it is worth looking',
  },
}
