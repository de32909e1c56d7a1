// How a request becomes a job, as the doors hand it in.

import type { NdviRequest } from '../model/request.ts'

export interface Submission {
  /** Of the job. */
  readonly id: string
  /** `successful`: the result was known already. */
  readonly status: 'accepted' | 'running' | 'successful' | 'failed'
}

/** Safe to be called again with the same request: there is one job for it. */
export type Submit = (request: NdviRequest, signal: AbortSignal) => Promise<Submission>
