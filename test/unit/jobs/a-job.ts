// A job for tests, and the moment at which it was made.

import { type Job, newJob } from '../../../lib/jobs/job.ts'
import type { NdviOrder } from '../../../lib/model/request.ts'
import { plainRequest } from '../../harness/requests.ts'

export const NOW = Date.UTC(2026, 8, 26, 12)
export const ID = 'ab'.repeat(32)

export const order: NdviOrder = {
  request: { item: { type: 'Feature', id: 'scene', assets: {} }, ...plainRequest },
  pin: false,
  resolved: { href: null, chosen: 'The item was given in the request.' },
}

export function aJob(changes: Partial<Job> = {}): Job {
  return { ...newJob(ID, order, false, NOW), ...changes }
}
