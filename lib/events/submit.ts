// How a request becomes a job, as the doors hand it in.

import type { NdviRequest } from '../model/request.ts'
import type { Submission } from '../submit.ts'

/** Safe to be called again with the same request: there is one job for it. */
export type Submit = (request: NdviRequest, signal: AbortSignal) => Promise<Submission>
