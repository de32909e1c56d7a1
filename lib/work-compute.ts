// The pipeline as a job runs it: a publication that did not come about is a fault, and worth another attempt.

import { GreenprintError } from './errors.ts'
import type { NdviResult } from './model/result.ts'
import { computeNdvi, type Services } from './pipeline.ts'
import { isPublished } from './publish-result.ts'
import type { WorkServices } from './work.ts'

/** @returns what throws all that computeNdvi does, and `publishing_failed`, one detail line per publisher */
export function createJobCompute(services: Services): WorkServices['compute'] {
  return async (request, tell, signal) => {
    const result = await computeNdvi(request, services, { fresh: false, tell }, signal)
    if (request.pin && !isPublished(result, services)) throw unpublished(result)
    return result
  }
}

function unpublished({ publications }: NdviResult): GreenprintError {
  const details = publications
    .filter((publication) => !publication.held)
    .map(({ service, reason }) => `${service}: ${reason ?? 'not held'}`)
  return new GreenprintError(
    'publishing_failed',
    'Too few services hold the result. It is kept here and can be published again.',
    { details },
  )
}
